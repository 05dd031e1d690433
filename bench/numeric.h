/* SPDX-License-Identifier: MIT */
/* The kernels of bench/numeric/ as gcc -O2 makes them; the patch gets the text of the same files. */
#ifndef BENCH_NUMERIC_H
#define BENCH_NUMERIC_H

double kernel_fib(int n);
double kernel_loop(int n);
double kernel_sieve(int n);
double kernel_nbody(int n);
double kernel_mandelbrot(int n);
double kernel_spectral(int n);
double kernel_matmul(int n);
#endif
