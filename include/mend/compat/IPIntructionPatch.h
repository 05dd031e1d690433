/* SPDX-License-Identifier: MIT */
/*
 * The interface of InstructionPatch over Mend (the spelling is its authors'): a program written for it includes
 * <mend/compat/IPIntructionPatch.h> instead and links libmend.
 *
 *     [IPIntructionPatch run:model];      // what any JSON-to-model tool made of a document
 *     [IPIntructionPatch stop];           // every method is what it was
 *
 * A model is any object that answers the keys of its protocol, also a dictionary. For Objective-C, gcc and clang.
 */
#ifndef MEND_COMPAT_IPINTRUCTIONPATCH_H
#define MEND_COMPAT_IPINTRUCTIONPATCH_H

#import <Foundation/Foundation.h>

#include <mend/version.h>

@protocol IPIntructionMessageModelProtocol;

/* An argument of a step, or a body it carries. */
@protocol IPIntructionArgumentModelProtocol <NSObject>
@property (nonatomic, copy) NSString *type;
@property (nonatomic, copy) NSString *valueKey;
@property (nonatomic, copy) NSString *stringValue;
@property (nonatomic, assign) double digital; /* counts when digitalType is set */
@property (nonatomic, copy) NSString *digitalType;
@property (nonatomic, copy) NSArray *blockParameterTypes;
@property (nonatomic, copy) NSString *blockParameterPrefix;
@property (nonatomic, copy) NSArray *innerMessage;
@end

/* A step. */
@protocol IPIntructionMessageModelProtocol <NSObject>
@property (nonatomic, copy) NSString *returnType;
@property (nonatomic, copy) NSString *returnObj;
@property (nonatomic, copy) NSString *receiver;
@property (nonatomic, copy) NSString *message;
@property (nonatomic, assign) BOOL isStatic;
@property (nonatomic, assign) BOOL isBlock;
@property (nonatomic, assign) BOOL isIfSnippet;
@property (nonatomic, assign) BOOL isWhileSnippet;
@property (nonatomic, assign) BOOL isReturnSnippet;
@property (nonatomic, assign) NSInteger environmentPoolRefCount; /* accepted, and has nothing left to count */
@property (nonatomic, copy) NSString *blockKey;
@property (nonatomic, copy) NSArray *args;
@end

/* A method and its new body. */
@protocol IPIntructionMethodModelProtocol <NSObject>
@property (nonatomic, copy) NSString *method;
@property (nonatomic, assign) BOOL isStatic;
@property (nonatomic, assign) BOOL isMsgForwardStret; /* accepted without effect */
@property (nonatomic, copy) NSArray *messages;
@end

/* A class. */
@protocol IPIntructionClassModelProtocol <NSObject>
@property (nonatomic, copy) NSString *cls;
@property (nonatomic, copy) NSArray *methodList;
@end

/* A document. */
@protocol IPIntructionModelProtocol <NSObject>
@property (nonatomic, copy) NSArray *instructions;
@end

/* For classes of the program's own: `@IPIntructionClassModelPropertySynthesize` in the implementation. */
#define IPIntructionArgumentModelPropertySynthesize                                                              \
    synthesize type = _type, valueKey = _valueKey, stringValue = _stringValue, digital = _digital,               \
               digitalType = _digitalType, blockParameterTypes = _blockParameterTypes,                           \
               blockParameterPrefix = _blockParameterPrefix, innerMessage = _innerMessage;
#define IPIntructionMessageModelProtocolPropertySynthesize                                                       \
    synthesize returnType = _returnType, returnObj = _returnObj, receiver = _receiver, message = _message,       \
               isStatic = _isStatic, isBlock = _isBlock, isIfSnippet = _isIfSnippet,                             \
               isWhileSnippet = _isWhileSnippet, isReturnSnippet = _isReturnSnippet,                             \
               environmentPoolRefCount = _environmentPoolRefCount, blockKey = _blockKey, args = _args;
#define IPIntructionMethodModelPropertySynthesize                                                                \
    synthesize method = _method, isStatic = _isStatic, isMsgForwardStret = _isMsgForwardStret,                   \
               messages = _messages;
#define IPIntructionClassModelPropertySynthesize synthesize cls = _cls, methodList = _methodList;
#define IPIntructionModelPropertySynthesize      synthesize instructions = _instructions;

/* Models for programs that need none of their own. */
@interface IPIntructionArgumentModel : NSObject <IPIntructionArgumentModelProtocol>
@end
@interface IPIntructionMessageModel : NSObject <IPIntructionMessageModelProtocol>
@end
@interface IPIntructionMethodModel : NSObject <IPIntructionMethodModelProtocol>
@end
@interface IPIntructionClassModel : NSObject <IPIntructionClassModelProtocol>
@end
@interface IPIntructionModel : NSObject <IPIntructionModelProtocol>
@end

@interface IPIntructionPatch : NSObject
/* Puts a document into force, all of it or nothing, in place of the one before. What is wrong is in the log. */
+ (void)run:(id<IPIntructionModelProtocol>)model;

/* Takes it back: every method is exactly what it was. */
+ (void)stop;
@end

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the classes. What includes this header calls it before main, or when it is loaded. */
MEND_API void mend_instruction_use(void);

#ifdef __cplusplus
}
#endif

__attribute__((constructor(101))) static void
mend_instruction_begin(void)
{
    mend_instruction_use();
}
#endif
