#!/bin/bash
# SPDX-License-Identifier: MIT
# What `make demo` runs.
. "${SOURCE:?}/tests/live/lib.sh" || exit 1

the "the demo shows what it promises"
MEND=$MEND runs 0 "$SOURCE/examples/demo"
says 'Every answer was as expected'
no_warning
