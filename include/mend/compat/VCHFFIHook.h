/* SPDX-License-Identifier: MIT */
/*
 * The interface of VCHFFIHook over Mend: a program written for it includes <mend/compat/VCHFFIHook.h> instead
 * and links libmend.
 *
 *     [VCHFFIHook hookClass:[Cart class] hookSelector:@selector(total)
 *                    target:[CartFix class] targetSelector:@selector(fixed_total)];
 *
 * Afterwards [cart total] runs what instances of CartFix run for fixed_total, with the cart as `self`, `_cmd`
 * as it was sent and arguments and result of every type. The target's method is looked up at each call. For
 * Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_VCHFFIHOOK_H
#define MEND_COMPAT_VCHFFIHOOK_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

@interface VCHFFIHook : NSObject
/*
 * NO, with the reason in the log, when one of the methods does not exist or their types differ. A method that
 * is hooked already stays with its first target, and the answer is YES. There is no way back in this
 * interface. An inherited method is hooked for this class alone.
 */
+ (BOOL)hookClass:(Class)hookClass
      hookSelector:(SEL)hookSelector
            target:(Class)target
    targetSelector:(SEL)targetSelector;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the class. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_vchffihook_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_vchffihook_begin(void)
{
    mend_vchffihook_use();
}
#endif
