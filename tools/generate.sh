#!/bin/sh
# Makes what the code needs (the Prisma client, the dashboard's files), quietly: only a failure is shown. Nothing happens when it is up to date.
mkdir -p .turbo
turbo run generate @private-connect/ui#build --output-logs=errors-only >.turbo/generate.log 2>&1 || {
  cat .turbo/generate.log >&2
  exit 1
}
