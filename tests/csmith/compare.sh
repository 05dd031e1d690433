#!/bin/sh
# SPDX-License-Identifier: MIT
# Random C programs, compiled by gcc and run by the machine: compare.sh RUN_MAIN FIRST LAST [MOST_SKIPPED_PERCENT]
#
# Seeds FIRST to LAST of csmith with its standard options. Both sides get the same preprocessed text; the checksums each
# prints at its end must be equal. Even seeds meet gcc -O2, odd ones -O1. A program that the language refuses is
# skipped, counted, and its first message shown; one that gcc's version does not end within 2 seconds, or without its
# optimiser within 10 where the machine needs more than 120, is left out.
# Ends with one line of figures. A difference keeps its program and says how to repeat it.
set -u
here=$(cd "$(dirname "$0")" && pwd)

if [ "$1" = one ]; then # compare.sh one RUN_MAIN FOLDER SEED: one line about it
    run_main=$2 dir=$3 seed=$4
    cd "$dir" || exit 1
    headers=$(pkg-config --variable=includedir csmith 2>/dev/null || true)
    [ -n "$headers" ] || headers=/usr/include/csmith
    level=-O$((2 - seed % 2))
    csmith --seed "$seed" >"$seed.c" && gcc -E -P -nostdinc -I "$here/include" -I "$headers" "$seed.c" -o "$seed.i" &&
        gcc -w $level -x c "$seed.i" -o "$seed.exe" || { echo "broken $seed"; exit 0; }
    if ! timeout 2 "./$seed.exe" >"$seed.want" 2>/dev/null; then
        echo endless
    else
        plain= # one in four without the machine's optimiser
        [ $((seed % 4)) != 0 ] || plain=-plain
        timeout 120 "$run_main" $plain "$seed.i" >"$seed.got" 2>"$seed.err"
        status=$?
        if [ $status = 3 ]; then
            sed -n "1s/^[0-9]*: /skipped /p" "$seed.err"
        elif [ $status = 0 ] && cmp -s "$seed.want" "$seed.got"; then
            echo same
        elif [ $status = 124 ] && gcc -w -O0 -x c "$seed.i" -o "$seed.exe" &&
            ! timeout 10 "./$seed.exe" >/dev/null 2>&1; then
            echo endless # gcc's optimiser took away most of what it does
        else
            echo "different $seed: $(cat "$seed.got") (exit $status), gcc $level: $(cat "$seed.want")"
            exit 0
        fi
    fi
    rm -f "$seed".*
    exit 0
fi

run_main=$1 first=$2 last=$3 most=${4:-10}
dir=$(mktemp -d "${TMPDIR:-/tmp}/mend-csmith.XXXXXX") || exit 1
seq "$first" "$last" | xargs -P "${JOBS:-2}" -n 1 sh "$here/compare.sh" one "$run_main" "$dir" >"$dir/lines"

count() # PATTERN
{
    grep -c "$1" "$dir/lines"
}
same=$(count '^same') skipped=$(count '^skipped') endless=$(count '^endless')
different=$(count '^different') broken=$(count '^broken')
grep '^skipped' "$dir/lines" | sort | uniq -c | sort -rn | head -20
echo "csmith seeds $first to $last: $same equal, $skipped skipped, $different different, $endless without end, $broken not compiled"
if [ "$different" != 0 ]; then
    grep '^different' "$dir/lines"
    echo "kept in $dir; repeat one: sh $here/compare.sh one $run_main $dir SEED"
    exit 1
fi
rm -rf "$dir"
[ "$same" != 0 ] && [ $((skipped * 100)) -le $((most * (same + skipped + different))) ]
