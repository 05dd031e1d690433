// @try, @catch, @finally, @throw: every way in and out.
static int depth;
@implementation LangTest
- (int)returns:(int)how
{
    @try {
        if (how == 0)
            return 10;
        if (how == 1)
            [self explode];
        if (how == 2)
            @throw [NSException exceptionWithName:@"Mine" reason:@"r" userInfo:nil];
        return 13;
    } @catch (LangCounted *never) {
        [self p:@"never"];
    } @catch (NSException *e) {
        [self p:[e name]];
        return 20 + how;
    } @finally {
        [self p:@"finally"];
    }
    return -1;
}
- (int)overrides
{
    @try {
        [self explode];
        return 1;
    } @finally {
        return 2;
    }
}
- (NSString *)object
{
    @try {
        @try {
            return [NSString stringWithFormat:@"%d", 42];
        } @finally {
            [self p:@"inner"];
        }
    } @finally {
        [self p:@"outer"];
    }
}
- (int)loops
{
    int sum = 0;

    for (int i = 0; i < 6; i++) {
        @try {
            if (i == 1)
                continue;
            if (i == 4)
                break;
            sum += i;
        } @finally {
            sum += 100;
        }
    }
    return sum;
}
- (int)deeper:(int)n
{
    @try {
        if (n == 0)
            [self explode];
        return [self deeper:n - 1] + 1;
    } @finally {
        depth++;
    }
}
- (void)nothrow:(id)x
{
    @try { [self i:1]; } @catch (...) { [self i:2]; }
}
- (void)main
{
    [self i:[self returns:0]];                       // expect: finally
                                                     // expect: 10
    [self i:[self returns:1]];                       // expect: LangException
                                                     // expect: finally
                                                     // expect: 21
    [self i:[self returns:2]];                       // expect: Mine
                                                     // expect: finally
                                                     // expect: 22
    [self i:[self returns:3]];                       // expect: finally
                                                     // expect: 13
    [self i:[self overrides]];                       // expect: 2
    [self p:[self object]];                          // expect: inner
                                                     // expect: outer
                                                     // expect: 42
    [self i:[self loops]];                           // expect: 505
    depth = 0;
    @try {
        [self deeper:3];
    } @catch (NSException *e) {
        [self i:depth];                              // expect: 4
    }
    [self nothrow:nil];                              // expect: 1
    @try {
        @try {
            [self explode];
        } @catch (NSException *e) {
            [self p:@"again"];                       // expect: again
            @throw;
        }
    } @catch (id e) {
        [self p:[e name]];                           // expect: LangException
    }
    @try {
        @throw @"text";
    } @catch (NSString *s) {
        [self p:s];                                  // expect: text
    }
    @try {
        [@[@1] objectAtIndex:99];
    } @catch (NSException *e) {
        [self p:[e name]];                           // expect: NSRangeException
    } @finally {
        [self p:@"both"];                            // expect: both
    }
    @try {
        int zero = 0;
        [self i:1 / zero];
    } @catch (NSException *e) {
        [self p:[e name]];                           // expect: MendErrorDivideByZero
    }
    for (int i = 0; i < 3; i++) {
        @try {
            LangCounted *c = [[LangCounted alloc] initWithValue:i];
            if ([c value] == 1)
                [self explode];
            [self i:[c value]];                      // expect: 0
                                                     // expect: 2
        } @catch (id e) {
        }
    }
    @try {
        @autoreleasepool {
            LangCounted *c = [LangCounted make];
            @throw [[[NSException alloc] initWithName:@"Pooled" reason:[NSString stringWithFormat:@"%d", [c value]] userInfo:nil] autorelease];  // warning: references are counted
        }
    } @catch (NSException *e) {
        [self p:[e reason]];                         // expect: 1
    }
    @try {
        for (;;) {
            @autoreleasepool {
                @try { break; } @finally { [self p:@"left"]; }   // expect: left
            }
        }
        goto out;
    } @finally {
        [self p:@"gone"];                            // expect: gone
    }
    [self p:@"not here"];
out:
    @synchronized (self) {
        @synchronized (self) {
            [self p:@"locked"];                      // expect: locked
        }
    }
    @try {
        @synchronized (self) {
            [self explode];
        }
    } @catch (id e) {
        [self p:@"unlocked"];                        // expect: unlocked
    }
}
@end
