/* SPDX-License-Identifier: MIT */
/* A library with a class and a category, for the test of news. */
#import <Foundation/Foundation.h>

@protocol LoadingBase
@end

@protocol LoadingRefined <LoadingBase>
@end

@interface LoadingOpened : NSObject <LoadingRefined>
- (int)opened;
@end

@implementation LoadingOpened
- (int)opened
{
    return 1;
}
@end

@interface NSObject (LoadingOpened)
- (int)loadingAdded;
@end

@implementation NSObject (LoadingOpened)
- (int)loadingAdded
{
    return 2;
}
@end
