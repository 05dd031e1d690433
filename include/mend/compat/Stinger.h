/* SPDX-License-Identifier: MIT */
/*
 * The interface of Stinger over Mend: a program written for it includes <mend/compat/Stinger.h> instead and
 * links libmend.
 *
 *     [Cart st_hookInstanceMethod:@selector(add:) option:STOptionBefore usingIdentifier:@"log"
 *                       withBlock:^(id<StingerParams> params, id item) { ... }];
 *
 * What differs, and is meant to: nothing asserts, every refusal is a result; removing the last hook gives the
 * method back; a class and its objects may be hooked in any order. docs/design/faces.md has the reasons.
 *
 * Objective-C, clang with blocks; gcc can include it, and pass blocks made elsewhere.
 */
#ifndef MEND_COMPAT_STINGER_H
#define MEND_COMPAT_STINGER_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

typedef NSString *STIdentifier; /* unique for a receiver, selector and position */

typedef NSInteger STOption;
enum {
    STOptionAfter = 0,
    STOptionInstead = 1, /* one for a class and one for an object: a second replaces the first */
    STOptionBefore = 2,
    STOptionAutomaticRemoval = 1 << 3, /* takes itself away when it has run once */
    STOptionWeakCheckSignature =
        1 << 16 /* the block may take fewer arguments, and types need only travel alike */
};

typedef NSInteger STHookResult;
enum {
    STHookResultSuccess = 1,
    STHookResultSuccuss = STHookResultSuccess, /* as Stinger has it */
    STHookResultErrorMethodNotFound = -1,
    STHookResultErrorBlockNotMatched = -2,
    STHookResultErrorIDExisted = -3,
    STHookResultOther = -4 /* the log says why */
};

/* What the first parameter of a block tells about the call; valid as long as the block runs, and the values
 * it has given for as long as they are kept. */
@protocol StingerParams <NSObject>
- (id)slf;
- (SEL)sel;
- (NSArray *)arguments;     /* as objects, NSNull for nil */
- (NSString *)typeEncoding; /* of the method */
/* Runs what the hook stands in front of or in place of; its result goes to this address unless it is NULL. */
- (void)invokeAndGetOriginalRetValue:(void *)retLoc;
@end

@interface
NSObject (MendStinger)
+ (STHookResult)st_hookInstanceMethod:(SEL)sel
                               option:(STOption)option
                      usingIdentifier:(STIdentifier)identifier
                            withBlock:(id)block;
+ (STHookResult)st_hookClassMethod:(SEL)sel
                            option:(STOption)option
                   usingIdentifier:(STIdentifier)identifier
                         withBlock:(id)block;
/* Of the class's hooks on its instance methods, then on its class methods: before, instead, after. */
+ (NSArray *)st_allIdentifiersForKey:(SEL)key;
/* NO when there is none. Removes those of all positions. */
+ (BOOL)st_removeHookWithIdentifier:(STIdentifier)identifier forKey:(SEL)key;

/* The same for this object alone. */
- (STHookResult)st_hookInstanceMethod:(SEL)sel
                               option:(STOption)option
                      usingIdentifier:(STIdentifier)identifier
                            withBlock:(id)block;
- (NSArray *)st_allIdentifiersForKey:(SEL)key;
- (BOOL)st_removeHookWithIdentifier:(STIdentifier)identifier forKey:(SEL)key;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the methods above in place. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_stinger_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_stinger_begin(void)
{
    mend_stinger_use();
}
#endif
