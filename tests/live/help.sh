#!/bin/bash
# SPDX-License-Identifier: MIT
# The help of each verb is what golden/ has; UPDATE=1 writes it anew.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1
golden=$SOURCE/tests/live/golden

compare() {
    [ -z "${UPDATE:-}" ] || cp out "$golden/$1.txt"
    diff -u "$golden/$1.txt" out >diff || wrong "differs from golden/$1.txt: $(cat diff)"
}

the "the overview"
runs 0 "$MEND" --help
compare overview
runs 0 "$MEND" help
compare overview

for verb in $(sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' out); do
    the "$verb"
    runs 0 "$MEND" "$verb" --help
    compare "$verb"
    head -3 out | sed -n '1p' | grep -q '^Examples:$' || wrong "examples do not come first"
    [ "$(sed -n '2,3p' out | grep -c '^  mend ')" = 2 ] || wrong "not two examples"
    no_warning
    runs 0 "$MEND" "$verb" -h
    compare "$verb"
    runs 0 "$MEND" help "$verb"
    compare "$verb"
done

the "the version"
runs 0 "$MEND" version
says '^mend [0-9]+\.[0-9]+\.[0-9]+$'
runs 0 "$MEND" --version
runs 2 "$MEND" help nothing
