#!/bin/bash
# SPDX-License-Identifier: MIT
# SOGo, a groupware server in production at many places: Debian's stripped sogod, one master that forks workers, mended live.
#
# Everything listens on 127.0.0.1 and lives in one folder. MEND_ROUNDS (1000) times the patch is applied to all processes
# and taken back while browsers ask for a page without a pause, in each of its languages (sogo/fix.*); then the figures of
# tests/real/browse.c are printed; MEND_KINDS="m js" takes these alone. SOGo ends a worker after the answer at which it has 384 MB of address space: JavaScript's
# engine alone reserves more than that, unused, so the limit (SxVMemLimit) is set higher.
. "${SOURCE:?}/tests/real/lib.sh" || exit 1
rounds=${MEND_ROUNDS:-1000}
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
needs sogod memcached curl psql "$postgres/initdb" runuser
id sogo >/dev/null 2>&1 || wrong "there is no user sogo: run tools/setup real"

old='>SOGo<' new='>SOGo of Example Ltd<'
run=$work/run
master=

at_end() {
    pkill -KILL -f "WOPidFile $run"
    [ ! -d "$work/pg" ] || as postgres "$postgres/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null
}

start_database() {
    database=$(free_port)
    own postgres "$work/pg" "$work/pg-socket"
    as postgres "$postgres/initdb" -D "$work/pg" -A trust -U postgres >initdb.out 2>&1 || wrong "initdb: $(tail -1 initdb.out)"
    as postgres "$postgres/pg_ctl" -D "$work/pg" -l "$work/pg-socket/log" -w start >/dev/null \
        -o "-p $database -k $work/pg-socket -c listen_addresses=127.0.0.1 -c fsync=off" || wrong "postgres does not start"
    psql -q -h 127.0.0.1 -p "$database" -U postgres -c 'create role sogo login' -c 'create database sogo owner sogo' || wrong "psql failed"
    psql -q -h 127.0.0.1 -p "$database" -U sogo -c 'create table users (c_uid text primary key, c_name text, c_password text, c_cn text, mail text)' \
        -c "insert into users values ('anna', 'anna', 'secret', 'Anna Example', 'anna@example.org')" || wrong "psql failed"
}

start_cache() {
    cache=$(free_port)
    as memcache memcached -l 127.0.0.1 -p "$cache" -U 0 &
    started+=($!)
}

# start_sogo COMMAND...: sogod under this command, three workers; returns when the page is there.
start_sogo() {
    local tables=postgresql://sogo@127.0.0.1:$database/sogo
    port=$(free_port)
    own sogo "$run" "$work/home"
    (cd "$run" && as sogo HOME="$work/home" XDG_RUNTIME_DIR="$run" "$@" sogod -WOWorkersCount 3 -SxVMemLimit 1000000 -WOPort "127.0.0.1:$port" \
        -WOPidFile "$run/sogo.pid" -WOLogFile "$run/sogo.log" -SOGoProfileURL "$tables/profile" -OCSFolderInfoURL "$tables/folders" \
        -OCSSessionsFolderURL "$tables/sessions" -OCSEMailAlarmsFolderURL "$tables/alarms" -SOGoMemcachedHost "127.0.0.1:$cache" \
        -SOGoUserSources "({type=sql; id=staff; viewURL=\"$tables/users\"; canAuthenticate=YES; isAddressBook=YES;
                            displayName=Staff; userPasswordAlgorithm=plain;})") || wrong "sogod does not start"
    for _ in $(seq 300); do page && master=$(cat "$run/sogo.pid") && return; sleep 0.1; done
    wrong "sogod does not answer: $(tail -3 "$run/sogo.log")"
}

page() { curl -sf -m 10 "http://127.0.0.1:$port/SOGo/" >page; }
mend() { as sogo XDG_RUNTIME_DIR="$run" "$MEND" "$@"; }
sogod() { pgrep -f "WOPidFile $run"; }
workers() { pgrep -P "$master"; }

# is_old, is_new: each of a dozen answers, so that every worker has had its turn.
is() { for _ in $(seq 12); do page || wrong "no page"; grep -q -- "$1" page || wrong "the page has no $1: $(grep -i '<title' page)"; done; }
is_old() { is "$old"; }
is_new() { is "$new"; }

start_database
start_cache

the "sogod answers with the agent in it, in the master and in each worker"
start_sogo "$MEND" run --
until_true eval '[ "$(mend ps | grep -c " sogod ")" = 4 ]'
runs 0 mend ps --name sogod
[ "$(grep -c ' sogod ' out)" = 4 ] || wrong "not four processes"
is_old

the "a user logs in"
curl -s -m 10 -H 'Content-Type: application/json' -d '{"userName":"anna","password":"secret"}' "http://127.0.0.1:$port/SOGo/connect" >out
says '"cn":"Anna Example"'

for kind in ${MEND_KINDS:-m json js}; do cp "$SOURCE/tests/real/sogo/fix.$kind" . && chmod a+r "fix.$kind"; done
# Not the script: see "Forks" in docs/design/javascript.md. MEND_SCRIPTS=1 takes it along.
loaded=$(ls fix.* | if [ -n "${MEND_SCRIPTS:-}" ]; then cat; else grep -v '\.js$'; fi)
for fix in fix.*; do
    the "$fix: checked, applied to master and workers by one command, seen on every page, and taken back"
    runs 0 mend check "$fix" --name sogod
    runs 0 mend apply "$fix" --name sogod
    [ "$(grep -c ' applied ' out)" = 4 ] || wrong "not four rows"
    no_warning
    is_new
    runs 0 mend revert fix --name sogod
    [ "$(grep -c ' reverted ' out)" = 4 ] || wrong "not four rows"
    is_old

    the "$fix: a worker that dies is replaced by one that carries the patch"
    runs 0 mend apply "$fix" --name sogod
    victim=$(workers | head -1)
    kill -KILL "$victim"
    replaced() { [ "$(workers | wc -l)" = 3 ] && ! workers | grep -qx "$victim" && [ "$(mend ps --name sogod | grep -c ' fix$')" = 4 ]; }
    for _ in $(seq 150); do replaced && break; sleep 0.1; done
    replaced || wrong "$(mend ps --name sogod)"
    is_new
    runs 0 mend revert fix --name sogod
    is_old
done

the "a patch that does not check changes no process"
printf '@implementation UIxPageFrame\n- (int)title { return 1; }\n@end\n' >wrong.m
runs 5 mend apply wrong.m --name sogod
warns 'wrong.m:2:'
is_old

the "requests are answered through $rounds rounds of apply and revert, none failed"
mkfifo phases
"$BUILD/real/browse" "$port" /SOGo/ 4 "$old" "$new" <phases >figures &
browser=$!
started+=("$browser")
exec 4>phases
round() { mend apply "$1" --name sogod >out 2>err && mend revert fix --name sogod >>out 2>>err || wrong "$1: round $2 failed"; }
# SOGo's workers grow by some 200 bytes with each answer, patched or not. The master takes every patch and answers nobody:
# what a patch leaves behind is seen in it.
memory() { echo "private memory $1: $(private_kb $(workers)) KB in the workers, $(private_kb "$master") KB in the master" >>memory; }
echo warm >&4
for fix in $loaded; do for i in $(seq 30); do round "$fix" "warm $i"; done; done
sleep 2
memory "before"
echo without >&4
sleep "${MEND_BASE:-10}"
memory "after ${MEND_BASE:-10} s without patches"
between=$(private_kb "$master")
for fix in $loaded; do
    echo "$fix" >&4
    start=$(date +%s)
    for i in $(seq "$rounds"); do round "$fix" "$i"; done
    memory "after $rounds rounds of $fix in $(($(date +%s) - start)) s"
done
after=$(private_kb "$master")
exec 4>&-
wait "$browser" || wrong "the browser failed"
awk 'BEGIN { print "rounds answers failed old new p50_us p99_us max_us" } { print }' figures | column -t
cat memory
awk '$2 == 0 || $3 != 0 { bad = 1 } END { exit bad || NR != 2 + '$(wc -w <<<"$loaded")' }' figures || wrong "requests failed"
awk 'NR > 2 && ($4 == 0 || $5 == 0) { exit 1 }' figures || wrong "only one version was seen"

the "afterwards all is as before: the old page, no patch, the same processes, no memory kept"
is_old
runs 0 mend ps --name sogod
[ "$(grep -c ' sogod ' out)" = 4 ] && ! grep -q fix out || wrong "a patch is left"
[ $((after - between)) -lt 2048 ] || wrong "the memory of the master grew from $between to $after KB"
