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

#ifndef MEND_SYSTEM_JSCONTEXT /* defined, with the system's header included before, where the system has JSContext */
#include <mend/compat/JSContext.h>
#endif
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

/* The context that all scripts run in. nil where the engine does not start: the log says why. */
+ (JSContext *)context;

/*
 * Names of extension classes, each of which gets +main: with the context; unknown names are ignored. Those of the
 * original are built in. What they add is there from the start, but for the C binders (JPCoreGraphics, JPUIKit).
 */
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

/* The superclass of an application's own extensions, with what they need to convert values as scripts do. */
@interface JPExtension : NSObject
+ (void)main:(JSContext *)context;

/* nil for undefined, null and false; a JSValue, or any object. */
+ (id)formatJSToOC:(id)value;

/* As scripts see results of methods: a JSValue for the block of an extension to return. */
+ (JSValue *)formatOCToJS:(id)object;
+ (void *)formatPointerJSToOC:(id)value;
+ (JSValue *)formatPointerOCToJS:(void *)pointer;
+ (JSValue *)formatRetainedCFTypeOCToJS:(void *)object;

/* Structs by what +registeredStruct has under their name: name, types, keys. */
+ (int)sizeOfStructTypes:(NSString *)types;
+ (void)getStructDataWidthDict:(void *)bytes dict:(NSDictionary *)values structDefine:(NSDictionary *)definition;
+ (NSDictionary *)getDictOfStruct:(void *)bytes structDefine:(NSDictionary *)definition;
+ (NSMutableDictionary *)registeredStruct;

/* Class names, each with an array of the selectors that scripts have in force. */
+ (NSDictionary *)overideMethods;
+ (NSSet *)includedScriptPaths;
@end

/* The built-in ones by name, and a helper of the original's. */
@interface JPMemory : JPExtension
@end
@interface JPStructPointer : JPExtension
@end
@interface JPCFunction : JPExtension
@end
@interface JPNumber : JPExtension
@end
@interface JPBlock : JPExtension
@end
@interface JPProtocol : JPExtension
@end
@interface JPDispatch : JPExtension
@end
@interface JPLocker : JPExtension
@end
@interface JPCoreGraphics : JPExtension
@end
@interface JPUIKit : JPExtension
@end
@interface JPSpecialInit : JPExtension
+ (id)calendarWithCalendarIdentifier:(NSString *)identifier;
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
