#!/bin/sh
# SPDX-License-Identifier: MIT
# Every file of the tree that a page names, as a link or between backticks with a folder, is there; so is every
# function of Mend's between backticks, every test the map names,
# and every page or test that a source's comment names.
set -eu
bad=0
named=$(mktemp)
trap 'rm -f "$named"' EXIT
for page in README.md CHANGELOG.md SECURITY.md src/README.md docs/design/*.md docs/*.md; do
    [ -f "$page" ] || continue
    folder=$(dirname "$page")
    for path in $(sed -n 's/](\([^)#:]*\))/\n](\1)\n/gp' "$page" | sed -n 's/^](\(.*\))$/\1/p'); do
        [ -e "$folder/$path" ] || { echo "$page: no such file: $path"; bad=1; }
    done
    for path in $(grep -o '`[A-Za-z0-9_.-]*/[A-Za-z0-9_./-]*`' "$page" | tr -d '`'); do
        case $path in
        /* | build/* | lib/* | bin/*) continue ;; # of a system, or made
        esac
        [ -e "$path" ] || [ -e "$folder/$path" ] || [ -n "$(find src -path "*/${path%/}")" ] ||
            { echo "$page: no such file: $path"; bad=1; }
    done
    for name in $(grep -oE '`(mn|mend)_[a-z_0-9]+`' "$page" | tr -d '`' | sort -u); do
        grep -rqw "$name" include src tests/support || { echo "$page: nothing is called $name"; bad=1; }
    done
done
for name in $(grep -oE '`[a-z0-9]+(_[a-z0-9]+){3,}`' src/README.md | tr -d '`' | sort -u); do
    grep -rqw "$name" tests || { echo "src/README.md: no test is called $name"; bad=1; }
done
grep -rnoE '(docs|tests)/[A-Za-z0-9_/.-]+\.(md|sh|c|m|h)\b' src include tests fuzz bench examples tools cmake --include='*.*' |
    sort -u >"$named"
while IFS=: read -r source line path; do
    [ -e "$path" ] || { echo "$source:$line: no such file: $path"; bad=1; }
done <"$named"
exit $bad
