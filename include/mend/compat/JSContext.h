/* SPDX-License-Identifier: MIT */
/*
 * JSContext and JSValue for programs on systems whose JavaScriptCore has no Objective-C: what extensions of an
 * application are written against. Included by <mend/compat/JPEngine.h>.
 *
 *     + (void)main:(JSContext *)context
 *     {
 *         [context setObject:^double(double x) { return 2 * x; } forKeyedSubscript:@"twice"];
 *     }
 *
 * All scripts share one context; -init gives that one. Objects become values as Apple's do: strings, numbers, dates and
 * collections are copied, blocks are functions, nil is undefined, NSNull is null; other objects are wrappers, and scripts
 * call their methods.
 *
 * A parameter of a block that is an object gets a JSValue, unless the block was compiled with clang's
 * -Xclang -fencode-extended-block-signature, which writes classes down: then it gets what it names. A JSValue hands
 * messages that it does not know to the object it stands for, so a block that declares NSString * works either way.
 *
 * Clang accepts context[@"name"] on some runtimes only, GCC's is not among them: send objectForKeyedSubscript: and
 * setObject:forKeyedSubscript: there.
 *
 * Any thread. What a script throws goes to exceptionHandler, or is `exception` where there is none, and the call gives
 * nil. Setting `exception` inside a block that a script calls throws it there. For Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_JSCONTEXT_H
#define MEND_COMPAT_JSCONTEXT_H

#import <Foundation/Foundation.h>

#include <stdint.h>

@class JSValue;

@interface JSContext : NSObject
/* The value of the script's last statement. Names are the global object's; nothing is rewritten or hidden. */
- (JSValue *)evaluateScript:(NSString *)script;
- (JSValue *)evaluateScript:(NSString *)script withSourceURL:(NSURL *)url;
- (JSValue *)globalObject;
- (JSValue *)objectForKeyedSubscript:(id)key;
- (void)setObject:(id)object forKeyedSubscript:(id)key;
- (JSValue *)exception;
- (void)setException:(JSValue *)value;

/* Copied; a block of the context and the value that was thrown. nil: `exception` keeps it. */
#if defined(__BLOCKS__)
- (void (^)(JSContext *context, JSValue *exception))exceptionHandler;
- (void)setExceptionHandler:(void (^)(JSContext *context, JSValue *exception))handler;
#else
- (id)exceptionHandler;
- (void)setExceptionHandler:(id)handler;
#endif

/* Of the block that a script calls on this thread; nil outside of one. */
+ (JSContext *)currentContext;
+ (JSValue *)currentThis;
+ (JSValue *)currentCallee;
+ (NSArray *)currentArguments;
@end

@interface JSValue : NSObject
+ (JSValue *)valueWithObject:(id)value inContext:(JSContext *)context;
+ (JSValue *)valueWithBool:(BOOL)value inContext:(JSContext *)context;
+ (JSValue *)valueWithDouble:(double)value inContext:(JSContext *)context;
+ (JSValue *)valueWithInt32:(int32_t)value inContext:(JSContext *)context;
+ (JSValue *)valueWithUInt32:(uint32_t)value inContext:(JSContext *)context;
+ (JSValue *)valueWithNewObjectInContext:(JSContext *)context;
+ (JSValue *)valueWithNewArrayInContext:(JSContext *)context;
+ (JSValue *)valueWithNewErrorFromMessage:(NSString *)message inContext:(JSContext *)context;
+ (JSValue *)valueWithNullInContext:(JSContext *)context;
+ (JSValue *)valueWithUndefinedInContext:(JSContext *)context;
+ (JSValue *)valueWithPoint:(NSPoint)point inContext:(JSContext *)context;
+ (JSValue *)valueWithSize:(NSSize)size inContext:(JSContext *)context;
+ (JSValue *)valueWithRect:(NSRect)rect inContext:(JSContext *)context;
+ (JSValue *)valueWithRange:(NSRange)range inContext:(JSContext *)context;
- (JSContext *)context;

/* nil for undefined, NSNull for null; a function gives the JSValue itself. */
- (id)toObject;
- (id)toObjectOfClass:(Class)expected;
- (BOOL)toBool;
- (double)toDouble;
- (int32_t)toInt32;
- (uint32_t)toUInt32;
- (NSNumber *)toNumber;
- (NSString *)toString;
- (NSDate *)toDate;             /* these three: nil for anything else */
- (NSArray *)toArray;
- (NSDictionary *)toDictionary;
- (NSPoint)toPoint;
- (NSSize)toSize;
- (NSRect)toRect; /* x, y, width, height */
- (NSRange)toRange;

- (BOOL)isUndefined;
- (BOOL)isNull;
- (BOOL)isBoolean;
- (BOOL)isNumber;
- (BOOL)isString;
- (BOOL)isObject;
- (BOOL)isArray;
- (BOOL)isDate;
- (BOOL)isEqualToObject:(id)value;                 /* === */
- (BOOL)isEqualWithTypeCoercionToObject:(id)value; /* == */
- (BOOL)isInstanceOf:(id)constructor;

- (JSValue *)valueForProperty:(NSString *)name;
- (void)setValue:(id)value forProperty:(NSString *)name;
- (BOOL)hasProperty:(NSString *)name;
- (BOOL)deleteProperty:(NSString *)name;
- (JSValue *)valueAtIndex:(NSUInteger)index;
- (void)setValue:(id)value atIndex:(NSUInteger)index;
- (JSValue *)objectForKeyedSubscript:(id)key;
- (void)setObject:(id)object forKeyedSubscript:(id)key;
- (JSValue *)objectAtIndexedSubscript:(NSUInteger)index;
- (void)setObject:(id)object atIndexedSubscript:(NSUInteger)index;

- (JSValue *)callWithArguments:(NSArray *)arguments;
- (JSValue *)constructWithArguments:(NSArray *)arguments;
- (JSValue *)invokeMethod:(NSString *)name withArguments:(NSArray *)arguments;
@end
#endif
