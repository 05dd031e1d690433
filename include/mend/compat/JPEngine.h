/* SPDX-License-Identifier: MIT */
/*
 * JSPatch's interface to the application over Mend: a program written for it includes <mend/compat/JPEngine.h> instead
 * and links libmend.
 *
 *     [JPEngine startEngine];
 *     [JPEngine evaluateScriptWithPath:[[NSBundle mainBundle] pathForResource:@"fix" ofType:@"js"]];
 *
 * The scripts' language and what it does better are in docs/design/javascript.md. The engine is loaded by the first of
 * these calls. Any thread. For Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_JPENGINE_H
#define MEND_COMPAT_JPENGINE_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

@interface JPEngine : NSObject
/* Loads and starts the engine; harmless when it runs. */
+ (void)startEngine;

/*
 * Runs a script. What it defines stays in force when it throws later. The result is nil: a script's last value is not
 * its result. evaluateScriptWithPath: also says where include() and resourcePath() look.
 */
+ (id)evaluateScript:(NSString *)script;
+ (id)evaluateScriptWithPath:(NSString *)path;

/* Names of extension classes. Those of the original are built in and always there; others get +main: with nil. */
+ (void)addExtensions:(NSArray *)names;

/* name, types, keys: as the original has them; the layout is C's. */
+ (void)defineStruct:(NSDictionary *)definition;

/* Gets every error as text, in place of the log; a block of one NSString *, copied. nil: the log again. */
#if defined(__BLOCKS__)
+ (void)handleException:(void (^)(NSString *message))handler;
#else
+ (void)handleException:(id)handler;
#endif
@end

/* The superclass of an application's own extensions. */
@interface JPExtension : NSObject
+ (void)main:(id)context;
@end

/* Undo: every method as it was before any script; included files may be included again. */
@interface JPCleaner : NSObject
+ (void)cleanAll;
+ (void)cleanClass:(NSString *)name;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the classes. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_jpengine_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_jpengine_begin(void)
{
    mend_jpengine_use();
}
#endif
