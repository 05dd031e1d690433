/* SPDX-License-Identifier: MIT */
/*
 * OCRunner's interface over Mend: a program written for it includes <mend/compat/ORInterpreter.h> instead and links
 * libmend.
 *
 *     [ORInterpreter excuteBinaryPatchFile:path];    // what `mend build fix.m` wrote (the spelling is OCRunner's)
 *     [ORInterpreter recover];                       // every method is exactly what it was
 *
 * Sources are Objective-C in the ocrunner profile: what is not there is logged and reads as zero. A patch that is
 * wrong changes nothing; what is wrong with it is in the log. Any thread. For Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_ORINTERPRETER_H
#define MEND_COMPAT_ORINTERPRETER_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

@interface ORInterpreter : NSObject
/* Puts a source into force, on top of what was executed before. */
+ (void)executeSourceCode:(NSString *)source;

/* The same for a compiled unit. Files that OCRunner's own generator wrote are no units: build the source again. */
+ (void)excuteBinaryPatchFile:(NSString *)path;

/* Takes everything back that was executed through this class, the last first. */
+ (void)recover;

/* The same; with YES also the variables that executed sources shared are forgotten. */
+ (void)recoverWithClearEnvironment:(BOOL)clear;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the class. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_orinterpreter_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_orinterpreter_begin(void)
{
    mend_orinterpreter_use();
}
#endif
