/* SPDX-License-Identifier: MIT */
/*
 * The interface of Aspects over Mend: a program written for it includes <mend/compat/Aspects.h> instead and
 * links libmend.
 *
 *     [UIButton aspect_hookSelector:@selector(press:) withOptions:AspectPositionBefore
 *                        usingBlock:^(id<AspectInfo> info, id sender) { ... } error:&error];
 *
 * What differs, and is meant to (docs/design/faces.md has the reasons): the method runs with the `_cmd` that
 * was sent; classes that are observed, hooks of several kinds on one method, removal of one of many and
 * structure results work; a block whose arguments would travel otherwise than the method's is refused as
 * incompatible although the first letters of their encodings agree. A captured object is kept alive only as
 * far as the blocks runtime of the program keeps it.
 *
 * Objective-C, clang with blocks; gcc can include it, and pass blocks made elsewhere.
 */
#ifndef MEND_COMPAT_ASPECTS_H
#define MEND_COMPAT_ASPECTS_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

typedef NSUInteger AspectOptions;
enum {
    AspectPositionAfter = 0,   /* behind the method and everything in its place */
    AspectPositionInstead = 1, /* in its place; [info.originalInvocation invoke] runs what was there */
    AspectPositionBefore = 2,  /* in front of it */
    AspectOptionAutomaticRemoval = 1 << 3 /* takes itself away when it has run once */
};

typedef NSUInteger AspectErrorCode;
enum {
    AspectErrorSelectorBlacklisted = 0,      /* retain, release, autorelease, forwardInvocation: */
    AspectErrorDoesNotRespondToSelector = 1, /* neither the receiver nor its instances know it */
    AspectErrorSelectorDeallocPosition = 2,  /* dealloc takes only AspectPositionBefore */
    AspectErrorSelectorAlreadyHookedInClassHierarchy = 3, /* by a subclass or a superclass */
    AspectErrorFailedToAllocateClassPair = 4,       /* the hook could not be placed; the text says why */
    AspectErrorMissingBlockSignature = 5,           /* no block, or one without a signature */
    AspectErrorIncompatibleBlockSignature = 6,      /* its parameters are not the method's */
    AspectErrorRemoveObjectAlreadyDeallocated = 100 /* logged by -remove that comes too late */
};

static NSString *const AspectErrorDomain __attribute__((unused)) = @"AspectErrorDomain";

/* A hook in place. Letting go of the token leaves the hook where it is. */
@protocol AspectToken <NSObject>
/* YES once; NO when it was removed before or its object is gone. Any thread, also from inside the block. */
- (BOOL)remove;
@end

/* What the first parameter of a block tells about the call. */
@protocol AspectInfo <NSObject>
- (id)instance;                       /* the receiver; nil once the call is over and the receiver is gone */
- (NSInvocation *)originalInvocation; /* the call: its arguments and result are read and changed through it,
                                         and -invoke runs what the hook stands in front of or in place of */
- (NSArray *)arguments;               /* as objects, NSNull for nil */
@end

@interface
NSObject (MendAspects)
/* On a class: all its objects, and those of subclasses. On a metaclass (object_getClass(cls)): class methods.
 * nil and an error when refused; nothing has changed then. A nil selector or block raises. */
+ (id<AspectToken>)aspect_hookSelector:(SEL)selector
                           withOptions:(AspectOptions)options
                            usingBlock:(id)block
                                 error:(NSError **)error;
/* On this object alone. */
- (id<AspectToken>)aspect_hookSelector:(SEL)selector
                           withOptions:(AspectOptions)options
                            usingBlock:(id)block
                                 error:(NSError **)error;
@end

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whether a class is refused while a superclass or subclass of it has the same selector hooked through this
 * face, as Aspects has to (1, the default), or both may be hooked and both run (0). Gives the earlier answer.
 * Any thread.
 */
MEND_API int mend_aspects_refuse_hierarchy(int refuse);

/* Puts the methods above in place. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_aspects_use(const void *error_domain);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_aspects_begin(void)
{
    mend_aspects_use((const void *)AspectErrorDomain);
}
#endif
