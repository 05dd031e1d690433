/* SPDX-License-Identifier: MIT */
/*
 * The functions on points, rectangles and transforms that scripts for other systems call (spec/mango.md 21.4).
 * GNUstep base has none of them; the layouts are those of builtin.def, the conventions Quartz's: a point is a
 * row that a matrix multiplies from the right.
 */
#ifndef MN_LANG_BUILTIN_QUARTZ_H
#define MN_LANG_BUILTIN_QUARTZ_H

#include "lang/builtin/geometry.h"

#include <objc/objc.h>

struct mn_insets {
    double top, left, bottom, right;
};
struct mn_affine {
    double a, b, c, d, tx, ty;
};
struct mn_transform {
    double m[4][4];
};

struct mn_point mn_own_CGPointMake(double x, double y);
struct mn_size mn_own_CGSizeMake(double width, double height);
struct mn_rect mn_own_CGRectMake(double x, double y, double width, double height);
struct mn_size mn_own_CGVectorMake(double dx, double dy);
struct mn_point mn_own_UIOffsetMake(double horizontal, double vertical);
struct mn_insets mn_own_UIEdgeInsetsMake(double top, double left, double bottom, double right);
struct mn_affine mn_own_CGAffineTransformMake(double a, double b, double c, double d, double tx, double ty);
struct mn_affine mn_own_CGAffineTransformMakeScale(double sx, double sy);
struct mn_affine mn_own_CGAffineTransformMakeRotation(double angle);
struct mn_affine mn_own_CGAffineTransformMakeTranslation(double tx, double ty);
struct mn_affine mn_own_CGAffineTransformRotate(struct mn_affine t, double angle);
struct mn_affine mn_own_CGAffineTransformScale(struct mn_affine t, double sx, double sy);
struct mn_affine mn_own_CGAffineTransformTranslate(struct mn_affine t, double tx, double ty);
struct mn_affine mn_own_CGAffineTransformConcat(struct mn_affine first, struct mn_affine then);
struct mn_affine mn_own_CGAffineTransformFromString(id text); /* "[a, b, c, d, tx, ty]"; else the identity */
struct mn_transform mn_own_CATransform3DMakeScale(double sx, double sy, double sz);
double mn_own_CGRectGetWidth(struct mn_rect r);
double mn_own_CGRectGetHeight(struct mn_rect r);
double mn_own_CGRectGetMinX(struct mn_rect r);
double mn_own_CGRectGetMidX(struct mn_rect r);
double mn_own_CGRectGetMaxX(struct mn_rect r);
double mn_own_CGRectGetMinY(struct mn_rect r);
double mn_own_CGRectGetMidY(struct mn_rect r);
double mn_own_CGRectGetMaxY(struct mn_rect r);
bool mn_own_CGRectContainsPoint(struct mn_rect r, struct mn_point p);
#endif
