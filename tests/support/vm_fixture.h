/* SPDX-License-Identifier: MIT */
/* Classes for the machine to send to, an object that counts its references, and a short way to finish a builder. */
#ifndef MN_TESTS_VM_FIXTURE_H
#define MN_TESTS_VM_FIXTURE_H

#include "vm/builder.h"

/* The finished program; fails the test with the builder's message. Frees the builder. */
struct mn_program *vm_finish(struct mn_builder *builder);

/* Opens a function named `name` of these types in a builder of its own. */
struct mn_code *vm_open(struct mn_builder **builder, const char *name, const char *types);

#ifdef __OBJC__
#import <Foundation/Foundation.h>

typedef struct {
    double x, y;
} VmPoint;
typedef struct {
    VmPoint origin, size;
} VmRect;
typedef struct {
    int a;
    float b;
} VmSmall;
typedef struct {
    char bytes[3];
} VmOdd;

@interface VmFixture : NSObject
{
  @public
    short small;
    id kept;
}
- (void)nothing;
- (int)one;
- (signed char)negativeChar; /* plain char has no sign everywhere */
- (unsigned short)wideShort;
- (BOOL)yes;
- (float)half;
- (double)twice:(double)x;
- (float)float:(float)x plus:(int)i;
- (long double)wide:(long double)x;
- (long)sum:(int)a :(long)b :(short)c :(char)d :(unsigned)e :(int)f :(int)g :(int)h;
- (double)mix:(int)a :(double)b :(float)c :(id)o :(double)d;
- (VmPoint)point:(VmPoint)p;
- (VmRect)rect:(VmRect)r grownBy:(double)by;
- (VmSmall)small:(VmSmall)s;
- (VmOdd)odd:(VmOdd)o;
- (NSRange)range:(NSRange)r;
- (id)same:(id)o;
- (SEL)command;
- (int)count:(int)n, ...;
- (void)store:(int *)place;
- (void)raise;
- (int)overridden;
+ (int)classSide;
@end

@interface VmChild : VmFixture
- (int)overridden;
@end

/* Answers every selector by forwarding; remembers the last one. */
@interface VmForwarder : NSObject
{
  @public
    SEL forwarded;
}
@end

/* Counts its own references. */
@interface VmCounted : NSObject
+ (long)retains;
+ (long)releases;
+ (long)alive;
+ (void)reset;
+ (void)raiseFrom:(id)sender;
@end
#endif
#endif
