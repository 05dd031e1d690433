#!/bin/bash
# SPDX-License-Identifier: MIT
# Bad input: a clear message, the documented exit code, the server as it was.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

start_till

the "an unreadable, missing, binary, empty or 100 MB file"
runs 2 "$MEND" apply no-such-file.m --pid "$till"
warns 'cannot read no-such-file.m: No such file'
runs 2 "$MEND" apply . --pid "$till"
warns 'Is a directory'
runs 2 "$MEND" apply /bin/true --pid "$till"
warns 'is not text: byte [0-9]+ is 0x'
: >empty.m
runs 2 "$MEND" apply empty.m --pid "$till"
warns 'empty.m is empty'
truncate -s 100M huge.m
runs 2 "$MEND" apply huge.m --pid "$till"
warns 'larger than 8 MiB'
head -c 100M /dev/zero | "$MEND" apply - --pid "$till" >out 2>err
[ $? = 2 ] || wrong "100 MB on stdin were taken"
printf '@implementation Tariff \377\376\n@end\n' >latin.m
runs 2 "$MEND" apply latin.m --pid "$till"
warns 'not text'

the "a syntax error"
printf '@implementation Tariff\n- (int)discountForQuantity:(int)q { return q +; }\n@end\n' >syntax.m
runs 5 "$MEND" apply syntax.m --pid "$till"
warns '^syntax.m:2:'

the "deep nesting"
{ printf '@implementation Tariff\n- (int)discountForQuantity:(int)q { return '; printf '(%.0s' $(seq 100000); printf 'q'
  printf ')%.0s' $(seq 100000); printf '; }\n@end\n'; } >deep.m
runs 5 "$MEND" apply deep.m --pid "$till"

the "a signature that contradicts the method"
printf '@implementation Tariff\n- (double)discountForQuantity:(char *)q { return 1; }\n@end\n' >signature.m
runs 5 "$MEND" apply signature.m --pid "$till"
warns '^signature.m:2:'

the "a process without an agent, a dead one, something that is no process"
sleep 100 &
started+=("$!")
runs 6 "$MEND" apply "$FIX" --pid $!
warns "process $! has no agent.*E0302"
warns 'mend run -- PROGRAM'
true &
dead=$!
wait $dead
runs 3 "$MEND" apply "$FIX" --pid $dead
warns "there is no process $dead"
runs 2 "$MEND" apply "$FIX" --pid 12x
runs 2 "$MEND" apply "$FIX" --pid 0
runs 3 "$MEND" apply "$FIX" --name nobody-has-this-name
runs 2 "$MEND" apply "$FIX"
warns 'no process was named'
runs 2 "$MEND" apply

the "a patch that is not applied"
runs 3 "$MEND" revert nothing --pid "$till"
warns 'E0308'

the "words and options nobody knows"
runs 2 "$MEND" aply "$FIX"
warns "no verb 'aply'; did you mean 'apply'\?"
runs 2 "$MEND" ps --jsn
warns "no option --jsn; did you mean --json\?"
runs 2 "$MEND" qwertz
warns "no verb 'qwertz' "
runs 2 "$MEND" apply "$FIX" --pid "$till" --force
warns 'no option --force'
runs 2 "$MEND" apply "$FIX" --pid
warns 'needs a value'
runs 2 "$MEND" apply "$FIX" --pid "$till" --timeout soon
runs 2 "$MEND" ps -x
runs 2 "$MEND"

the "an id that would not fit its row, or that no terminal should see"
runs 2 "$MEND" apply "$FIX" --pid "$till" --id ""
runs 2 "$MEND" apply "$FIX" --pid "$till" --id "$(printf 'a\nb')"
warns 'no control characters'
runs 2 "$MEND" apply "$FIX" --pid "$till" --id "$(head -c 300 /dev/zero | tr '\0' x)"
runs 2 "$MEND" revert "$(head -c 300 /dev/zero | tr '\0' x)" --pid "$till"
mkdir "$(printf 'bad\033name')"
file=$(printf 'bad\033name/bell\007.m')
cp "$FIX" "$file"
runs 0 "$MEND" apply "$file" --pid "$till"
runs 0 "$MEND" status
says 'bell\? .*bad\?name/bell\?.m$'
runs 0 "$MEND" revert "$file" --pid "$till"
is_unpatched

the "a process named twice is asked once"
runs 0 "$MEND" status --pid "$till" --name till --pid "$till"
[ "$(wc -l <out)" = 2 ] || wrong "not one row"

the "Ctrl-C while a FIFO is opened"
mkfifo nobody-writes
"$MEND" apply nobody-writes --pid "$till" >out 2>err &
apply=$!
sleep 0.3
kill -TERM $apply
wait $apply
[ $? = 143 ] || wrong "not 143"

the "a stopped process does not answer in time, and is as before when it goes on"
stop "$till"
runs 7 "$MEND" apply "$FIX" --pid "$till" --timeout 0.3
warns 'E0305'
kill -CONT "$till"
is_unpatched
runs 0 "$MEND" status --pid "$till"
! grep -q fix out || wrong "the patch came into effect afterwards"

the "Ctrl-C"
stop "$till"
"$MEND" apply "$FIX" --pid "$till" >out 2>err &
apply=$!
until_asking $apply
kill -INT $apply
wait $apply
[ $? = 130 ] || wrong "not 130"
kill -CONT "$till"
is_unpatched

the "stdout closed or full"
"$MEND" ps >&- 2>err
[ $? = 2 ] || wrong "closed: not 2"
warns 'cannot write to stdout'
"$MEND" ps >/dev/full 2>err
[ $? = 2 ] || wrong "full: not 2"
warns 'No space left'

the "a process that dies while it is asked"
"$MEND" run -- "$TILL" >second.out &
second=$!
started+=("$second")
until_true grep -q listening second.out
stop "$second"
"$MEND" apply "$FIX" --pid $second >out 2>err &
apply=$!
until_asking $apply
kill -KILL $second
wait $apply
[ $? = 11 ] || wrong "not 11"
warns 'E0306'

the "what it left behind is removed"
[ -e "mend/$second.sock" ] || wrong "nothing to remove"
{ wait $second; } 2>/dev/null
runs 0 "$MEND" ps
[ ! -e "mend/$second.sock" ] || wrong "the socket is still there"

is_unpatched

the "a stopped process is listed, and holds up nobody for long"
stop "$till"
runs 0 "$MEND" ps --timeout 0.2
says "^ *$till +till +\? +does not answer$"
runs 7 "$MEND" apply "$FIX" --name till --timeout 0.2
kill -CONT "$till"
is_unpatched

the "several that are stopped are waited for at the same time"
for i in 1 2 3 4; do
    "$MEND" run -- "$TILL" >"more$i.out" &
    started+=($!)
    more[i]=$!
done
for i in 1 2 3 4; do until_true grep -q listening "more$i.out"; stop "${more[i]}"; done
began=$(date +%s%N)
runs 8 "$MEND" apply "$FIX" --name till --timeout 0.5
ms=$((($(date +%s%N) - began) / 1000000))
[ $ms -lt 1500 ] || wrong "$ms ms"
warns "process ${more[4]} did not answer in time"
[ "$(grep -Ec 'failed +no answer in time' out)" = 4 ] || wrong "not four rows"
is_patched
runs 0 "$MEND" revert fix --pid "$till"
for i in 1 2 3 4; do kill -CONT "${more[i]}"; runs 0 "$MEND" status --pid "${more[i]}"; ! grep -q fix out || wrong "changed afterwards"; done
