// Who keeps what a block has captured, and what happens to weak references.
@implementation LangTest
- (id)blockOf:(LangCounted *)c
{
    return ^{ return [c value]; };
}
- (void)main
{
    @autoreleasepool {
        LangCounted *a = [[LangCounted alloc] initWithValue:1];
        int (^get)(void) = ^{ return [a value]; };
        a = nil;
        [self i:get()];                              // expect: 1
    }
    [self i:[self alive]];                           // expect: 0
    @autoreleasepool {
        int (^get)(void) = [self blockOf:[[LangCounted alloc] initWithValue:2]];
        [self i:get()];                              // expect: 2
    }
    [self i:[self alive]];                           // expect: 0
    __weak LangCounted *weak = nil;
    @autoreleasepool {
        LangCounted *strong = [[LangCounted alloc] initWithValue:3];
        weak = strong;
        [self i:[weak value]];                       // expect: 3
        int (^look)(void) = ^{ return weak ? [weak value] : -1; };
        [self i:look()];                             // expect: 3
        _object = look;
    }
    [self i:weak == nil];                            // expect: 1
    [self i:((int (^)(void))_object)()];             // expect: -1
    _object = nil;
    @autoreleasepool {
        __block LangCounted *held = [[LangCounted alloc] initWithValue:4];
        void (^drop)(void) = ^{ held = nil; };
        drop();
        [self i:[self alive]];                       // expect: 0
        __unsafe_unretained LangCounted *plain;
        LangCounted *owner = [[LangCounted alloc] initWithValue:5];
        plain = owner;
        int (^peek)(void) = ^{ return [plain value]; };
        [self i:peek()];                             // expect: 5
    }
    [self i:[self alive]];                           // expect: 0
    for (int i = 0; i < 3; i++) {
        LangCounted *each = [[LangCounted alloc] initWithValue:i];
        __block int sum = 0;
        void (^f)(void) = ^{ sum += [each value]; void (^g)(void) = ^{ sum += [each value]; }; g(); };
        f();
        [self i:sum];                                // expect: 0
                                                     // expect: 2
                                                     // expect: 4
    }
    [self i:[self alive]];                           // expect: 0
    @try {
        LangCounted *inside = [[LangCounted alloc] initWithValue:9];
        void (^throwing)(void) = ^{ [inside value]; [self explode]; };
        throwing();
    } @catch (id e) {
        [self p:[e name]];                           // expect: LangException
    }
    [self i:[self alive]];                           // expect: 0
}
- (int)alive
{
    return [LangCounted alive];
}
@end
