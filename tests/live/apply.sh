#!/bin/bash
# SPDX-License-Identifier: MIT
# apply, revert, status, ps on a server whose one connection stays open.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

start_till

the "ps lists it"
runs 0 "$MEND" ps
says "^ *$till +till +0\.1\.0 +-$"

the "apply changes the next answer, revert the one after that"
is_unpatched
runs 0 "$MEND" apply "$FIX" --pid "$till"
says "^till +$till +applied +1 method, "
no_warning
is_patched
runs 0 "$MEND" status --pid "$till"
says "^ *$till +till +fix +1 +0 .*till/fix\.m$"
runs 0 "$MEND" ps
says ' fix$'
runs 0 "$MEND" revert fix --pid "$till"
says 'reverted +fix'
is_unpatched

the "the same id again replaces, and says so"
runs 0 "$MEND" apply "$FIX" --name till
runs 0 "$MEND" apply "$FIX" --name till
says 'in place of the earlier version'
is_patched

the "a file names its patch in revert"
runs 0 "$MEND" revert "$FIX" --name till
is_unpatched

the "another id may be given"
runs 0 "$MEND" apply "$FIX" --pid "$till" --id ticket-4711
runs 3 "$MEND" revert fix --pid "$till"
warns 'E0308'
is_patched
runs 0 "$MEND" revert ticket-4711 --pid "$till"
is_unpatched

the "stdin is a file, too"
"$MEND" apply - --pid "$till" <"$FIX" >out 2>err || wrong "apply - failed"
is_patched
runs 0 "$MEND" revert stdin --pid "$till"

the "a long source travels beside the message"
{ cat "$FIX"; yes '/* a comment to make it long */' | head -n 20000; } >long.m
runs 0 "$MEND" apply long.m --pid "$till"
is_patched
runs 0 "$MEND" revert long --pid "$till"
is_unpatched

the "--json is one object a command, with a version"
for command in "apply $FIX --pid $till" "status" "ps" "revert fix --pid $till" "version" "revert fix --pid $till" "apply none.m --pid 1"; do
    "$MEND" $command --json >out 2>err </dev/null
    python3 -c 'import json,sys; d = json.load(open("out")); assert d["v"] == 1 and d["t"] and "ok" in d' ||
        wrong "$command: not the object promised"
done
is_unpatched

the "several processes have a row each, and a mixed result a code of its own"
runs 8 "$MEND" apply "$FIX" --pid "$till" --pid 999999999
says "^till +$till +applied"
says "999999999 +failed +no such process"
is_patched
runs 0 "$MEND" revert fix --pid "$till"
"$MEND" run -- "$TILL" >second.out &
started+=("$!")
until_true grep -q listening second.out
runs 0 "$MEND" apply "$FIX" --name till
[ "$(grep -c applied out)" = 2 ] || wrong "not two rows"
runs 0 "$MEND" revert fix --name till

the "a source with a fault changes nothing"
printf '@implementation Nope\n- (void)f {}\n@end\n' >bad.m
runs 5 "$MEND" apply bad.m --pid "$till"
warns '^bad.m:1:[0-9]+: error: '
is_unpatched

the "colours come when asked for and only then"
runs 5 "$MEND" apply bad.m --pid "$till" --color=always
warns $'\e\\['
runs 5 "$MEND" apply bad.m --pid "$till"
! grep -q $'\e' err || wrong "colours without a terminal"

the "a process just started may be patched at once"
"$MEND" run -- "$TILL" >third.out &
started+=("$!")
runs 0 "$MEND" apply "$FIX" --pid $!
