#!/bin/sh
# SPDX-License-Identifier: MIT
# Conditions on the CPU, the system or the Objective-C runtime live in src/abi and src/runtime only: seams.sh [--self-test]
#
# Every form of a condition counts: with blanks around the #, over several lines, behind a comment, #elifdef.
set -eu
cpus='x86|amd64|i[3-6]86|aarch64|arm|ARM|riscv|powerpc|PPC|ppc|mips|s390|sparc|loongarch|ia64|alpha|LP64|ILP32|CHAR_UNSIGNED|BYTE_ORDER|SIZEOF_|AVX|SSE'
systems='linux|gnu_linux|APPLE|GLIBC|ANDROID|FreeBSD|OpenBSD|NetBSD|MACH|unix'
runtimes='GNU_LIBOBJC|GNUSTEP|GNU_RUNTIME|OBJC2|NEXT_RUNTIME|LIBOBJC|OBJC_GNUSTEP|OBJC_RUNTIME'
names="__?($cpus|$systems|$runtimes)|_WIN(32|64)|GNUSTEP|OBJC2|_M_(X64|IX86|ARM)|TARGET_OS_|MEND_ABI_|__has_include"

# FILE:LINE:CONDITION of each condition on one of the names, in the files given.
conditions()
{
    awk -v names="$names" '
        FNR == 1 { text = ""; comment = 0 }
        {
            if (text == "") start = FNR
            text = text $0
            if (sub(/\\$/, "", text)) next
            while (1) { # comments count as a blank
                if (comment) {
                    if (!(end = index(text, "*/"))) { text = ""; break }
                    text = substr(text, end + 2)
                    comment = 0
                }
                if (!(at = index(text, "/*"))) break
                rest = substr(text, at + 2)
                if ((end = index(rest, "*/"))) text = substr(text, 1, at - 1) " " substr(rest, end + 2)
                else { text = substr(text, 1, at - 1); comment = 1; break }
            }
            if (text ~ /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef)[^a-z]/ && text ~ names)
                print FILENAME ":" start ":" text
            text = ""
        }' "$@"
}

if [ "${1:-}" = --self-test ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cat >"$work/wrong.c" <<'END'
#if defined(__x86_64__)
 # ifdef __aarch64__
#elif 1 && \
    defined(__APPLE__)
/* a comment */ #ifndef __riscv
#elifdef __GNU_LIBOBJC__
#if __has_include(<objc/hooks.h>)
#if !defined __linux__ /* spread
over lines */
#ifdef MEND_ABI_LIBFFI
END
    cat >"$work/right.c" <<'END'
/* #if defined(__x86_64__)
#ifdef __aarch64__ */
#ifdef MN_FAULTS
#if defined(__SANITIZE_THREAD__)
#define linux 1
int x; /* __APPLE__ */
#ifndef MN_SEAMS_H
END
    if [ "$(conditions "$work/wrong.c" | wc -l)" != 8 ] || [ -n "$(conditions "$work/right.c")" ]; then
        echo "found of 8 that are wrong:"
        conditions "$work/wrong.c"
        echo "found of those that are right:"
        conditions "$work/right.c"
        exit 1
    fi
    exit 0
fi

found=$(conditions $(find src include -type f | grep -vE '^src/(abi|runtime)/' | sort))
if [ -n "$found" ]; then
    echo "$found"
    echo "a port adds files in src/abi or src/runtime; nothing else asks where it runs"
    exit 1
fi
