/* SPDX-License-Identifier: MIT */
#include "numeric.h"

double kernel_mandelbrot(int n)
{
    int inside = 0;

    for (int row = 0; row < n; row++) {
        for (int column = 0; column < n; column++) {
            double cr = 2.0 * column / n - 1.5, ci = 2.0 * row / n - 1.0, zr = 0, zi = 0, r2 = 0, i2 = 0;
            int i;

            for (i = 0; i < 50 && r2 + i2 <= 4; i++) {
                zi = 2 * zr * zi + ci;
                zr = r2 - i2 + cr;
                r2 = zr * zr;
                i2 = zi * zi;
            }
            if (i == 50)
                inside++;
        }
    }
    return inside;
}
