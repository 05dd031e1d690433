/* SPDX-License-Identifier: MIT */
/* A program written for MangoFix: contexts, values, injected blocks, encrypted scripts, and what goes wrong. */
#import <mend/compat/MangoFix.h>

#import "seeds/seeds.h"

#include <unistd.h>

@interface Shelf : NSObject
@end
@implementation Shelf
- (int)size { return 1; }
- (NSString *)label { return @"shelf"; }
- (int)load:(int)n { return n + 1; }
@end

/* class Shelf : NSObject { - (int)size { return 42; } }, encrypted by openssl for the key "secret key" and this pair. */
static const char aes_script[] =
    "6eb82eae9dbcccee85749f069e2647403e00f42109e45ced5648218036a62b828741029db02d4024ba31acdc94c2a739"
    "968e3767b7a47535b4134b4b12743b8c";
static const char *const aes_comments[] = {
    "7db60891e6babeb2b2eb68078646b721",
    "dc0c5da8bcfeb509665a2152c1007278",
    "ad6c3320728a0070c5f470276aeb52bc7db60891e6babeb2b2eb68078646b721",
    "ad6c3320728a0070c5f470276aeb52bcaf2566ccf5666112ac17d53b0243081e"}; /* '/' 0, 15, 16 and 17 times */
static const char rsa_script[] =
    "aN1SwR5O1LNm4ys9+MzbsICLAyaCghYylZwUnBnAWuuAPIv8MGPrmLMVnPKPcOV75Rj98RhQ25kzgG3VHmY9C4CScL4+nDDT"
    "5ZGh4G+bgMn0v2cgRpfaRhPH6qGoSgB6HrgDErtvWpht+jMZ9IdIucX/PJgQxlFc6s6AzwoDGxs=";
static const char signed_script[] =
    "MNVA7VcvSS3/uRXw/FgpRHBD2Xus2apU1ZV5Ba6azjbrKXLLVcnM3S8gXcEpPGKGfrJ8L+1rVDm4gNQTF5T2xrzu0LoiGSi3"
    "1gLhjSp+Ds/e6fIJxDNIulyXlHEj0W6GPbMt3DjH7gRK4Ys4JRSUpJafpc/l7kd3PbUr6lltd48=";
static const char private_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAJ9QYVp35AsHgwlr\n"
    "lT7i2HSBAJnLZr+NDoz7RFeieleR4jxt2eNYm9t3Tor7jIwRQISu6HJi3bjPGc22\n"
    "/nKoQYvh/NMnmprlUwkjOBNhJk4Y3Dh1WMDRXlhzgN8KQVgP0DLI73dU9+pDVVWw\n"
    "yo94RhhWmLnHZ/YXdVS17PUoXZyFAgMBAAECgYBCKC/1UJobVmg87jcQ4US/xJ5K\n"
    "P2QQoXPsaZ9swOULHmKTc46q0S4PyhCMuH8Z30QqlTOj5JhsWVw+yAIL/QESfNOI\n"
    "gZMGuVyuBXrtHr5EbQtHXNg01vNQVkBGpStbzdQHkGgYEEXzM/lGMa6LNakLSG5U\n"
    "j9+Afx4vxaO3lwnTVQJBANGE3qu6z7kmEHUiG3HmM2ZXLV5epMBPyDWGkVVCR3js\n"
    "PYhQN8t01c969VHjaEaLP2Y46HJ7A9yR1aSuR+aK+JMCQQDCqDxgmXoHHCYaVlKZ\n"
    "KGOCvxjNqorYrow9Lox0QDcKr96/b3LuZb7mg8S9Q0XR9YkcOzxPkpex/2qGaJcg\n"
    "ML2HAkAvHRK5SSPGvZF71XSYcyxhuf7AtsWTXR1nM+BgbKwHvA/GJEu3m4ksw7iA\n"
    "doOPQWa7RNa4T4M5yS1if7I5XEyzAkAnfReahSgTLyuvphllhqMBUCEI//Lg2DAM\n"
    "7VeC8c/4tArdDQ/kuvFKNCsCNhaA7G2fM4kdn2B0tJr4n1khJ6IbAkB4mF6ty/0i\n"
    "UwSUuEGqScsYD827L09nSiDt6Su9/2wuA0na+ZtgJimlYOhnG3tNoSScMGNtwjeU\n"
    "OU1mgaHIf+iG\n"
    "-----END PRIVATE KEY-----\n";
static const char public_key[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCfUGFad+QLB4MJa5U+4th0gQCZ\n"
    "y2a/jQ6M+0RXonpXkeI8bdnjWJvbd06K+4yMEUCEruhyYt24zxnNtv5yqEGL4fzT\n"
    "J5qa5VMJIzgTYSZOGNw4dVjA0V5Yc4DfCkFYD9AyyO93VPfqQ1VVsMqPeEYYVpi5\n"
    "x2f2F3VUtez1KF2chQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

static Shelf *
shelf(void)
{
    return [[Shelf new] autorelease];
}

static NSData *
from_hex(const char *hex)
{
    NSMutableData *data = [NSMutableData data];
    unsigned byte;

    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
        unsigned char one = (unsigned char)byte;

        [data appendBytes:&one length:1];
    }
    return data;
}

static MFContext *
context_for(NSString *key)
{
    return [[[MFContext alloc] initWithAES128Key:key iv:@"ignored"] autorelease];
}

/* The name of what a script raises; "" when nothing. */
static const char *
raised(MFContext *context, NSString *source)
{
    @try {
        [context evalMangoScriptWithSourceString:source];
    } @catch (NSException *e) {
        CHECK([[e reason] length] > 0);
        return [[e name] UTF8String];
    }
    return "";
}

static const char *
refused(MFContext *context, NSData *data)
{
    @try {
        [context evalMangoScriptWithAES128Data:data];
    } @catch (NSException *e) {
        CHECK([[e reason] length] > 0);
        return [[e name] UTF8String];
    }
    return "";
}

static NSURL *
file_with(const void *bytes, size_t length)
{
    NSString *path = [NSTemporaryDirectory() stringByAppendingPathComponent:
                         [NSString stringWithFormat:@"mend-mangofix-%d.mg", getpid()]];

    [[NSData dataWithBytes:bytes length:length] writeToFile:path atomically:YES];
    return [NSURL fileURLWithPath:path];
}

static void
a_script_replaces_methods_and_org_is_a_method(void)
{
    MFContext *context = [[MFContext new] autorelease];

    [context evalMangoScriptWithSourceString:@"class Shelf : NSObject {"
                                             @" - (int)load:(int)n { return self.ORGload:(n) * 10; } }"];
    CHECK_LONG([shelf() load:4], 50);
    CHECK([shelf() respondsToSelector:NSSelectorFromString(@"ORGload:")]);
}

static void
values_go_in_and_come_out(void)
{
    MFContext *context = [[MFContext new] autorelease];

    [context setObject:[MFValue valueInstanceWithInt:3] forKeyedSubscript:@"limit"];
    [context setObject:[MFValue valueInstanceWithDouble:0.5] forKeyedSubscript:@"factor"];
    [context setObject:@"name" forKeyedSubscript:@"title"];
    [context evalMangoScriptWithSourceString:@"limit = limit + 4; factor = factor * 3; title = title + limit;"
                                             @"limit++; limit += 2; int counter = 5; id list = @[title];"];
    CHECK_LONG([[context objectForKeyedSubscript:@"limit"] integerValue], 10);
    CHECK([[context objectForKeyedSubscript:@"factor"] doubleValue] == 1.5);
    CHECK_TEXT([[[context objectForKeyedSubscript:@"title"] objectValue] UTF8String], "name7");
    CHECK_LONG([[context objectForKeyedSubscript:@"counter"] integerValue], 5);
    CHECK_TEXT([[[[context objectForKeyedSubscript:@"list"] objectValue] objectAtIndex:0] UTF8String], "name7");
    CHECK([context objectForKeyedSubscript:@"nothing"] == nil);
}

static void
later_scripts_see_earlier_names_and_run_once(void)
{
    MFContext *context = [[MFContext new] autorelease];

    [context evalMangoScriptWithSourceString:@"int counter = 1; counter += 1;"];
    [context evalMangoScriptWithSourceString:@"counter = counter * 10;"];
    CHECK_LONG([[context objectForKeyedSubscript:@"counter"] integerValue], 20);
    [context setObject:[MFValue valueInstanceWithInt:7] forKeyedSubscript:@"counter"];
    [context evalMangoScriptWithSourceString:@"int twice = counter * 2;"];
    CHECK_LONG([[context objectForKeyedSubscript:@"twice"] integerValue], 14);
    CHECK([[[MFContext new] autorelease] objectForKeyedSubscript:@"counter"] == nil); /* a scope each */
}

static void
an_injected_block_is_a_function(void)
{
    MFContext *context = [[MFContext new] autorelease];
    __block int calls = 0;

    [context setObject:[MFValue valueInstanceWithBlock:^int(int a, int b) {
        calls++;
        return a * 100 + b;
    }] forKeyedSubscript:@"join"];
    [context evalMangoScriptWithSourceString:@"int joined = join(4, 2);"
                                             @"class Shelf : NSObject { - (int)load:(int)n { return join(n, 1); } }"];
    CHECK_LONG([[context objectForKeyedSubscript:@"joined"] integerValue], 402);
    CHECK_LONG([shelf() load:7], 701);
    CHECK_LONG(calls, 2);
}

static void
values_keep_their_kind(void)
{
    NSRange range = {3, 4};

    CHECK_LONG([[MFValue valueInstanceWithBOOL:YES] boolValue], 1);
    CHECK([[MFValue valueInstanceWithUint:~0ull] uintValue] == ~0ull);
    CHECK([[MFValue valueInstanceWithClass:[Shelf class]] classValue] == [Shelf class]);
    CHECK(sel_isEqual([[MFValue valueInstanceWithSEL:@selector(size)] selValue], @selector(size)));
    CHECK_TEXT([[MFValue valueInstanceWithCstring:"text"] cstringValue], "text");
    CHECK([[MFValue valueInstanceWithPointer:&range] pointerValue] == &range);
    CHECK(((NSRange *)[[MFValue valueInstanceWithStruct:&range typeEncoding:@encode(NSRange) copyData:YES]
               pointerValue])->length == 4);
    CHECK([[[MFValue valueInstanceWithInt:3] c2objectValue] isEqual:[NSNumber numberWithInt:3]]);
    CHECK_TEXT([[[MFValue valueInstanceWithDouble:1.5] nsStringValue] UTF8String], "1.500000");
    CHECK([[MFValue valueInstanceWithObject:@"x"] isObject] && ![[MFValue valueInstanceWithInt:0] isSubtantial]);
    CHECK([[MFValue valueInstanceWithInt:1] objectValue] == nil && [[MFValue voidValueInstance] objectValue] == nil);
}

static void
errors_have_the_names_that_programs_look_for(void)
{
    MFContext *context = [[MFContext new] autorelease];

    CHECK_TEXT(raised(context, @"class Shelf : NSObject { - (int)size { return 1 `; } }"), "MFParseError");
    CHECK_TEXT(raised(context, @"class Shelf : NSString { - (int)size { return 3; } }"), "MFRuntimeErrorSuperClassNoMatch");
    CHECK_TEXT(raised(context, @"class Fresh : NoSuchParent { }"), "MFRuntimeErrorNotFoundSuperClass");
    CHECK_TEXT(raised(context, @"int n = 1 / 0;"), "MendErrorDivideByZero");
    CHECK_TEXT(raised(context, @"class Shelf : NSObject { - (int)size { return 3; } } CFunction<int> f = CFunction(\"no_such\");"),
               "MFRuntimeErrorNotFoundCFunction");
    CHECK_TEXT(raised(context, @"CFunction<NoType> f = nil;"), "MFSemanticErrorNotSupportCFunctionTypeDeclare");
    CHECK_TEXT(raised(context, @"declare struct Half { keys: a, b }"), "MFSemanticErrorStructDeclareLackFieldEncoding");
    CHECK_TEXT(raised(context, @"declare struct Half { typeEncoding: \"{Half=qq}\" }"),
               "MFSemanticErrorStructDeclareLackFieldKeys");
    CHECK_TEXT(raised(context, nil), "MFParseError");
    CHECK_LONG([shelf() size], 1); /* nothing of them is in force */
}

static void
encrypted_scripts_run(void)
{
    MFContext *context = context_for(@"secret key");
    NSData *script = from_hex(aes_script);

    for (int i = 0; i < 4; i++)
        CHECK_TEXT(refused(context, from_hex(aes_comments[i])), "");
    [context evalMangoScriptWithURL:file_with([script bytes], [script length])];
    CHECK_LONG([shelf() size], 42);
    [context evalMangoScriptWithDebugURL:file_with("class Shelf : NSObject { }", 26)]; /* replaces what the file did */
    CHECK_LONG([shelf() size], 1);
    [context evalMangoScriptWithAES128Data:script];
    CHECK_LONG([shelf() size], 42);
    [context evalMangoScriptWithSourceString:@"class Shelf : NSObject { - (int)size { return self.ORGsize(); } }"];
    CHECK_LONG([shelf() size], 1);
    unlink([[NSTemporaryDirectory() stringByAppendingPathComponent:
               [NSString stringWithFormat:@"mend-mangofix-%d.mg", getpid()]] UTF8String]);
}

static void
what_cannot_be_decrypted_gives_a_reason(void)
{
    NSData *script = from_hex(aes_script);
    NSMutableData *changed = [NSMutableData dataWithData:script];

    CHECK_TEXT(refused(context_for(@"another key"), script), "MendErrorDecrypt");
    CHECK_TEXT(refused(context_for(@"secret key"), [script subdataWithRange:NSMakeRange(0, 30)]), "MendErrorDecrypt");
    CHECK_TEXT(refused(context_for(@"secret key"), [script subdataWithRange:NSMakeRange(0, 32)]), "MendErrorDecrypt");
    CHECK_TEXT(refused(context_for(@"secret key"), nil), "MendErrorDecrypt");
    ((unsigned char *)[changed mutableBytes])[3] ^= 1; /* the padding is right, the text is not */
    CHECK_TEXT(refused(context_for(@"secret key"), changed), "MendErrorDecrypt");
    CHECK_TEXT(refused([[MFContext new] autorelease], script), "MendErrorDecrypt");
    @try {
        context_for(@"a key of more than sixteen");
        CHECK(0);
    } @catch (NSException *e) {
        CHECK_TEXT([[e name] UTF8String], "MendErrorDecrypt");
    }
}

static void
rsa_scripts_of_older_versions_run(void)
{
    MFContext *opens = [[[MFContext alloc] initWithRSAPrivateKey:[NSString stringWithUTF8String:private_key]] autorelease];
    MFContext *checks = [[[MFContext alloc] initWithRSAPublicKey:[NSString stringWithUTF8String:public_key]] autorelease];
    NSString *encrypted = [NSString stringWithUTF8String:rsa_script];

    [opens evalMangoScriptWithRSAEncryptedBase64String:encrypted];
    CHECK_LONG([shelf() size], 42);
    [opens evalMangoScriptWithSourceString:@"class Shelf : NSObject { - (int)size { return 2; } }"];
    [checks evalMangoScriptWithRSAEncryptedBase64String:[NSString stringWithUTF8String:signed_script]];
    CHECK_LONG([shelf() size], 42);
    @try {
        [opens evalMangoScriptWithRSAEncryptedBase64String:[encrypted substringFromIndex:4]];
        CHECK(0);
    } @catch (NSException *e) {
        CHECK_TEXT([[e name] UTF8String], "MendErrorDecrypt");
    }
    @try {
        [checks evalMangoScriptWithRSAEncryptedBase64String:encrypted];
        CHECK(0);
    } @catch (NSException *e) {
        CHECK_TEXT([[e name] UTF8String], "MendErrorDecrypt");
    }
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(values_go_in_and_come_out),
        TEST(later_scripts_see_earlier_names_and_run_once),
        TEST(values_keep_their_kind),
        TEST(errors_have_the_names_that_programs_look_for),
        TEST(encrypted_scripts_run),
        TEST(what_cannot_be_decrypted_gives_a_reason),
        TEST(rsa_scripts_of_older_versions_run),
        TEST(an_injected_block_is_a_function),
        TEST(a_script_replaces_methods_and_org_is_a_method),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
