/* SPDX-License-Identifier: MIT */
#include "numeric.h"

double kernel_loop(int n)
{
    unsigned s = 1;

    for (int i = 0; i < n; i++) {
        s = s * 1664525 + 1013904223;
        if ((s >> 16 & 3) == 1)
            s ^= i;
    }
    return s;
}
