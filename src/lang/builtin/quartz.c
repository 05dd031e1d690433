/* SPDX-License-Identifier: MIT */
/* Points, rectangles and transforms. Widths and heights may be negative: edges are those of the rectangle meant. */
#include "lang/builtin/quartz.h"

#include "runtime/runtime.h"

#include <math.h>
#include <stdio.h>

struct mn_point
mn_own_CGPointMake(double x, double y)
{
    return (struct mn_point){x, y};
}

struct mn_size
mn_own_CGSizeMake(double width, double height)
{
    return (struct mn_size){width, height};
}

struct mn_rect
mn_own_CGRectMake(double x, double y, double width, double height)
{
    return (struct mn_rect){{x, y}, {width, height}};
}

struct mn_size
mn_own_CGVectorMake(double dx, double dy)
{
    return (struct mn_size){dx, dy};
}

struct mn_point
mn_own_UIOffsetMake(double horizontal, double vertical)
{
    return (struct mn_point){horizontal, vertical};
}

struct mn_insets
mn_own_UIEdgeInsetsMake(double top, double left, double bottom, double right)
{
    return (struct mn_insets){top, left, bottom, right};
}

/* ---- transforms ---- */

struct mn_affine
mn_own_CGAffineTransformMake(double a, double b, double c, double d, double tx, double ty)
{
    return (struct mn_affine){a, b, c, d, tx, ty};
}

struct mn_affine
mn_own_CGAffineTransformMakeScale(double sx, double sy)
{
    return (struct mn_affine){sx, 0, 0, sy, 0, 0};
}

struct mn_affine
mn_own_CGAffineTransformMakeRotation(double angle)
{
    double s = sin(angle), c = cos(angle);

    return (struct mn_affine){c, s, -s, c, 0, 0};
}

struct mn_affine
mn_own_CGAffineTransformMakeTranslation(double tx, double ty)
{
    return (struct mn_affine){1, 0, 0, 1, tx, ty};
}

struct mn_affine
mn_own_CGAffineTransformConcat(struct mn_affine p, struct mn_affine q)
{
    return (struct mn_affine){p.a * q.a + p.b * q.c,          p.a * q.b + p.b * q.d,
                              p.c * q.a + p.d * q.c,          p.c * q.b + p.d * q.d,
                              p.tx * q.a + p.ty * q.c + q.tx, p.tx * q.b + p.ty * q.d + q.ty};
}

struct mn_affine
mn_own_CGAffineTransformRotate(struct mn_affine t, double angle)
{
    return mn_own_CGAffineTransformConcat(mn_own_CGAffineTransformMakeRotation(angle), t);
}

struct mn_affine
mn_own_CGAffineTransformScale(struct mn_affine t, double sx, double sy)
{
    return mn_own_CGAffineTransformConcat(mn_own_CGAffineTransformMakeScale(sx, sy), t);
}

struct mn_affine
mn_own_CGAffineTransformTranslate(struct mn_affine t, double tx, double ty)
{
    return mn_own_CGAffineTransformConcat(mn_own_CGAffineTransformMakeTranslation(tx, ty), t);
}

struct mn_affine
mn_own_CGAffineTransformFromString(id string)
{
    SEL utf8 = mn_selector("UTF8String");
    struct mn_affine t;
    const char *text = string == nil ? NULL : ((const char *(*)(id, SEL))(void *)mn_lookup(string, utf8))(string, utf8);

    if (text != NULL &&
        sscanf(text, " [ %lf , %lf , %lf , %lf , %lf , %lf", &t.a, &t.b, &t.c, &t.d, &t.tx, &t.ty) == 6)
        return t;
    return mn_own_CGAffineTransformMakeScale(1, 1);
}

struct mn_transform
mn_own_CATransform3DMakeScale(double sx, double sy, double sz)
{
    return (struct mn_transform){{{sx}, {0, sy}, {0, 0, sz}, {0, 0, 0, 1}}};
}

/* ---- rectangles ---- */

double
mn_own_CGRectGetWidth(struct mn_rect r)
{
    return fabs(r.size.width);
}

double
mn_own_CGRectGetHeight(struct mn_rect r)
{
    return fabs(r.size.height);
}

static double
low(double origin, double extent)
{
    return fmin(origin, origin + extent);
}

static double
middle(double origin, double extent)
{
    return origin + extent / 2;
}

static double
high(double origin, double extent)
{
    return fmax(origin, origin + extent);
}

double
mn_own_CGRectGetMinX(struct mn_rect r)
{
    return low(r.origin.x, r.size.width);
}

double
mn_own_CGRectGetMidX(struct mn_rect r)
{
    return middle(r.origin.x, r.size.width);
}

double
mn_own_CGRectGetMaxX(struct mn_rect r)
{
    return high(r.origin.x, r.size.width);
}

double
mn_own_CGRectGetMinY(struct mn_rect r)
{
    return low(r.origin.y, r.size.height);
}

double
mn_own_CGRectGetMidY(struct mn_rect r)
{
    return middle(r.origin.y, r.size.height);
}

double
mn_own_CGRectGetMaxY(struct mn_rect r)
{
    return high(r.origin.y, r.size.height);
}

bool
mn_own_CGRectContainsPoint(struct mn_rect r, struct mn_point p)
{
    return p.x >= mn_own_CGRectGetMinX(r) && p.x < mn_own_CGRectGetMaxX(r) && p.y >= mn_own_CGRectGetMinY(r) &&
           p.y < mn_own_CGRectGetMaxY(r);
}
