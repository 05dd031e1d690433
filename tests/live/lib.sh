# SPDX-License-Identifier: MIT
# What the live tests have in common. A test is a list of
#
#     the "a patch is applied"        # names what follows
#     runs 0 "$MEND" apply ...        # the command and its exit code; then
#     says "applied"                  # stdout has a line matching this (extended regular expression)
#     warns "no such class"           # stderr has
#     is_silent                       # neither has anything
#
# Each runs in a folder of its own that is also its XDG_RUNTIME_DIR; what it started is ended with it. A test that must
# end more than its own processes defines at_end.
set -u
MEND=$BUILD/bin/mend
TILL=$BUILD/examples/till
FIX=$SOURCE/examples/till/fix.m
LIVE=$BUILD/live
work=$(mktemp -d /tmp/mend-live-XXXXXX)
chmod 700 "$work"
export XDG_RUNTIME_DIR=$work
cd "$work" || exit 1
started=()
behaviour=

at_end() { :; }

finish() {
    local code=$?
    exec 2>/dev/null # the shell tells of each process that is ended
    at_end
    for pid in "${started[@]}"; do kill -CONT "$pid" 2>/dev/null; kill -KILL "$pid" 2>/dev/null; done
    wait 2>/dev/null
    cd /; rm -rf "$work"
    exit "$code"
}
trap finish EXIT

the() { behaviour=$1; echo "- $1"; }

wrong() {
    echo "FAILED: $behaviour: $1" >&2
    [ -s "$work/out" ] && sed 's/^/  stdout: /' "$work/out" >&2
    [ -s "$work/err" ] && sed 's/^/  stderr: /' "$work/err" >&2
    exit 1
}

runs() {
    local expected=$1 code
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    [ $code = "$expected" ] || wrong "exit code $code instead of $expected from: $*"
}

says() { grep -qE -- "$1" "$work/out" || wrong "stdout has no $1"; }
warns() { grep -qE -- "$1" "$work/err" || wrong "stderr has no $1"; }
is_silent() { [ ! -s "$work/out" ] && [ ! -s "$work/err" ] || wrong "something was said"; }
no_warning() { [ ! -s "$work/err" ] || wrong "stderr is not empty"; }

# until_true COMMAND...: waits up to five seconds.
until_true() {
    for _ in $(seq 250); do
        "$@" 2>/dev/null && return
        sleep 0.02
    done
    wrong "never came true: $*"
}

# stop PID: returns when every thread of it has stopped; the signal alone does not wait for that.
stop() {
    kill -STOP "$1"
    all_stopped() { ! grep -h '^State:' "/proc/$1/task"/*/status | grep -qv 'T (stopped)'; }
    until_true all_stopped "$1"
}

# until_asking PID: that command has a connection open.
until_asking() {
    has_socket() { ls -l "/proc/$1/fd" | grep -q socket:; }
    until_true has_socket "$1"
    sleep 0.05
}

# start_till: a till with the agent in it; $till is its pid, descriptor 3 a connection to it.
start_till() {
    "$MEND" run -- "$TILL" >"$work/till.out" 2>"$work/till.err" &
    till=$!
    started+=("$till")
    until_true grep -q listening "$work/till.out"
    exec 3<>"/dev/tcp/127.0.0.1/$(sed 's/.*://' "$work/till.out")"
}

# answers QUESTION ANSWER: on the one connection.
answers() {
    local answer
    echo "$1" >&3
    read -r -t 5 answer <&3 || wrong "the till does not answer"
    [ "$answer" = "$2" ] || wrong "$1 is answered $answer instead of $2"
}

is_unpatched() { answers "TOTAL 10 4.50" 45.00; }
is_patched() { answers "TOTAL 10 4.50" 40.50; }
