/* SPDX-License-Identifier: MIT */
/*
 * Foundation's inline functions, which no program has as symbols: ranges, points, sizes, rectangles.
 *
 * Called by patches through their address with the encodings of builtin.def; layouts are Foundation's.
 */
#ifndef MN_LANG_BUILTIN_GEOMETRY_H
#define MN_LANG_BUILTIN_GEOMETRY_H

#include <stdbool.h>

struct mn_range {
    unsigned long location, length;
};
struct mn_point {
    double x, y;
};
struct mn_size {
    double width, height;
};
struct mn_rect {
    struct mn_point origin;
    struct mn_size size;
};

struct mn_range mn_own_NSMakeRange(unsigned long location, unsigned long length);
unsigned long mn_own_NSMaxRange(struct mn_range r);
bool mn_own_NSLocationInRange(unsigned long location, struct mn_range r);
bool mn_own_NSEqualRanges(struct mn_range a, struct mn_range b);
struct mn_point mn_own_NSMakePoint(double x, double y);
struct mn_size mn_own_NSMakeSize(double width, double height);
struct mn_rect mn_own_NSMakeRect(double x, double y, double width, double height);
bool mn_own_NSEqualPoints(struct mn_point a, struct mn_point b);
bool mn_own_NSEqualSizes(struct mn_size a, struct mn_size b);
bool mn_own_NSEqualRects(struct mn_rect a, struct mn_rect b);
double mn_own_NSMinX(struct mn_rect r);
double mn_own_NSMinY(struct mn_rect r);
double mn_own_NSMidX(struct mn_rect r);
double mn_own_NSMidY(struct mn_rect r);
double mn_own_NSMaxX(struct mn_rect r);
double mn_own_NSMaxY(struct mn_rect r);
double mn_own_NSWidth(struct mn_rect r);
double mn_own_NSHeight(struct mn_rect r);
bool mn_own_NSPointInRect(struct mn_point p, struct mn_rect r);
bool mn_own_NSIsEmptyRect(struct mn_rect r);
#endif
