#!/bin/sh
# Runs a command in a network of its own, so that the ports of other programs on this machine are in no picture and no measurement.
# Only root can; for others it runs the command as it is.
if [ "$(id -u)" != 0 ]; then exec "$@"; fi
exec unshare --net sh -c 'ip link set lo up && exec "$@"' alone "$@"
