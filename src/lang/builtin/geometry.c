/* SPDX-License-Identifier: MIT */
/* Foundation's inline functions on ranges, points, sizes and rectangles. */
#include "lang/builtin/geometry.h"

struct mn_range
mn_own_NSMakeRange(unsigned long location, unsigned long length)
{
    return (struct mn_range){location, length};
}

unsigned long
mn_own_NSMaxRange(struct mn_range r)
{
    return r.location + r.length;
}

bool
mn_own_NSLocationInRange(unsigned long location, struct mn_range r)
{
    return location >= r.location && location < r.location + r.length;
}

bool
mn_own_NSEqualRanges(struct mn_range a, struct mn_range b)
{
    return a.location == b.location && a.length == b.length;
}

struct mn_point
mn_own_NSMakePoint(double x, double y)
{
    return (struct mn_point){x, y};
}

struct mn_size
mn_own_NSMakeSize(double width, double height)
{
    return (struct mn_size){width, height};
}

struct mn_rect
mn_own_NSMakeRect(double x, double y, double width, double height)
{
    return (struct mn_rect){{x, y}, {width, height}};
}

bool
mn_own_NSEqualPoints(struct mn_point a, struct mn_point b)
{
    return a.x == b.x && a.y == b.y;
}

bool
mn_own_NSEqualSizes(struct mn_size a, struct mn_size b)
{
    return a.width == b.width && a.height == b.height;
}

bool
mn_own_NSEqualRects(struct mn_rect a, struct mn_rect b)
{
    return mn_own_NSEqualPoints(a.origin, b.origin) && mn_own_NSEqualSizes(a.size, b.size);
}

double
mn_own_NSMinX(struct mn_rect r)
{
    return r.origin.x;
}

double
mn_own_NSMinY(struct mn_rect r)
{
    return r.origin.y;
}

double
mn_own_NSMidX(struct mn_rect r)
{
    return r.origin.x + r.size.width / 2;
}

double
mn_own_NSMidY(struct mn_rect r)
{
    return r.origin.y + r.size.height / 2;
}

double
mn_own_NSMaxX(struct mn_rect r)
{
    return r.origin.x + r.size.width;
}

double
mn_own_NSMaxY(struct mn_rect r)
{
    return r.origin.y + r.size.height;
}

double
mn_own_NSWidth(struct mn_rect r)
{
    return r.size.width;
}

double
mn_own_NSHeight(struct mn_rect r)
{
    return r.size.height;
}

bool
mn_own_NSPointInRect(struct mn_point p, struct mn_rect r)
{
    return p.x >= r.origin.x && p.y >= r.origin.y && p.x < mn_own_NSMaxX(r) && p.y < mn_own_NSMaxY(r);
}

bool
mn_own_NSIsEmptyRect(struct mn_rect r)
{
    return !(r.size.width > 0 && r.size.height > 0);
}
