/* SPDX-License-Identifier: MIT */
/* Classes of the program and of the libraries that tests of pointcuts load into it. */
#ifndef MN_TESTS_HOOK_POINTCUT_LOADED_H
#define MN_TESTS_HOOK_POINTCUT_LOADED_H

#import <Foundation/Foundation.h>

/* The program's: its methods are replaced by the libraries' categories. */
@interface PointcutHost : NSObject
- (int)answer;
+ (int)answer;
- (int)other;
@end

@interface PointcutHeir : PointcutHost
@end

/* In the library that is opened. */
@interface PointcutOpened : PointcutHost
- (int)opened;
+ (int)opened;
@end

@interface PointcutHost (Opened)
- (int)added;
@end

/* In the bundle. */
@interface PointcutBundled : NSObject
- (int)bundled;
@end

#endif
