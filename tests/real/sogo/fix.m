/* SPDX-License-Identifier: MIT */
/* Every page says who operates the server. UIxPageFrame is the frame of SOGo's pages. */
@implementation UIxPageFrame

- (NSString *)title
{
    return [[self ORGtitle] stringByAppendingString:@" of Example Ltd"];
}

@end
