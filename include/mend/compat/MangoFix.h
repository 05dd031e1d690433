/* SPDX-License-Identifier: MIT */
/*
 * MangoFix's interface over Mend: a program written for it includes <mend/compat/MangoFix.h> instead and links
 * libmend.
 *
 *     MFContext *context = [[MFContext alloc] initWithAES128Key:key iv:iv];
 *     context[@"limit"] = [MFValue valueInstanceWithInt:3];
 *     [context evalMangoScriptWithURL:url];
 *
 * Scripts are read in the mangofix profile. A script that is wrong changes nothing and raises: MFParseError,
 * MendErrorDecrypt, and the other names of docs/migrating.md. Each context has its own names; what a script put
 * into force stays when the context has gone. Any thread. For Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_MANGOFIX_H
#define MEND_COMPAT_MANGOFIX_H

#import <Foundation/Foundation.h>

#include <mend/version.h>
#include <stdint.h>

/* A value with its kind, as a script's variable has it. Immutable. */
@interface MFValue : NSObject
+ (id)voidValueInstance;
+ (id)valueInstanceWithBOOL:(BOOL)value;
+ (id)valueInstanceWithInt:(int64_t)value;
+ (id)valueInstanceWithUint:(uint64_t)value;
+ (id)valueInstanceWithDouble:(double)value;
+ (id)valueInstanceWithObject:(id)value;
+ (id)valueInstanceWithBlock:(id)value; /* copied */
+ (id)valueInstanceWithClass:(Class)value;
+ (id)valueInstanceWithSEL:(SEL)value;
+ (id)valueInstanceWithCstring:(const char *)value; /* not copied */
+ (id)valueInstanceWithPointer:(void *)value;
+ (id)valueInstanceWithStruct:(void *)value typeEncoding:(const char *)encoding copyData:(BOOL)copies; /* copies always */

/* The value as that type; zero where it cannot be one. */
- (BOOL)boolValue;
- (int64_t)integerValue;
- (uint64_t)uintValue;
- (double)doubleValue;
- (id)objectValue;
- (Class)classValue;
- (SEL)selValue;
- (const char *)cstringValue;
- (void *)pointerValue; /* of a structure: where its bytes are */

- (int64_t)c2integerValue;
- (uint64_t)c2uintValue;
- (double)c2doubleValue;
- (id)c2objectValue; /* numbers and structures as NSNumber and NSValue */
- (void *)c2pointerValue;
- (NSString *)nsStringValue; /* as `+` prints it */

- (BOOL)isObject;
- (BOOL)isNumber;
- (BOOL)isSubtantial; /* true by the language's rules (the spelling is MangoFix's) */
@end

@interface MFContext : NSObject
- (id)init;

/* Scripts encrypted by AES-128; the key has at most 16 bytes, the vector is ignored, as in MangoFix. */
- (id)initWithAES128Key:(NSString *)key iv:(NSString *)iv;

/* Scripts of MangoFix before 1.5: a key in PEM form, a private one; or a public one for what was signed. */
- (id)initWithRSAPrivateKey:(NSString *)key;
- (id)initWithRSAPublicKey:(NSString *)key;

- (void)evalMangoScriptWithSourceString:(NSString *)source;

/* Encrypted: a file, its bytes, the base64 of RSA blocks. */
- (void)evalMangoScriptWithURL:(NSURL *)url;
- (void)evalMangoScriptWithAES128Data:(NSData *)data;
- (void)evalMangoScriptWithRSAEncryptedBase64String:(NSString *)text;

/* Plain text in a file. A file evaluated again replaces what it put into force before. */
- (void)evalMangoScriptWithDebugURL:(NSURL *)url;

/* Names of the scripts; nil when there is none. What is set may be an MFValue or any object. */
- (MFValue *)objectForKeyedSubscript:(NSString *)name;
- (void)setObject:(id)value forKeyedSubscript:(NSString *)name;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the classes. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_mangofix_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_mangofix_begin(void)
{
    mend_mangofix_use();
}
#endif
