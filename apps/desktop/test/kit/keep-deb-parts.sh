#!/bin/sh
# Called in fpm's place: keeps the desktop entry beside the package that was asked for, and makes that package an empty file.
while [ $# -gt 0 ]; do
  case $1 in
    --package) package=$2 ;;
    *.desktop=*) entry=${1%%=*} ;;
  esac
  shift
done
if [ -n "${package:-}" ]; then
  : > "$package"
  cp "$entry" "$(dirname "$package")/entry.desktop"
fi
