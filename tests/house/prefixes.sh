#!/bin/sh
# SPDX-License-Identifier: MIT
# prefixes.sh FILE: every external name that the object files listed in FILE define begins with mn_ or mend_.
# (Local to an object are the compiler's own: its Objective-C tables, weak personality references.)
set -eu
xargs nm --defined-only --extern-only --format=posix <"$1" | awk '
/:$/ { object = $1; next }
$1 !~ /^(mn_|mend_)/ && $1 !~ /^DW\.ref\./ && $1 !~ /^(__objc_class_name_|\.objc|__OBJC|_OBJC)/ {
    print object, $1
    bad = 1
}
END { exit bad }'
