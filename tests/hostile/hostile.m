/* SPDX-License-Identifier: MIT */
/*
 * Patches that mean harm or know no better, in each language: the host lives, the failure policy is followed,
 * what can be refused is refused whole, and after the revert every method is the exact one.
 *
 * One line for each case tells what became of it; "N cases" is the number of those that were as they should
 * be.
 */
#include <mend/hook.h>
#include <mend/patch.h>

#include <Foundation/Foundation.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int deaths, failed, cases;

@interface Host : NSObject
- (int)answer;
- (void)put:(NSString *)what;
+ (void)takeBack;
@end
@implementation Host
- (int)answer
{
    return 42;
}
- (void)put:(NSString *)what
{
}
+ (void)takeBack
{
    mend_patch_revert("hostile", NULL);
}
- (void)dealloc
{
    deaths++;
    [super dealloc];
}
@end

enum language { SOURCE, DOCUMENT, SCRIPT, LANGUAGES };
static const char *const files[LANGUAGES] = {"hostile.m", "hostile.json", "hostile.js"};

#define BODY_OF(method, type, body) "@implementation Host\n- (" type ")" method " {" body "}\n@end\n"
#define STEPS_OF(method, more, steps)                                                                        \
    "{\"format\": 2, \"instructions\": [{\"cls\": \"Host\", \"methodList\": [{\"method\": \"" method         \
    "\"" more ", \"messages\": [" steps "]}]}]}"
#define FUNCTION_OF(method, body) "defineClass('Host', {" method ": function () {" body "}});"

#define BODY(body)     BODY_OF("answer", "int", body)
#define STEPS(steps)   STEPS_OF("answer", "", steps)
#define FUNCTION(body) FUNCTION_OF("answer", body)

#define BOOM                                                                                                 \
    "{\"do\": \"throw\", \"value\": {\"send\": \"exceptionWithName:reason:userInfo:\", \"to\": {\"class\": " \
    "\"NSException\"}, \"args\": [\"Boom\", \"of the patch\", null]}}"

/* What a call answers: a number, or one of these. */
enum { THROWS = -1000, REFUSED = -1001 };

struct outcome {
    enum mend_policy policy;
    int answer;
};

struct hostile {
    const char *what;
    const char *text[LANGUAGES];
    enum mend_policy policy;
    int answer[LANGUAGES];
    const char *after; /* the patch's state: "applied", or "gone" */
};

static const struct hostile list[] = {
    {"throws, propagate",
     {BODY("[NSException raise:@\"Boom\" format:@\"of the patch\"]; return 1;"), STEPS(BOOM),
      FUNCTION("throw new Error('Boom');")},
     MEND_POLICY_PROPAGATE,
     {THROWS, THROWS, THROWS},
     "applied"},
    {"throws, zero",
     {BODY("[NSException raise:@\"Boom\" format:@\"of the patch\"]; return 1;"), STEPS(BOOM),
      FUNCTION("throw new Error('Boom');")},
     MEND_POLICY_ZERO,
     {0, 0, 0},
     "applied"},
    {"throws, next",
     {BODY("[NSException raise:@\"Boom\" format:@\"of the patch\"]; return 1;"), STEPS(BOOM),
      FUNCTION("throw new Error('Boom');")},
     MEND_POLICY_NEXT,
     {42, 42, 42},
     "applied"},
    {"throws, withdraw",
     {BODY("[NSException raise:@\"Boom\" format:@\"of the patch\"]; return 1;"), STEPS(BOOM),
      FUNCTION("throw new Error('Boom');")},
     MEND_POLICY_WITHDRAW,
     {0, 0, 0},
     "gone"},
    {"throws before the method",
     {NULL, STEPS_OF("answer", ", \"position\": \"before\"", BOOM), NULL},
     MEND_POLICY_ZERO,
     {0, 0, 0},
     "applied"},
    {"throws behind the method",
     {NULL, STEPS_OF("answer", ", \"position\": \"after\"", BOOM), NULL},
     MEND_POLICY_ZERO,
     {0, 0, 0},
     "applied"},
    {"calls itself without end",
     {BODY("return [self answer] + 1;"),
      STEPS("{\"do\": \"return\", \"value\": {\"send\": \"answer\", \"to\": {\"self\": true}}}"),
      FUNCTION("return self.answer() + 1;")},
     MEND_POLICY_PROPAGATE,
     {THROWS, THROWS, THROWS},
     "applied"},
    {"sends what nobody understands",
     {BODY("return (int)[(id)self noSuchThing:1];"),
      STEPS("{\"do\": \"expr\", \"value\": {\"send\": \"noSuchThing:\", \"to\": {\"self\": true}, \"args\": "
            "[\"x\"]}}"),
      FUNCTION("return self.noSuchThing(1);")},
     MEND_POLICY_NEXT,
     {REFUSED, REFUSED, 0},
     "applied"},
    {"takes itself back",
     {BODY("[Host takeBack]; return 7;"),
      STEPS("{\"do\": \"expr\", \"value\": {\"send\": \"takeBack\", \"to\": {\"class\": \"Host\"}}}, "
            "{\"do\": \"return\", \"value\": 7}"),
      FUNCTION("require('Host').takeBack(); return 7;")},
     MEND_POLICY_DEFAULT,
     {7, 7, 7},
     "gone"},
    {"answers with an object for a number",
     {BODY("return @\"text\";"),
      STEPS("{\"do\": \"return\", \"value\": {\"send\": \"description\", \"to\": {\"self\": true}}}"),
      FUNCTION("return 'word';")},
     MEND_POLICY_DEFAULT,
     {REFUSED, REFUSED, 0},
     "applied"},
    {"divides by zero",
     {BODY("int zero = 0; return 1 / zero;"),
      STEPS("{\"do\": \"let\", \"name\": \"zero\", \"type\": \"int\", \"value\": 0}, {\"do\": \"return\", "
            "\"value\": {\"op\": \"/\", \"l\": 1, \"r\": {\"var\": \"zero\"}}}"),
      NULL},
     MEND_POLICY_NEXT,
     {42, 42, 42},
     "applied"},
    {"changes a class that is not there",
     {"@interface Nowhere : NoSuchClass\n@end\n@implementation Nowhere\n- (int)answer { return 1; }\n@end\n",
      "{\"format\": 2, \"instructions\": [{\"cls\": \"Nowhere\", \"methodList\": [{\"method\": \"answer\", "
      "\"messages\": []}]}]}",
      "defineClass('Nowhere : NoSuchClass', {answer: function () { return 1; }});"},
     MEND_POLICY_DEFAULT,
     {REFUSED, REFUSED, REFUSED},
     "gone"},
    {"changes reference counting",
     {BODY_OF("release", "oneway void", ""), STEPS_OF("release", "", ""), FUNCTION_OF("release", "")},
     MEND_POLICY_DEFAULT,
     {REFUSED, REFUSED, REFUSED},
     "gone"},
    {"is no text of its language",
     {"@implementation Host\n- (int)answer { return ((((; }\n", "{\"format\": 2, \"instructions\": [",
      "defineClass('Host', {answer: function () { return ((((;"},
     MEND_POLICY_DEFAULT,
     {REFUSED, REFUSED, REFUSED},
     "gone"},
    {"ends its object in its own way",
     {BODY_OF("dealloc", "void", "[NSException raise:@\"Boom\" format:@\"\"];"),
      STEPS_OF("dealloc", "", BOOM), FUNCTION_OF("dealloc", "throw new Error('Boom');")},
     MEND_POLICY_ZERO,
     {42, 42, 42},
     "applied"},
};

static mend_status
apply(enum language language, const char *text, size_t length, enum mend_policy policy, mend_error *err)
{
    mend_source source = {.name = files[language], .text = text, .length = length, .policy = policy};

    return mend_patch_apply(&source, NULL, NULL, NULL, err);
}

static int
counts(void *data, const mend_patch_info *info)
{
    ++*(int *)data;
    return 1;
}

static int
applied(void)
{
    int count = 0;

    mend_patch_each(counts, &count, NULL);
    return count;
}

static int
ask(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Host *host = [Host new];
    int answer;

    NS_DURING
    answer = [host answer];
    NS_HANDLER
    answer = THROWS;
    NS_ENDHANDLER
    NS_DURING
    [host release];
    NS_HANDLER
    answer = THROWS;
    NS_ENDHANDLER
    [pool release];
    return answer;
}

static void
wrong(const char *what, enum language language, const char *how, int is, int wanted)
{
    printf("FAILED %s, %s: %s is %d, not %d\n", files[language], what, how, is, wanted);
    failed++;
}

static void
as_before(const char *what, enum language language, IMP imp)
{
    int answer = ask();

    if (applied() != 0)
        wrong(what, language, "the number of patches left", applied(), 0);
    if (answer != 42)
        wrong(what, language, "the answer afterwards", answer, 42);
    if (class_getMethodImplementation([Host class], @selector(answer)) != imp)
        wrong(what, language, "the implementation", 0, 1);
}

static void
meet(const struct hostile *h, enum language language)
{
    IMP imp = class_getMethodImplementation([Host class], @selector(answer));
    int before = failed, were = deaths, answer;
    mend_error err = {0};

    if (h->text[language] == NULL)
        return;
    if (apply(language, h->text[language], strlen(h->text[language]), h->policy, &err) != MEND_OK)
        answer = REFUSED;
    else
        answer = ask();
    if (answer != h->answer[language])
        wrong(h->what, language, "the answer", answer, h->answer[language]);
    else if (answer == REFUSED && err.message[0] == '\0')
        wrong(h->what, language, "the length of the message", 0, 1);
    if (answer != REFUSED && deaths != were + 1)
        wrong(h->what, language, "the number of deaths", deaths - were, 1);
    if (applied() != (answer != REFUSED && strcmp(h->after, "applied") == 0))
        wrong(h->what, language, "the number of patches", applied(), answer != REFUSED);
    mend_patch_revert("hostile", NULL);
    as_before(h->what, language, imp);
    printf("%s %s: %s%s%s\n", failed == before ? "ok  " : "    ", files[language], h->what,
           err.message[0] ? ": " : "", err.message);
    cases += failed == before;
}

/* ---- Long ones ---- */

enum { LINES = 50000 };

static void
many_lines(enum language language)
{
    static const char *const heads[LANGUAGES] = {
        "@implementation Host\n- (int)answer {\n    int n = 0;\n",
        "{\"format\": 2, \"instructions\": [{\"cls\": \"Host\", \"methodList\": [{\"method\": \"answer\", "
        "\"messages\": [\n"
        "{\"do\": \"let\", \"name\": \"n\", \"type\": \"int\", \"value\": 0}\n",
        "defineClass('Host', {answer: function () {\n    var n = 0;\n"};
    static const char *const lines[LANGUAGES] = {
        "    n += 1;\n", ", {\"do\": \"set\", \"target\": {\"var\": \"n\"}, \"op\": \"+=\", \"value\": 1}\n",
        "    n += 1;\n"};
    static const char *const tails[LANGUAGES] = {"    return n;\n}\n@end\n",
                                                 ", {\"do\": \"return\", \"value\": {\"var\": \"n\"}}]}]}]}",
                                                 "    return n;\n}});\n"};
    IMP imp = class_getMethodImplementation([Host class], @selector(answer));
    NSMutableData *text = [NSMutableData dataWithBytes:heads[language] length:strlen(heads[language])];
    int before = failed, answer;
    mend_error err = {0};

    for (int i = 0; i < LINES; i++)
        [text appendBytes:lines[language] length:strlen(lines[language])];
    [text appendBytes:tails[language] length:strlen(tails[language])];
    if (apply(language, [text bytes], [text length], MEND_POLICY_DEFAULT, &err) == MEND_OK) {
        if ((answer = ask()) != LINES)
            wrong("50,000 lines", language, "the answer", answer, LINES);
    } else if (err.message[0] == '\0') {
        wrong("50,000 lines", language, "the length of the message", 0, 1);
    }
    mend_patch_revert("hostile", NULL);
    as_before("50,000 lines", language, imp);
    printf("%s %s: 50,000 lines%s%s\n", failed == before ? "ok  " : "    ", files[language],
           err.message[0] ? ", refused: " : "", err.message);
    cases += failed == before;
}

/* A script that never ends is stopped where MEND_JS_TIME_LIMIT is set; the other languages have no such limit
 * yet. */
static void
a_script_without_end(void)
{
    static const struct hostile endless = {
        "runs without end", {NULL, NULL, FUNCTION("for (;;) {}")}, MEND_POLICY_NEXT, {0, 0, 42}, "applied"};

    meet(&endless, SCRIPT);
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    setenv("MEND_JS_TIME_LIMIT", "0.3", 1);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        for (enum language language = SOURCE; language < LANGUAGES; language++)
            if (argc < 2 || strcmp(argv[1], list[i].what) == 0)
                meet(&list[i], language);
    if (argc < 2) {
        for (enum language language = SOURCE; language < LANGUAGES; language++)
            many_lines(language);
        a_script_without_end();
    }
    printf("%d cases\n", cases);
    [pool release];
    return failed != 0;
}
