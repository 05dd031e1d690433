#!/bin/sh
# SPDX-License-Identifier: MIT
# Conditions on the CPU, the system or the Objective-C runtime live in src/abi and src/runtime only.
set -eu
if grep -rnE '^[ 	]*#[ 	]*(if|ifdef|ifndef|elif)\b.*(__x86_64|__amd64|__i386|__aarch64|__arm|__riscv|__linux|__APPLE__|__GLIBC|_WIN32|__GNU_LIBOBJC|__GNUSTEP|GNUSTEP|__OBJC2__|__NEXT_RUNTIME__|__LIBOBJC)' \
    src include | grep -vE '^src/(abi|runtime)/'; then
    echo "a port adds files in src/abi or src/runtime; nothing else asks where it runs"
    exit 1
fi
