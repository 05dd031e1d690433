/* SPDX-License-Identifier: MIT */
/* A program written for InstructionPatch: models of its own, default models, dictionaries. */
#import <mend/compat/IPIntructionPatch.h>

#import "seeds/seeds.h"

@interface Shelf : NSObject
@end
@implementation Shelf
- (void)put:(NSString *)what { mark([what UTF8String]); }
- (void)fill {}
- (void)count:(NSInteger)n { mark(n == 7 ? "7" : "?"); }
+ (NSString *)label { return @"shelf"; }
@end

static void
fill(void)
{
    [[[Shelf new] autorelease] fill];
}

static IPIntructionModel *
document(IPIntructionMethodModel *method)
{
    IPIntructionClassModel *cls = [[IPIntructionClassModel new] autorelease];
    IPIntructionModel *model = [[IPIntructionModel new] autorelease];

    cls.cls = @"Shelf";
    cls.methodList = [NSArray arrayWithObject:method];
    model.instructions = [NSArray arrayWithObject:cls];
    return model;
}

static IPIntructionMessageModel *
putting(NSString *text)
{
    IPIntructionMessageModel *message = [[IPIntructionMessageModel new] autorelease];
    IPIntructionArgumentModel *argument = [[IPIntructionArgumentModel new] autorelease];

    argument.stringValue = text;
    message.receiver = @"self";
    message.message = @"put:";
    message.args = [NSArray arrayWithObject:argument];
    return message;
}

static void
default_models_patch_and_stop_takes_back(void)
{
    IPIntructionMethodModel *method = [[IPIntructionMethodModel new] autorelease];
    IPIntructionMessageModel *count = [[IPIntructionMessageModel new] autorelease];
    IPIntructionArgumentModel *seven = [[IPIntructionArgumentModel new] autorelease];
    IMP before = class_getMethodImplementation([Shelf class], @selector(fill));

    seven.digital = 7;
    seven.digitalType = @"NSInteger";
    count.receiver = @"self";
    count.message = @"count:";
    count.args = [NSArray arrayWithObject:seven];
    method.method = @"fill";
    method.messages = [NSArray arrayWithObjects:putting(@"a"), count, nil];
    [IPIntructionPatch run:document(method)];
    fill();
    CHECK_TEXT(traced(), "a7");
    method.messages = [NSArray arrayWithObject:putting(@"b")];
    [IPIntructionPatch run:document(method)]; /* replaces the first */
    fill();
    CHECK_TEXT(traced(), "b");
    [IPIntructionPatch stop];
    fill();
    CHECK_TEXT(traced(), "");
    CHECK(class_getMethodImplementation([Shelf class], @selector(fill)) == before);
    [IPIntructionPatch stop];
}

static void
dictionaries_are_models(void)
{
    NSDictionary *argument = [NSDictionary dictionaryWithObject:@"ARG" forKey:@"stringValue"];
    NSDictionary *step = [NSDictionary dictionaryWithObjectsAndKeys:@"self", @"receiver", @"put:", @"message",
                                       [NSArray arrayWithObject:argument], @"args", nil];
    NSDictionary *method = [NSDictionary dictionaryWithObjectsAndKeys:@"fill", @"method", [NSArray arrayWithObject:step],
                                         @"messages", [NSNumber numberWithBool:NO], @"isStatic", nil];
    NSDictionary *cls = [NSDictionary dictionaryWithObjectsAndKeys:@"Shelf", @"cls", [NSArray arrayWithObject:method],
                                      @"methodList", nil];

    [IPIntructionPatch run:(id)[NSDictionary dictionaryWithObject:[NSArray arrayWithObject:cls] forKey:@"instructions"]];
    fill();
    CHECK_TEXT(traced(), "ARG");
    [IPIntructionPatch stop];
}

@interface OwnMethod : NSObject <IPIntructionMethodModelProtocol> {
    NSString *_method; /* GCC's runtime makes no instance variables for properties */
    BOOL _isStatic, _isMsgForwardStret;
    NSArray *_messages;
}
@end
@implementation OwnMethod
@IPIntructionMethodModelPropertySynthesize
- (void)dealloc
{
    self.method = nil;
    self.messages = nil;
    [super dealloc];
}
@end

static void
classes_of_the_program_s_own_are_models(void)
{
    OwnMethod *method = [[OwnMethod new] autorelease];

    method.method = @"fill";
    method.messages = [NSArray arrayWithObject:putting(@"own")];
    [IPIntructionPatch run:document((id)method)];
    fill();
    CHECK_TEXT(traced(), "own");
    [IPIntructionPatch stop];
}

static void
what_is_wrong_changes_nothing(void)
{
    IPIntructionMethodModel *method = [[IPIntructionMethodModel new] autorelease];

    method.method = @"noSuchMethod";
    method.messages = [NSArray array];
    [IPIntructionPatch run:document(method)];
    [IPIntructionPatch run:nil];
    fill();
    CHECK_TEXT(traced(), "");
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(default_models_patch_and_stop_takes_back),
        TEST(dictionaries_are_models),
        TEST(classes_of_the_program_s_own_are_models),
        TEST(what_is_wrong_changes_nothing),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
