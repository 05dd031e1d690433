/* SPDX-License-Identifier: MIT */
double fabs(double x);
float fabsf(float x);
double ldexp(double x, int e);
float ldexpf(float x, int e);
