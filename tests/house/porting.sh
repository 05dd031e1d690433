#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/porting.md lists exactly what a port defines for the rest: porting.sh SOURCE FILE-OF-OBJECTS ABI
#
# What a port defines is read from its object files, and what the rest wants of it from theirs; inline functions and
# constants of a processor are read from registers.h. The page's lists are the lines of its tables, in the sections "A
# processor" and "A runtime".
set -eu
LC_ALL=C
export LC_ALL
source=$1
objects=$2
abi=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

listed() # SECTION: the names in its tables
{
    sed -n "/^## $1\$/,/^## /p" "$source/docs/porting.md" | grep '^|' | grep -oE '`(mn_[a-z0-9_]+|MN_CPU_[A-Z_]+)`' |
        tr -d '`' | sort -u
}

# The names that the object files of the first list define and those of the second want.
shared() # FILE-OF-OBJECTS FILE-OF-OBJECTS
{
    xargs nm -g --defined-only <"$1" | awk 'NF == 3 { print $3 }' | sort -u >"$work/defined"
    xargs nm -g --undefined-only <"$2" | awk 'NF == 2 { print $2 }' | sort -u >"$work/wanted"
    comm -12 "$work/defined" "$work/wanted"
}

compare() # SECTION FILE-OF-NAMES
{
    listed "$1" >"$work/listed"
    [ -s "$work/listed" ] || { echo "docs/porting.md has no table under '## $1'"; exit 1; }
    if ! diff "$work/listed" "$2" >"$work/diff"; then
        echo "docs/porting.md, '## $1': < is on the page only, > in the sources only"
        grep '^[<>]' "$work/diff"
        exit 1
    fi
}

sed "s|/\./|/|" "$objects" | sort >"$work/all"

grep -E "mn_(abi|hook)\.dir/(abi|hook)/$abi/" "$work/all" >"$work/port"
grep -vxFf "$work/port" "$work/all" >"$work/rest"
shared "$work/port" "$work/rest" >"$work/names"
sed -nE 's/^(mn_[a-z0-9_]+)\(.*/\1/p; s/^enum \{ (MN_CPU_[A-Z_]+) =.*/\1/p' "$source/src/abi/$abi/registers.h" >>"$work/names"
sort -u "$work/names" -o "$work/names"
compare "A processor" "$work/names"

# Of a runtime, all that these headers declare: some of it only tests use.
grep -E 'mn_runtime\.dir/runtime/(gcc_[a-z]+|modern_[a-z]+|blocks|count|side|weak)\.c\.o$' "$work/all" >"$work/port"
grep -vxFf "$work/port" "$work/all" >"$work/rest"
shared "$work/port" "$work/rest" >"$work/names"
(cd "$source/src/runtime" && cat runtime.h install.h create.h adoption.h loading.h blocks.h objects.h sync.h guard.h) | grep -oE '\bmn_[a-z0-9_]+\(' | tr -d '(' |
    sort -u >"$work/declared"
comm -12 "$work/defined" "$work/declared" | sort -u - "$work/names" -o "$work/names"
compare "A runtime" "$work/names"
