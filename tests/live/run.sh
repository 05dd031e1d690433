#!/bin/bash
# SPDX-License-Identifier: MIT
# mend run: the program is patched before main, and otherwise itself.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

echo text >photo.txt
zip -q photo.zip photo.txt
lsar_fix=$SOURCE/examples/lsar/fix.m

the "stripped lsar runs with one of its methods replaced"
runs 0 "$MEND" run --patch "$lsar_fix" -- lsar photo.zip
says '^photo.zip: Zip, mended$'
no_warning

the "-- may be left out, and the program's own options are not mend's"
runs 0 "$MEND" run lsar -j photo.zip
says '"lsarFormatVersion"'

the "the exit code is the program's own"
runs 1 "$MEND" run -- lsar nothing.zip
lsar nothing.zip >expected
cmp -s out expected || wrong "the output differs"

the "a signal ends the program as it would without Mend"
"$MEND" run -- "$TILL" >till.out &
pid=$!
started+=("$pid")
until_true grep -q listening till.out
kill -TERM $pid
wait $pid
[ $? = 143 ] || wrong "not ended by SIGTERM"

the "stdin is the program's"
printf 'ask\nexit\n' | "$MEND" run -- "$LIVE/brood" >out || wrong "brood failed"
says '^[0-9]+ 0$'

the "the program finds LD_PRELOAD as it was, with the agent before it, and nothing else of Mend's"
printf 'env\n' | LD_PRELOAD=libm.so.6 "$MEND" run --patch "$FIX" -- "$LIVE/brood" >out || wrong "brood failed"
says "^launch= preload=$BUILD/lib/libmend-agent.so:libm.so.6$"

the "no descriptor is left open in the program but the agent's own, which are high and close on exec"
mkfifo input2
"$MEND" run --patch "$FIX" -- "$LIVE/brood" <>input2 >/dev/null &
pid=$!
started+=("$pid")
until_true test -S "mend/$pid.sock"
low() { for fd in "/proc/$1/fd"/*; do echo "${fd##*/}"; done | awk '$1 > 2 && $1 < 200' | wc -l; }
"$LIVE/brood" <>input2 >/dev/null &
plain=$!
started+=("$plain")
until_true grep -q gnustep /proc/$plain/maps
sleep 0.2
[ "$(low $pid)" = "$(low $plain)" ] || wrong "$(low $pid) descriptors between 3 and 199 instead of $(low $plain)"
kill $plain

the "the socket is gone when the program has ended"
kill $pid
wait $pid 2>/dev/null
runs 0 "$MEND" ps
printf 'exit\n' | "$MEND" run -- "$LIVE/brood" >/dev/null
[ -z "$(ls mend)" ] || wrong "a socket is left: $(ls mend)"

the "a patch that does not check keeps the program from starting"
printf '@implementation Nope\n- (void)f {}\n@end\n' >bad.m
runs 5 "$MEND" run --patch bad.m -- "$LIVE/witness"
warns '^bad.m:[0-9]+:[0-9]+: error: '
warns 'was not started'
! grep -q main out || wrong "main ran"

the "of two patches, the second one's fault keeps the first from mattering"
runs 5 "$MEND" run --patch "$FIX" --patch bad.m -- "$LIVE/witness"
! grep -q main out || wrong "main ran"

the "children without Objective-C run without agent, file, thread or word"
runs 0 "$MEND" run -q -- sh -c 'grep -c "libmend\.so" /proc/$$/maps; ls /proc/$$/task | wc -l; ls "$XDG_RUNTIME_DIR/mend"'
[ "$(cat out)" = "$(printf '0\n1')" ] || wrong "something of Mend's is in the shell"
no_warning

the "a program without Objective-C starts with a word, or with a patch not at all"
runs 0 "$MEND" run -- true
warns 'true has no Objective-C'
runs 5 "$MEND" run --patch "$FIX" -- true
warns 'not started'

the "a script is not the program meant"
printf '#!/bin/sh\nexec lsar photo.zip\n' >script
chmod +x script
runs 5 "$MEND" run --patch "$lsar_fix" -- ./script
warns 'is a script'
runs 0 "$MEND" run -q -- ./script
says 'photo.zip: Zip'

the "a static program is told apart"
echo 'int main(void) { return 0; }' | gcc -static -x c - -o static 2>/dev/null || wrong "gcc -static failed"
runs 5 "$MEND" run -- ./static
warns 'statically linked'

the "a program that is not there, or not one, is a usage error"
runs 2 "$MEND" run -- no-such-program
warns 'cannot find the program no-such-program'
runs 2 "$MEND" run -- ./photo.zip
runs 2 "$MEND" run --patch nothing.m -- lsar photo.zip
runs 2 "$MEND" run

if [ "$(id -u)" = 0 ]; then
    the "a set-user-id program takes no patches, neither preloaded nor from inside"
    cp "$TILL" setuid-till
    chown nobody setuid-till
    chmod u+s setuid-till
    runs 5 "$MEND" run -- ./setuid-till
    warns "another user's rights"
    chmod 711 .
    cp "$LIVE/privileged" privileged
    runs 0 ./privileged
    says '^OK$'
    chown nobody privileged
    chmod 4755 privileged
    runs 1 ./privileged
    says '^NO_PERMISSION$'
    chmod 700 .
fi
