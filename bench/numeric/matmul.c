/* SPDX-License-Identifier: MIT */
#include "numeric.h"

static double a[120][120], b[120][120], c[120][120];

double kernel_matmul(int n)
{
    double trace = 0;

    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            a[i][j] = i - j;
            b[i][j] = i + j;
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double s = 0;

            for (int k = 0; k < n; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s;
        }
    for (int i = 0; i < n; i++)
        trace += c[i][i];
    return trace;
}
