#!/bin/sh
# SPDX-License-Identifier: MIT
# includes.sh ROOT FOLDER...: fails on an include in ROOT/src or ROOT/include that points against the arrows.
#
# FOLDERs are in the order of the arrows (src/CMakeLists.txt); a+b do not know one another. A quoted include names
# its folder. <mend/X.h> counts as folder X where there is such a folder, else as base. cli/ sees base/ and the
# agent's protocol only; a public header sees <mend/...>, <objc/...> and the standard library only; one of compat/ is for
# Objective-C and sees Foundation too.
set -eu
root=$1
shift
cd "$root"
find src include -type f \( -name '*.[chmS]' -o -name '*.def' \) | sort | xargs awk -v arrows="$*" '
BEGIN {
    n = split(arrows, level, " ")
    for (i = 1; i <= n; i++) {
        m = split(level[i], peer, "+")
        for (j = 1; j <= m; j++)
            rank[peer[j]] = i
    }
    split("stddef.h stdint.h stdbool.h stdarg.h", name, " ")
    for (i in name)
        standard[name[i]] = 1
}
function wrong(why) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, why, $0
    bad = 1
}
/^[ \t]*#[ \t]*(include|import)[ \t]*["<]/ {
    quoted = $0 ~ /(include|import)[ \t]*"/
    path = $0
    sub(/^[^"<]*["<]/, "", path)
    sub(/[">].*/, "", path)
    split(FILENAME, at, "/")
    if (at[1] == "include") {
        face = FILENAME ~ /\/compat\// && path == "Foundation/Foundation.h"
        if (quoted || (path !~ /^(mend|objc)\// && !(path in standard) && !face))
            wrong("a public header includes <mend/...>, <objc/...> and the standard library only")
        next
    }
    from = at[2]
    if (!(from in rank)) {
        wrong("the folder " from " is not in the arrows of src/CMakeLists.txt")
        next
    }
    if (quoted) {
        if (path !~ /\//) {
            wrong("name the folder of what you include")
            next
        }
        to = path
        sub(/\/.*/, "", to)
    } else if (path ~ /^mend\//) {
        to = path
        gsub(/^mend\/|\.h$|\.def$/, "", to)
        if (!(to in rank))
            to = "base"
    } else {
        next
    }
    if (!(to in rank))
        wrong("there is no folder " to)
    else if (from == "cli" && to != "cli" && to != "base" && path != "agent/protocol.h")
        wrong("cli includes base/ and agent/protocol.h only")
    else if (from == "agent" && FILENAME ~ /\/protocol\.[ch]$/ && to != "base" && path != "agent/protocol.h")
        wrong("the protocol is shared with cli and includes base/ only")
    else if (rank[to] > rank[from])
        wrong("points up, from " from " to " to)
    else if (rank[to] == rank[from] && to != from)
        wrong(from " and " to " do not know one another")
}
END { exit bad }'
