/* SPDX-License-Identifier: MIT */
#include "numeric.h"

double kernel_sieve(int n)
{
    static char composite[65536];
    int count = 0;

    for (int round = 0; round < n; round++) {
        count = 0;
        for (int i = 0; i < 65536; i++)
            composite[i] = 0;
        for (int i = 2; i < 65536; i++) {
            if (composite[i])
                continue;
            count++;
            for (int k = i + i; k < 65536; k += i)
                composite[k] = 1;
        }
    }
    return count;
}
