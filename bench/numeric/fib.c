/* SPDX-License-Identifier: MIT */
#include "numeric.h"

static int fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

double kernel_fib(int n)
{
    return fib(n);
}
