#!/bin/bash
# SPDX-License-Identifier: MIT
# Unkind neighbours: the server goes on and is as it was.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

start_till
until_true test -S "mend/$till.sock"
descriptors() { ls "/proc/$till/fd" | wc -l; }
is_unpatched
before=$(descriptors)

for deed in half huge descriptors many; do
    the "$deed"
    runs 0 "$LIVE/unkind" "mend/$till.sock" $deed
    is_unpatched
    runs 0 "$MEND" status --pid "$till"
done

the "nothing of it is left in the server"
few_descriptors() { [ "$(descriptors)" -le $((before + 1)) ]; }
until_true few_descriptors
[ ! -s till.err ] || wrong "the server said: $(cat till.err)"

the "a user gets through while a thousand connections are open"
"$LIVE/unkind" "mend/$till.sock" many &
sleep 0.2
runs 0 "$MEND" apply "$FIX" --pid "$till"
is_patched
runs 0 "$MEND" revert fix --pid "$till"
wait $!

the "a socket that another process serves in its name is not talked to"
cp "$FIX" fix.m
mv "mend/$till.sock" "mend/kept"
python3 - "$till" <<'PY' &
import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("mend/%s.sock" % sys.argv[1])
s.listen(5)
s.settimeout(5)
try:
    c, _ = s.accept()
    c.settimeout(3)
    open("stolen", "wb").write(c.recv(65536))
except OSError:
    pass
PY
until_true test -S "mend/$till.sock"
runs 6 "$MEND" apply fix.m --pid "$till"
warns 'listens on .*, not process'
[ ! -s stolen ] || wrong "the patch was given away"
rm -f "mend/$till.sock"
mv mend/kept "mend/$till.sock"
is_unpatched

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; }

    the "another user has no say"
    chmod 755 .
    runs 6 nobody "$MEND" apply fix.m --pid "$till"
    warns 'belongs to user 0'
    runs 0 nobody env XDG_RUNTIME_DIR=/nowhere "$MEND" ps
    ! grep -q till out || wrong "another user's process is listed"
    chmod 700 .

    the "a folder that is somebody else's is neither used nor believed"
    mkdir -m 700 theirs theirs/mend
    chown -R 65534 theirs/mend
    printf 'ask\nexit\n' | XDG_RUNTIME_DIR=$work/theirs "$MEND" run -- "$LIVE/brood" >out 2>err || wrong "brood failed"
    says '^[0-9]+ 0$'
    [ -z "$(ls theirs/mend)" ] || wrong "a socket was made there"
    runs 0 env XDG_RUNTIME_DIR="$work/theirs" "$MEND" ps
    warns 'is not a folder of user 0'

    the "root reaches a process of any user, and removes what it leaves"
    made=
    [ -d /tmp/mend-65534 ] || made=/tmp/mend-65534
    mkdir -p -m 700 /tmp/mend-65534 && chown 65534 /tmp/mend-65534
    chmod 711 .
    ln -s "$TILL" theirs-till # a name that no --name of a test running beside this one means
    setpriv --reuid=65534 --regid=65534 --clear-groups -- env -u XDG_RUNTIME_DIR "$MEND" run -- "$work/theirs-till" >theirs.out &
    theirs=$!
    started+=("$theirs")
    until_true grep -q listening theirs.out
    runs 0 "$MEND" apply fix.m --pid $theirs
    says applied
    kill $theirs
    wait $theirs
    chmod 700 .
    runs 0 "$MEND" ps
    [ ! -e /tmp/mend-65534/$theirs.sock ] || wrong "the socket is still there"
    [ -z "$made" ] || rmdir "$made"
fi
is_unpatched
