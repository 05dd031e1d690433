#!/bin/sh
# SPDX-License-Identifier: MIT
# Each face's header compiles alone, first and twice, as Objective-C and Objective-C++, with and without blocks, and
# all of them together.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
foundation=$(gnustep-config --objc-flags | sed 's/-MMD//; s/-MP//; s#-I\(/usr[^ ]*\)#-isystem \1#g')
objc=$(gcc -print-file-name=include)
bad=0

compile() # WHAT COMPILER...
{
    what=$1
    shift
    if ! "$@" $foundation -Wall -Wextra -Werror -Wno-unused-parameter -fsyntax-only -Iinclude "$work/one" \
        2>"$work/err"; then
        echo "$what with $*:"
        cat "$work/err"
        bad=1
    fi
}

all=
for header in include/mend/compat/*.h; do
    name=mend/compat/$(basename "$header")
    all="$all$name "
    printf '#import <%s>\n#import <%s>\nint mend_here(void);\n' "$name" "$name" >"$work/one"
    compile "$name" gcc -x objective-c -std=gnu11
    compile "$name" clang -x objective-c -std=gnu11 -fobjc-runtime=gcc -fblocks -Itests/support/blocks -idirafter "$objc"
    compile "$name" clang -x objective-c -std=gnu11 -fobjc-runtime=gcc -fno-blocks -idirafter "$objc"
    compile "$name" clang -x objective-c++ -fobjc-runtime=gcc -fblocks -Itests/support/blocks -idirafter "$objc"
done
for name in $all; do
    printf '#import <%s>\n' "$name"
done >"$work/one"
compile "all of them" gcc -x objective-c -std=gnu11
exit $bad
