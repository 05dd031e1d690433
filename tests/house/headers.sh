#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles alone, first and twice, in every language a host may be written in, with both compilers.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
objc=$(gcc -print-file-name=include)
bad=0

compile() # COMPILER LANGUAGE STANDARD EXTRA...
{
    cc=$1 language=$2 standard=$3
    shift 3
    if ! $cc -x "$language" -std="$standard" -Wall -Wextra -Werror -fsyntax-only -Iinclude -idirafter "$objc" "$@" \
        "$work/one" 2>"$work/err"; then
        echo "$header with $cc as $language, $standard:"
        cat "$work/err"
        bad=1
    fi
}

for header in include/mend/*.h; do
    name=mend/$(basename "$header")
    printf '#include <%s>\n#include <%s>\nint mend_here(void);\n' "$name" "$name" >"$work/one"
    for cc in gcc clang; do
        compile $cc c c99 -pedantic
        compile $cc c c11 -pedantic
        compile $cc c c17 -pedantic
        compile $cc c++ c++17 -pedantic
        compile $cc objective-c gnu11
    done
done
exit $bad
