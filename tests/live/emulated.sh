#!/bin/bash
# SPDX-License-Identifier: MIT
# The heart of the demo where an emulator runs the programs (EMULATOR: its words): a price server with the agent in it is
# mended and un-mended on one connection. Without `mend run`, whose exec the host's kernel would refuse.
. "$SOURCE/tests/live/lib.sh"

the "the agent opens its door in a program it was preloaded into"
$EMULATOR -E LD_PRELOAD="$BUILD/lib/libmend-agent.so" "$TILL" >"$work/till.out" 2>"$work/till.err" &
till=$!
started+=("$till")
until_true grep -q listening "$work/till.out"
exec 3<>"/dev/tcp/127.0.0.1/$(sed 's/.*://' "$work/till.out")"
is_unpatched

the "a patch takes effect on the open connection"
runs 0 $EMULATOR "$MEND" apply "$FIX" --pid "$till"
says "applied"
is_patched

the "a patch that cannot be applied changes nothing"
echo '@implementation Till - (int)noSuchThing { return [self none' >broken.m
runs 5 $EMULATOR "$MEND" apply broken.m --pid "$till"
is_patched

the "the status names it"
runs 0 $EMULATOR "$MEND" status --pid "$till"
says "fix"

the "taken back, the next answer is the old one"
runs 0 $EMULATOR "$MEND" revert fix --pid "$till"
is_unpatched
