#!/bin/sh
# SPDX-License-Identifier: MIT
# Feeds includes.sh a small tree with one wrong include at a time; each must be found, and the right ones pass.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/src/base" "$root/src/hook" "$root/src/queue" "$root/src/vm" "$root/src/agent" "$root/src/cli" \
    "$root/src/stray" "$root/include/mend"

try() # yes|no FILE INCLUDE [FOLDER...]: whether the tree passes with this one line in FILE
{
    want=$1 file=$2 line=$3
    echo "#include $line" >"$root/$file"
    if sh "$here/includes.sh" "$root" $arrows >"$root/out" 2>&1; then got=yes; else got=no; fi
    rm "$root/$file"
    if [ "$got" != "$want" ]; then
        echo "$file with #include $line: accepted: $got, expected $want"
        cat "$root/out"
        exit 1
    fi
}

arrows=$*
echo '#include <stdio.h>' >"$root/src/base/list.c"
try yes src/vm/run.c '"hook/chain.h"'
try yes src/vm/run.c '"vm/op.def"'
try yes src/vm/run.c '<mend/hook.h>'
try yes src/hook/chain.c '<mend/error.h>'
try yes src/cli/main.c '"agent/protocol.h"'
try yes include/mend/hook.h '<stddef.h>'
try no src/hook/chain.c '"vm/run.h"'
try no src/hook/chain.S '"vm/run.h"'
try no src/hook/chain.c '<mend/patch.h>'
try no src/hook/chain.c '"queue/queue.h"'
try no src/hook/chain.c '"chain.h"'
try no src/hook/chain.c '"nowhere/chain.h"'
try no src/stray/x.c '"base/list.h"'
try no src/cli/main.c '"agent/server.h"'
try no src/cli/main.c '"hook/chain.h"'
try no src/agent/protocol.c '"hook/chain.h"'
try no include/mend/hook.h '"hook/chain.h"'
try no include/mend/hook.h '<jansson.h>'
try no src/base/map.h ' "runtime/runtime.h"'
