#!/bin/bash
# SPDX-License-Identifier: MIT
# mend explain and mend completion: what they print is made of the tables, and works.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

the "every error is listed"
runs 0 "$MEND" explain
[ "$(wc -l <out)" = "$(grep -c '^X(' "$SOURCE/include/mend/status.def")" ] || wrong "not every status"
says '^E0112  SIGNATURE_MISMATCH +5  the signature contradicts'

the "one is explained, by its number or by its name"
runs 0 "$MEND" explain E0112
says '^E0112  the signature contradicts the method.s  \(MEND_SIGNATURE_MISMATCH, exit code 5\)$'
says '^Remedy: declare the method with the types it already has$'
cp out by-number
for code in 112 e112 signature-mismatch MEND_SIGNATURE_MISMATCH; do
    runs 0 "$MEND" explain "$code"
    cmp -s by-number out || wrong "$code is explained otherwise"
done

the "a wrong one is refused, with what was meant"
runs 2 "$MEND" explain SIGNATURE_MISMATSH
warns "did you mean 'SIGNATURE_MISMATCH'"
runs 2 "$MEND" explain E9999

the "as JSON"
runs 0 "$MEND" explain 2 100 --json
says '"code": *2.*"code": *100'

the "bash completes verbs, options and the values of options"
runs 0 "$MEND" completion bash
cp out completion.bash
complete_line() { # WORDS...: what bash would offer
    bash -c '. ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mend 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' - "$@" >out
}
complete_line mend ap
[ "$(cat out)" = apply ] || wrong "ap is completed as $(cat out)"
complete_line mend apply --p
[ "$(cat out)" = --pid ] || wrong "--p is completed as $(cat out)"
complete_line mend apply --color a
[ "$(sort out | tr '\n' ' ')" = "always auto " ] || wrong "--color a is completed as $(cat out)"
: >fix-1.m
complete_line mend apply fix-
[ "$(cat out)" = fix-1.m ] || wrong "fix- is completed as $(cat out)"

the "the scripts for the other shells parse, where the shell is there"
runs 0 "$MEND" completion zsh
says "'--pid=\[the process; may be given again\]:PID:_mend_pids'"
if command -v zsh >/dev/null; then zsh -n out || wrong "zsh does not read it"; fi
runs 0 "$MEND" completion fish
says "^complete -c mend -n '__fish_seen_subcommand_from apply' -l pid -s p "
if command -v fish >/dev/null; then fish -n out || wrong "fish does not read it"; fi

the "another shell is a usage error"
runs 2 "$MEND" completion csh
runs 2 "$MEND" completion
