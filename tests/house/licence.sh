#!/bin/sh
# SPDX-License-Identifier: MIT
# Each source names its licence in its first two lines.
set -eu
find Makefile CMakeLists.txt src include tests fuzz bench examples cmake tools .ci -type f -size +0 \
    \( -name '*.[chmS]' -o -name '*.cc' -o -name '*.def' -o -name '*.cmake' -o -name CMakeLists.txt -o -name '*.sh' -o -name '*.awk' \
       -o -name Makefile -o -path 'tools/*' -o -path '.ci/*' \) ! -path '*/corpus/*' ! -path 'tests/lang/*' ! -path 'tests/live/*.m' |
    xargs awk '
        FNR == 1 { bad[FILENAME] }
        FNR <= 2 && /SPDX-License-Identifier: MIT/ { delete bad[FILENAME] }
        FNR > 2 { nextfile }
        END { for (f in bad) { print f ": no line \"SPDX-License-Identifier: MIT\" at its top"; wrong = 1 } exit wrong }'
