#!/bin/bash
# SPDX-License-Identifier: MIT
# mend check: everything apply would find, and nothing done.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

the "a patch that fits checks, and its program's main has not run"
runs 0 "$MEND" check "$FIX" --against "$LIVE/witness"
says 'witness +checks .*1 method'
warns '^load$'
! grep -qE '^(main|initialize|resolve)$' out err || wrong "host code ran"

the "a program of PATH is found"
runs 0 "$MEND" check "$SOURCE/examples/lsar/fix.m" --against lsar

the "a patch that does not fit says where"
printf '\n\n@implementation Nope\n- (void)f {}\n@end\n' >bad.m
runs 5 "$MEND" check bad.m --against "$LIVE/witness"
warns '^bad.m:3:[0-9]+: error: '
! grep -qE '^(main|initialize|resolve)$' out err || wrong "host code ran"

the "--json is one object with the findings"
runs 5 "$MEND" check bad.m --against "$LIVE/witness" --json
says '^\{"v":1,"t":"check",.*"diagnostics":\[\{"severity":"error","file":"bad.m","line":3.*"exit":5\}$'
runs 0 "$MEND" check "$FIX" --against "$LIVE/witness" --json
says '"methods":1.*"ok":true,"exit":0\}$'
python3 -c 'import json,sys; json.load(open(sys.argv[1]))' out || wrong "not JSON"

the "a running process is asked and stays as it is"
start_till
runs 0 "$MEND" check "$FIX" --pid "$till"
says "checks"
is_unpatched
runs 5 "$MEND" check bad.m --pid "$till"
warns '^bad.m:3'
runs 0 "$MEND" status --pid "$till"
! grep -q fix out || wrong "the patch was applied"

the "an instruction document is checked like a source, and its findings name the place in it"
cat >fix.json <<'END'
{"format": 2, "instructions": [{"cls": "XADZipParser", "methodList": [{"method": "formatName", "messages": [
    {"do": "return", "value": {"send": "stringByApendingString:", "to": {"original": true}, "args": [{"str": ", mended"}]}}]}]}]}
END
runs 5 "$MEND" check fix.json --against lsar
warns '^fix.json:2:'
warns "did you mean 'stringByAppendingString:'"
warns '^ *at /instructions/0/methodList/0/messages/0/value'
runs 5 "$MEND" check fix.json --against lsar --json
says '"pointer": *"/instructions/0/methodList/0/messages/0/value'
sed -i 's/Apending/Appending/' fix.json
runs 0 "$MEND" check fix.json --against lsar

the "a program without Objective-C is told"
runs 5 "$MEND" check "$FIX" --against true
warns 'has no Objective-C'

the "a program that dies before its main is told with the signal"
echo '__attribute__((constructor)) static void die(void) { __builtin_trap(); } int main(void) { return 0; }' |
    gcc -x c - -o dies || wrong "gcc failed"
runs 11 "$MEND" check "$FIX" --against ./dies
warns 'signal 4'

the "a program that hangs before its main is ended in time"
echo '#include <unistd.h>
__attribute__((constructor)) static void hang(void) { pause(); } int main(void) { return 0; }' |
    gcc -x c - -o hangs || wrong "gcc failed"
runs 7 "$MEND" check "$FIX" --against ./hangs --timeout 0.3
pgrep -x hangs >/dev/null && wrong "it is still there"

the "usage"
runs 2 "$MEND" check "$FIX"
runs 2 "$MEND" check
runs 2 "$MEND" check "$FIX" --against lsar --pid 1
