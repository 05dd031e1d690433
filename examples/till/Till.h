/* SPDX-License-Identifier: MIT */
/* The counter: one thread a customer, one line a question. */
#import <Foundation/Foundation.h>

@class Tariff;

@interface Till : NSObject {
    Tariff *_tariff;
}
- (id)initWithTariff:(Tariff *)tariff;

/* "TOTAL quantity price" -> "40.50"; anything else -> "?". */
- (NSString *)answerTo:(NSString *)question;

/* Serves one connection until it ends. */
- (void)serve:(NSNumber *)connection;
@end
