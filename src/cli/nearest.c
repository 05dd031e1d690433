/* SPDX-License-Identifier: MIT */
/* The number of letters to insert, remove, replace or swap with the next, one row of the table at a time. */
#include "cli/nearest.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau's distance between a[0..n) and b[0..m), both at most LONGEST letters long. */
static size_t
distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][LONGEST + 1];

    for (size_t i = 0; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            if (i == 0) {
                row[j] = j;
                continue;
            }
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

void
mn_nearest_offer(struct mn_nearest *nearest, const char *known)
{
    size_t length = strlen(known), d;

    if (nearest->length > LONGEST || length > LONGEST)
        return;
    d = distance(nearest->word, nearest->length, known, length);
    if (d * 3 > length || (nearest->best != NULL && d >= nearest->distance))
        return;
    nearest->best = known;
    nearest->distance = d;
}
