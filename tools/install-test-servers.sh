#!/usr/bin/env bash
# Brings the programs that tests talk to: Debian's Chromium, PostgreSQL 15, MariaDB, nginx, haproxy and faketime, openssl, and a real
# Electron with a virtual screen. Does nothing twice. Without root and sudo it says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A program_of=(
  [chromium]=/usr/bin/chromium
  [postgresql-15]=/usr/lib/postgresql/15/bin/postgres
  [mariadb-server-core]=/usr/sbin/mariadbd
  [openssl]=/usr/bin/openssl
  [curl]=/usr/bin/curl
  [nginx]=/usr/sbin/nginx
  [haproxy]=/usr/sbin/haproxy
  [redis-server]=/usr/bin/redis-server
  [faketime]=/usr/bin/faketime
  [slowhttptest]=/usr/bin/slowhttptest
  [libnss3-tools]=/usr/bin/certutil
)
missing=()
for package in "${!program_of[@]}"; do
  [[ -x ${program_of[$package]} ]] || missing+=("$package")
done

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }

if ((${#missing[@]} > 0)); then
  echo "Installing ${missing[*]} for the tests"
  if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    echo "The tests need these Debian packages: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  # A server that Debian starts by itself would stay behind; the tests start their own.
  as_root mkdir -p /etc/postgresql-common
  [[ -e /etc/postgresql-common/createcluster.conf ]] ||
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

tools/electron/install >/dev/null
