/* SPDX-License-Identifier: MIT */
/*
 * Obeys words on stdin: ask (says "PID DISCOUNT"), fork (the child goes on, the parent waits for it), close
 * (every descriptor from 3 on, as daemons do), env (the variables Mend sets), exit.
 */
#import <Foundation/Foundation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

@interface Tariff : NSObject
- (int)discountForQuantity:(int)quantity;
@end

@implementation Tariff
- (int)discountForQuantity:(int)quantity
{
    return quantity > 10 ? 10 : 0;
}
@end

static void
say_environment(void)
{
    const char *launch = getenv("MEND_LAUNCH"), *preload = getenv("LD_PRELOAD");

    printf("launch=%s preload=%s\n", launch != NULL ? launch : "", preload != NULL ? preload : "");
}

/* By read(2): a FILE would be shared with the child half read. */
static BOOL
next_word(char *word, size_t size)
{
    size_t n = 0;

    while (n + 1 < size && read(STDIN_FILENO, &word[n], 1) == 1 && word[n] != '\n')
        n++;
    word[n] = '\0';
    return n > 0;
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Tariff *tariff = [Tariff new];
    char word[16];
    pid_t child;

    setvbuf(stdout, NULL, _IOLBF, 0);
    while (next_word(word, sizeof word)) {
        if (strcmp(word, "ask") == 0)
            printf("%d %d\n", (int)getpid(), [tariff discountForQuantity:10]);
        else if (strcmp(word, "fork") == 0 && (child = fork()) > 0)
            waitpid(child, NULL, 0);
        else if (strcmp(word, "close") == 0)
            for (int fd = 3; fd < 1024; fd++)
                close(fd);
        else if (strcmp(word, "env") == 0)
            say_environment();
        else if (strcmp(word, "exit") == 0)
            break;
    }
    [tariff release];
    [pool release];
    return 0;
}
