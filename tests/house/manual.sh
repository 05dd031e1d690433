#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page formats without a warning and agrees with the lists it describes: statuses, exit codes, options, verbs.
set -eu
page=docs/man/mend.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

compare() # WHAT EXPECTED FOUND
{
    sort -u "$2" >"$2.sorted"
    sort -u "$3" >"$3.sorted"
    if ! diff "$2.sorted" "$3.sorted"; then
        echo "$page: $1: < must be there, > must not"
        bad=1
    fi
}

groff -mdoc -Tutf8 -ww -z "$page" 2>"$work/warnings" || bad=1
if [ -s "$work/warnings" ]; then
    cat "$work/warnings"
    bad=1
fi

statuses() # FORMAT: one line a status, $1 number, $2 exit code, $3 text
{
    sed -n 's/^X([A-Z_]*, \([0-9]*\), \([0-9]*\), "\(.*\)", ".*")$/\1|\2|\3/p' include/mend/status.def |
        awk -F'|' -v format="$1" '{ printf format "\n", $1, $2, $3 }'
}

statuses '.It E%04d Ta %s Ta %s' | grep -v E0000 >"$work/errors"
grep '^\.It E[0-9]' "$page" >"$work/errors-found" || true
compare DIAGNOSTICS "$work/errors" "$work/errors-found"

statuses '%.0s%s%.0s' >"$work/codes"
sed -n 's/^\.It \([0-9][0-9]*\) Ta.*/\1/p' "$page" >"$work/codes-found"
compare 'EXIT STATUS' "$work/codes" "$work/codes-found"

sed -n 's/^X([A-Z_]*, [^,]*, "\([a-z-]*\)".*/\1/p' src/cli/options.def >"$work/options"
sed -n 's/^\.It .*Fl -\([a-z-]*\).*/\1/p' "$page" >"$work/options-found"
compare Options "$work/options" "$work/options-found"

for verb in src/cli/cmd_*.c; do
    basename "$verb" .c | sed 's/^cmd_//'
done >"$work/verbs"
sed -n 's/^\.It Cm \([a-z]*\)$/\1/p' "$page" >"$work/verbs-found"
compare Verbs "$work/verbs" "$work/verbs-found"
exit $bad
