#!/bin/bash
# SPDX-License-Identifier: MIT
# Every forked child has an agent of its own and keeps what was applied.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

mkfifo words
"$MEND" run -- "$LIVE/brood" <>words >answers 2>brood.err &
parent=$!
started+=("$parent")
exec 4>words

# told WORD N: gives the word and waits for line N of the answers; it is in $line.
told() {
    echo "$1" >&4
    for _ in $(seq 250); do
        line=$(sed -n "$2p" answers)
        [ -n "$line" ] && return
        sleep 0.02
    done
    wrong "no answer to $1"
}

told ask 1
[ "$line" = "$parent 0" ] || wrong "the parent says $line"
runs 0 "$MEND" apply "$FIX" --pid "$parent"
told ask 2
[ "$line" = "$parent 10" ] || wrong "the parent says $line"

the "a child keeps the patch"
echo fork >&4
told ask 3
child=${line% *}
[ "$child" != "$parent" ] && [ "${line#* }" = 10 ] || wrong "the child says $line"

the "a child has its own agent, and the parent keeps its socket"
started+=("$child")
for _ in $(seq 100); do [ -S "mend/$child.sock" ] && break; sleep 0.02; done
runs 0 "$MEND" ps
says "^ *$child +brood +.* fix$"
says "^ *$parent +brood +.* fix$"

the "what the child takes back the parent keeps"
runs 0 "$MEND" revert fix --pid "$child"
told ask 4
[ "$line" = "$child 0" ] || wrong "the child says $line"
runs 0 "$MEND" apply "$FIX" --pid "$child"
told ask 5
[ "$line" = "$child 10" ] || wrong "the child says $line"

the "a child that closes every descriptor opens its door again"
echo close >&4
told ask 6
"$MEND" status --pid "$child" >/dev/null 2>&1 # finds the door shut, and wakes the agent
for _ in $(seq 100); do "$MEND" status --pid "$child" >out 2>err && break; sleep 0.02; done
says "^ *$child +brood +fix"

the "a grandchild, too"
echo fork >&4
told ask 7
grandchild=${line% *}
started+=("$grandchild")
[ "${line#* }" = 10 ] || wrong "the grandchild says $line"
runs 0 "$MEND" revert fix --pid "$grandchild"

the "the end of a child takes its own socket only"
echo exit >&4
told ask 8
[ "$line" = "$child 10" ] || wrong "the child says $line"
[ ! -e "mend/$grandchild.sock" ] || wrong "the grandchild's socket is left"
echo exit >&4
told ask 9
[ "$line" = "$parent 10" ] || wrong "the parent says $line"
[ -S "mend/$parent.sock" ] || wrong "the parent's socket is gone"
runs 0 "$MEND" revert fix --pid "$parent"
