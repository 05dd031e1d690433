/* SPDX-License-Identifier: MIT */
#include "numeric.h"

double sqrt(double x);

static double u[200], v[200], t[200];

static double element(int i, int j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void times(const double *from, double *to, int n)
{
    for (int i = 0; i < n; i++) {
        double s = 0;

        for (int j = 0; j < n; j++)
            s += element(i, j) * from[j];
        to[i] = s;
    }
}

static void times_transposed(const double *from, double *to, int n)
{
    for (int i = 0; i < n; i++) {
        double s = 0;

        for (int j = 0; j < n; j++)
            s += element(j, i) * from[j];
        to[i] = s;
    }
}

double kernel_spectral(int n)
{
    double vbv = 0, vv = 0;

    for (int i = 0; i < n; i++)
        u[i] = 1;
    for (int i = 0; i < 10; i++) {
        times(u, t, n);
        times_transposed(t, v, n);
        times(v, t, n);
        times_transposed(t, u, n);
    }
    for (int i = 0; i < n; i++) {
        vbv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return sqrt(vbv / vv);
}
