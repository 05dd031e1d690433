/* SPDX-License-Identifier: MIT */
/* Reading questions, writing answers. */
#import "Till.h"
#import "Tariff.h"

#include <stdio.h>
#include <unistd.h>

@implementation Till

- (id)initWithTariff:(Tariff *)tariff
{
    if ((self = [super init]) != nil)
        _tariff = [tariff retain];
    return self;
}

- (void)dealloc
{
    [_tariff release];
    [super dealloc];
}

- (NSString *)answerTo:(NSString *)question
{
    NSArray *words = [question componentsSeparatedByString:@" "];
    long cents, total;

    if ([words count] != 3 || ![[words objectAtIndex:0] isEqualToString:@"TOTAL"])
        return @"?";
    cents = (long)([[words objectAtIndex:2] doubleValue] * 100 + 0.5);
    total = [_tariff totalForQuantity:[[words objectAtIndex:1] intValue] price:cents];
    return [NSString stringWithFormat:@"%ld.%02ld", total / 100, total % 100];
}

- (void)serve:(NSNumber *)connection
{
    FILE *line = fdopen([connection intValue], "r+");
    char text[256];

    if (line == NULL)
        return;
    while (fgets(text, sizeof text, line) != NULL) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        NSString *question = [NSString stringWithUTF8String:text];

        question =
            [question stringByTrimmingCharactersInSet:[NSCharacterSet whitespaceAndNewlineCharacterSet]];
        fseek(line, 0, SEEK_CUR); /* C11 7.21.5.3: between reading and writing */
        fprintf(line, "%s\n", [[self answerTo:question] UTF8String]);
        fflush(line);
        [pool release];
    }
    fclose(line);
}

@end
