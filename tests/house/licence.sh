#!/bin/sh
# SPDX-License-Identifier: MIT
# Each source names its licence in its first two lines.
set -eu
bad=0
for f in Makefile CMakeLists.txt $(find src include tests fuzz bench examples cmake tools .ci -type f \
    \( -name '*.[chmS]' -o -name '*.cc' -o -name '*.def' -o -name '*.cmake' -o -name CMakeLists.txt -o -name '*.sh' -o -name '*.awk' \
       -o -path 'tools/*' -o -path '.ci/*' \) ! -path '*/corpus/*' ! -path 'tests/lang/*' ! -path 'tests/live/*.m'); do
    case $(sed 2q "$f" | tr '\n' ' ') in
    *SPDX-License-Identifier:\ MIT*) ;;
    *)
        echo "$f: no line 'SPDX-License-Identifier: MIT' at its top"
        bad=1
        ;;
    esac
done
exit $bad
