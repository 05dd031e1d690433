#!/bin/sh
# SPDX-License-Identifier: MIT
# segments.sh FILE: no loaded segment is both writable and executable, the stack is not executable, and nothing
# is relocated in read-only text.
set -eu
readelf -lW "$1" | awk '
$1 == "LOAD" || $1 == "GNU_STACK" || $1 == "GNU_RELRO" {
    flags = ""
    for (i = 7; i < NF; i++)
        flags = flags $i
    if (flags ~ /W/ && flags ~ /E/) { print "writable and executable: " $0; bad = 1 }
    if ($1 == "GNU_STACK") { stack = 1; if (flags ~ /E/) { print "executable stack: " $0; bad = 1 } }
}
END {
    if (!stack) { print "no GNU_STACK header: the stack would be executable"; bad = 1 }
    exit bad
}'
if readelf -dW "$1" | grep -q TEXTREL; then
    echo "relocations in the text segment"
    exit 1
fi
