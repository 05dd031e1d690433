#!/bin/sh
# SPDX-License-Identifier: MIT
# symbols.sh LIBRARY LIST: what the library exports is exactly the committed list.
set -eu
out=$(mktemp)
trap 'rm -f "$out"' EXIT
nm -D --defined-only --format=posix "$1" | awk '{ sub(/@.*/, "", $1); print $1 }' | LC_ALL=C sort >"$out"
if ! diff -u "$2" "$out"; then
    echo "the exports of $(basename "$1") changed; if that is meant, write the new list (the lines with +) into $2"
    exit 1
fi
