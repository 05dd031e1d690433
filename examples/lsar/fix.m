/* SPDX-License-Identifier: MIT */
/* lsar names the kind of an archive and nothing of who packed it; here it says who mended the name. */
@implementation XADZipParser

- (NSString *)formatName
{
    return [[self ORGformatName] stringByAppendingString:@", mended"];
}

@end
