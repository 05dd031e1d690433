// SPDX-License-Identifier: MIT
/*
 * Real methods both ways: FILE HEADERS [SELECTOR]. Each method of FILE that takes and gives values this program can make, and that no
 * word of its name says to change something, is called on objects of many kinds with many arguments, as the library compiled
 * it; then it is patched from its own source and called again. What it gave, or raised, must be equal.
 *
 * Each method has a process of its own. A method whose compiled code answers differently the second time, or ends the process,
 * is left out; so is one that reads a static variable of its file which a patch has a copy of and only the library has set. The
 * class's +initialize runs again under another name, so that it may set the patch's.
 *
 * Prints a line a method and last "pure N calls M different D".
 */
#import <Foundation/Foundation.h>

#include "bodies.h"

#include <ctype.h>
#include <signal.h>
#include <mend/patch.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGS = 6, RECEIVERS = 8, ROUNDS = 6, WIDEST = 64, TIME = 20 };

struct method {
    const struct body *body;
    char class_name[80], selector[200], types[MOST_ARGS][80];
    unsigned count;
    bool class_side;
};

/* Shared with the child: how far it came. */
static struct progress {
    enum { COMPILED, PATCHING, PATCHED } stage;
    unsigned calls;
} *progress;

static char *file, *headers;
static size_t headers_length;

/* ---- what a head says ---- */

static const char *
skip_space(const char *p)
{
    return p + strspn(p, " \t\n");
}

/* ( TYPE ): the text inside. */
static const char *
take_type(const char *p, char *type, size_t size)
{
    size_t n = 0;
    int depth = 0;

    p = skip_space(p);
    if (*p != '(')
        return p;
    do {
        depth += *p == '(';
        depth -= *p == ')';
        if (n + 1 < size)
            type[n++] = *p;
        p++;
    } while (*p && depth);
    type[n] = 0;
    return skip_space(p);
}

static const char *
take_word(const char *p, char *to, size_t size)
{
    size_t n = strlen(to);

    for (p = skip_space(p); isalnum((unsigned char)*p) || *p == '_'; p++)
        if (n + 1 < size)
            to[n++] = *p;
    to[n] = 0;
    return skip_space(p);
}

static bool
read_head(struct method *m)
{
    char head[2000] = "", skipped[80] = "";
    const char *p = head;

    for (unsigned i = m->body->head; i < m->body->first; i++) {
        strncat(head, lines[i - 1], sizeof head - strlen(head) - 2);
        strcat(head, "\n");
    }
    m->class_side = *p == '+';
    p = take_type(p + 1, skipped, sizeof skipped);
    p = take_word(p, m->selector, sizeof m->selector);
    while (*p == ':') {
        strncat(m->selector, ":", sizeof m->selector - strlen(m->selector) - 1);
        if (m->count == MOST_ARGS)
            return false;
        p = take_type(p + 1, m->types[m->count++], sizeof m->types[0]);
        skipped[0] = 0;
        p = take_word(p, skipped, sizeof skipped);
        p = take_word(p, m->selector, sizeof m->selector);
    }
    return *p == 0; /* a comma: variable arguments */
}

/* What begins like this changes something, depends on the hour, or owns what it gives. */
static bool
is_harmless(const char *selector)
{
    static const char *const words[] = {"set", "add", "remove", "insert", "replace", "append", "delete", "exchange", "sort", "reset",
                                        "write", "init", "dealloc", "encode", "finalize", "release", "retain", "autorelease", "awake",
                                        "forward", "perform", "load", "register", "post", "lock", "unlock", "wait", "sleep", "exit",
                                        "alloc", "new", "observe", "notify", "schedule", "fire", "invalidate", "make", "open", "close",
                                        "_set", "subclassResponsibility", "shouldNotImplement", "notImplemented", "doesNotRecognize",
                                        "minus", "union", "intersect", "shift", "will", "did", "raise", "run", "start", "stop", "mutable",
                                        "class", "zone", "calendarDate", "date", "poseAs", "cancel", "resume", "current", "system", "shared", "default"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(selector, words[i], strlen(words[i])) == 0)
            return strncmp(selector, "sorted", 6) == 0 || strncmp(selector, "dateBy", 6) == 0;
    return true;
}

/* ---- statics ---- */

static bool
mentions(const char *line, const char *name)
{
    size_t length = strlen(name);

    for (const char *p = line; (p = strstr(p, name)); p += length)
        if ((p == line || !(isalnum((unsigned char)p[-1]) || p[-1] == '_')) && !(isalnum((unsigned char)p[length]) || p[length] == '_'))
            return true;
    return false;
}

static bool
body_mentions(const struct body *body, const char *name)
{
    for (unsigned i = body->first; i <= body->last; i++)
        if (mentions(lines[i - 1], name))
            return true;
    return false;
}

/* The name that a line `static TYPE name = ...;` or `static TYPE name;` declares; false for any other line. */
static bool
static_name(const char *line, char *name, size_t size)
{
    const char *end;
    size_t n = 0;

    if (strncmp(line, "static", 6) != 0 || strchr(line, '(') || strstr(line, "const ") || !(end = strpbrk(line, "=;[")))
        return false;
    while (end > line && isspace((unsigned char)end[-1]))
        end--;
    while (end - n > line && (isalnum((unsigned char)end[-1 - (long)n]) || end[-1 - (long)n] == '_'))
        n++;
    if (!n || n >= size)
        return false;
    memcpy(name, end - n, n);
    name[n] = 0;
    return true;
}

static const struct body *
initialize_of(const struct method *m)
{
    char name[80] = "";

    for (unsigned i = 0; i < body_count; i++) {
        for (unsigned n = bodies[i].head; n-- > 1 && !bodies[i].function;)
            if (strncmp(lines[n - 1], "@implementation", 15) == 0) {
                name[0] = 0;
                take_word(lines[n - 1] + 15, name, sizeof name);
                break;
            }
        if (!bodies[i].function && strcmp(name, m->class_name) == 0 && lines[bodies[i].head - 1][0] == '+' &&
            mentions(lines[bodies[i].head - 1], "initialize"))
            return &bodies[i];
    }
    return NULL;
}

/* Whether the method reads a static variable that nothing in the patch would set. */
static bool
needs_a_static(const struct method *m)
{
    const struct body *initialize = initialize_of(m);
    char name[80];

    for (unsigned i = 0; i < line_count; i++)
        if (static_name(lines[i], name, sizeof name) && !strchr(lines[i], '=') && body_mentions(m->body, name) &&
            !(initialize && body_mentions(initialize, name)))
            return true;
    return false;
}

/* ---- objects ---- */

static NSArray *
objects(void)
{
    static NSArray *made;

    if (made)
        return made;
    made = [[NSArray alloc]
        initWithObjects:@"alpha beta", @"/usr/lib/../x.tar.gz", @"", @"12.75abc", @"YES", @"Zw\u00f6lf", @"~/a b/", @"  trim me\n",
                        [NSString stringWithFormat:@"%d,%d,%d", 1, 22, 333], [NSArray arrayWithObjects:@"b", @"a", @"c", nil],
                        [NSArray array], [NSArray arrayWithObjects:[NSNumber numberWithInt:3], @"x", [NSNumber numberWithInt:1], nil],
                        [NSDictionary dictionaryWithObjectsAndKeys:@"one", @"1", @"two", @"2", nil], [NSDictionary dictionary],
                        [NSNumber numberWithInt:42], [NSNumber numberWithDouble:-2.5], [NSNumber numberWithBool:YES],
                        [NSNumber numberWithUnsignedLongLong:~0ULL], [NSDecimalNumber decimalNumberWithString:@"3.14159"],
                        [NSData dataWithBytes:"\x01\x02hello\xff" length:8], [NSData data], [NSDate dateWithTimeIntervalSince1970:86400],
                        [NSCalendarDate dateWithYear:2004 month:2 day:29 hour:13 minute:5 second:9 timeZone:[NSTimeZone timeZoneForSecondsFromGMT:3600]],
                        [NSSet setWithObjects:@"s", @"t", nil], [NSCountedSet setWithObjects:@"u", @"u", @"v", nil],
                        [NSCharacterSet decimalDigitCharacterSet], [NSCharacterSet characterSetWithCharactersInString:@"abcx/"],
                        [NSURL URLWithString:@"http://user:pw@host.example:8080/a/b.c;p?q=1&r=2#frag"], [NSURL fileURLWithPath:@"/tmp/x y"],
                        [NSIndexSet indexSetWithIndexesInRange:NSMakeRange(3, 5)], [NSIndexSet indexSet], [NSValue valueWithRange:NSMakeRange(4, 9)],
                        [NSIndexPath indexPathWithIndex:7], [NSNull null], [NSTimeZone timeZoneForSecondsFromGMT:-7200],
                        [NSError errorWithDomain:@"d" code:5 userInfo:[NSDictionary dictionaryWithObject:@"why" forKey:NSLocalizedDescriptionKey]],
                        [NSMutableString stringWithString:@"mutable text"], [NSMutableArray arrayWithObjects:@"m", @"n", @"m", nil],
                        [NSMutableDictionary dictionaryWithObject:@"v" forKey:@"k"], [NSMutableData dataWithBytes:"abc" length:3],
                        [NSOrderedSet orderedSetWithObjects:@"o", @"p", nil], [[[NSAttributedString alloc] initWithString:@"attributed"] autorelease],
                        [NSSortDescriptor sortDescriptorWithKey:@"length" ascending:NO], [NSPredicate predicateWithFormat:@"length > 3"],
                        [NSException exceptionWithName:@"N" reason:@"R" userInfo:nil],
                        [[[NSDateComponents alloc] init] autorelease], [NSScanner scannerWithString:@"17 0x1f rest"],
                        [NSHashTable hashTableWithOptions:0], [NSLocale systemLocale], [NSMethodSignature signatureWithObjCTypes:"i20@0:8i16"],
                        [NSUUID UUID], nil];
    return made;
}

/* The n-th object that can stand for the declared type; false: none can. */
static bool
object_for(const char *type, unsigned n, id *out)
{
    NSMutableArray *fitting = [NSMutableArray array];
    char name[80] = "";

    take_word(type + (*type == '('), name, sizeof name);
    if (!*type || strcmp(name, "id") == 0 || strcmp(name, "NSObject") == 0) {
        [fitting setArray:objects()];
    } else {
        Class cls = objc_lookUpClass(name);

        for (id each in objects())
            if (cls && [each isKindOfClass:cls])
                [fitting addObject:each];
    }
    if (![fitting count])
        return false;
    *out = [fitting objectAtIndex:(n * 7 + 3) % [fitting count]];
    return true;
}

/* An argument's bytes; false: of a type nobody makes here. */
static bool
make_argument(const char *encoding, const char *type, unsigned n, void *out)
{
    static const long integers[] = {0, 1, 2, 3, 5, 'a', 10, 255};
    static const double numbers[] = {0, 1, -1.5, 3.25, 1e10, 7};
    static const NSRange ranges[] = {{0, 0}, {0, 1}, {1, 2}, {0, 3}, {2, 100}};
    static const char *const texts[] = {"abc", "", "12", "a/b"};

    encoding += strspn(encoding, "rnNoORV");
    memset(out, 0, WIDEST);
    switch (*encoding) {
    case '@':
        return encoding[1] != '?' && object_for(type, n, out);
    case 'f':
        *(float *)out = (float)numbers[n % 6];
        return true;
    case 'd':
        *(double *)out = numbers[n % 6];
        return true;
    case '*':
        *(const char **)out = texts[n % 4];
        return strstr(type, "const") != NULL;
    case '{':
        *(NSRange *)out = ranges[n % 5];
        return strncmp(encoding, "{_NSRange=", 10) == 0;
    default:
        *(long *)out = strstr(type, "BOOL") ? n % 2 : integers[n % 8]; /* a BOOL is 0 or 1 in a patch */
        return strchr("cCsSiIlLqQB", *encoding) != NULL;
    }
}

static void
add_text(NSMutableData *to, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) { /* addresses differ from one object to the next */
        [to appendBytes:text + i length:1];
        if (text[i] == '0' && text[i + 1] == 'x') {
            i++;
            while (isxdigit((unsigned char)text[i + 1]))
                i++;
        }
    }
    [to appendBytes:"\n" length:1];
}

static bool
is_shown(const char *encoding)
{
    encoding += strspn(encoding, "rnNoORV");
    return (*encoding == '@' && encoding[1] != '?') || (*encoding && strchr("#:*fdcCsSiIlLqQB", *encoding)) ||
           strncmp(encoding, "{_NSRange=", 10) == 0;
}

static void
show(NSMutableData *to, const char *encoding, const void *value)
{
    char text[200];
    id object;

    encoding += strspn(encoding, "rnNoORV");
    switch (*encoding) {
    case '@':
        object = *(const id *)value;
        /* a constant text is an object of another private class in a patch */
        add_text(to, !object ? "nil" : [object isKindOfClass:[NSString class]] ? "text" : object_getClassName(object));
        if (object)
            add_text(to, [[object description] UTF8String] ?: "no text");
        return;
    case '#':
        add_text(to, class_getName(*(const Class *)value));
        return;
    case ':':
        add_text(to, *(const SEL *)value ? sel_getName(*(const SEL *)value) : "no selector");
        return;
    case '*':
        add_text(to, *(char *const *)value ?: "NULL");
        return;
    case 'f':
        snprintf(text, sizeof text, "%.9g", (double)*(const float *)value);
        break;
    case 'd':
        snprintf(text, sizeof text, "%.17g", *(const double *)value);
        break;
    case '{':
        snprintf(text, sizeof text, "%lu,%lu", ((const NSRange *)value)->location, ((const NSRange *)value)->length);
        break;
    default: {
        NSUInteger size = 0, align;
        unsigned long bits = 0;

        NSGetSizeAndAlignment(encoding, &size, &align);
        memcpy(&bits, value, size);
        snprintf(text, sizeof text, "%lu", bits);
    }
    }
    add_text(to, text);
}

/* ---- calls ---- */

static bool
call(const struct method *m, id receiver, NSMethodSignature *signature, unsigned round, NSMutableData *to)
{
    NSInvocation *invocation = [NSInvocation invocationWithMethodSignature:signature];
    char value[WIDEST] __attribute__((aligned(16)));

    [invocation setTarget:receiver];
    [invocation setSelector:sel_registerName(m->selector)];
    for (unsigned i = 0; i < m->count; i++) {
        if (!make_argument([signature getArgumentTypeAtIndex:i + 2], m->types[i], round * 5 + i, value))
            return false;
        [invocation setArgument:value atIndex:(NSInteger)i + 2];
    }
    progress->calls++;
    @try {
        [invocation invoke];
        memset(value, 0, sizeof value);
        [invocation getReturnValue:value];
        show(to, [signature methodReturnType], value);
    } @catch (NSException *e) {
        add_text(to, [[e name] UTF8String]);
        add_text(to, [[e reason] UTF8String] ?: "");
    }
    return true;
}

/* Everything the method gives; nil when it cannot be called from here. */
static NSData *
outcomes(const struct method *m, NSArray *receivers)
{
    NSMutableData *all = [NSMutableData data];

    for (id each in receivers) {
        NSMethodSignature *signature = [each methodSignatureForSelector:sel_registerName(m->selector)];

        if (!signature || [signature numberOfArguments] != m->count + 2 || !is_shown([signature methodReturnType]))
            return nil;
        for (unsigned round = 0; round < (m->count ? ROUNDS : 1); round++)
            if (!call(m, each, signature, round, all))
                return nil;
    }
    return all;
}

/* Objects that run exactly this method. */
static NSArray *
receivers_of(const struct method *m)
{
    NSMutableArray *found = [NSMutableArray array];
    Class cls = objc_lookUpClass(m->class_name);
    SEL sel = sel_registerName(m->selector);

    if (!cls)
        return found;
    if (m->class_side) {
        if (class_getClassMethod(cls, sel))
            [found addObject:cls];
        return found;
    }
    for (id each in objects())
        if ([each isKindOfClass:cls] && [found count] < RECEIVERS &&
            class_getInstanceMethod(object_getClass(each), sel) == class_getInstanceMethod(cls, sel) && class_getInstanceMethod(cls, sel))
            [found addObject:each];
    return found;
}

/* ---- one method ---- */

/*
 * Where C leaves it open what comes out and compiler and patch differ: a double that does not fit made an unsigned int, where the language
 * saturates; the order in which two arguments that both raise are evaluated.
 */
static bool
is_left_open(const struct method *m)
{
    return (strcmp(m->selector, "hash") == 0 && (strcmp(m->class_name, "NSNumber") == 0 || strstr(m->class_name, "Date"))) ||
           strcmp(m->selector, "decimalNumberByRoundingAccordingToBehavior:") == 0;
}

struct trouble {
    const struct method *method;
    char first[400];
    bool again;
};

static void
collect(void *data, const mend_diagnostic *d)
{
    struct trouble *trouble = data;

    if (d->severity != MEND_ERROR)
        return;
    for (unsigned i = 0; i < body_count; i++)
        if (bodies[i].function && strcmp(d->file, file) == 0 && d->line >= bodies[i].head && d->line <= bodies[i].last) {
            trouble->again = true; /* left out; a method that uses it will say so */
            for (unsigned n = bodies[i].head > 1 ? bodies[i].head - 1 : 1; n <= bodies[i].last; n++)
                lines[n - 1] = "";
            return;
        }
    if (strcmp(d->file, file) == 0 && d->line <= line_count && *lines[d->line - 1] &&
        (d->line < trouble->method->body->head || d->line > trouble->method->body->last)) {
        trouble->again = true;
        lines[d->line - 1] = "";
        return;
    }
    if (!*trouble->first)
        snprintf(trouble->first, sizeof trouble->first, "%u: %s", d->line, d->message);
}

/* Takes out every method but this one and its class's +initialize. */
static bool
isolate(const struct method *m)
{
    const struct body *initialize = initialize_of(m);
    char line[400];

    for (unsigned i = 0; i < body_count; i++)
        if (!bodies[i].function && &bodies[i] != m->body && &bodies[i] != initialize)
            for (unsigned n = bodies[i].head; n <= bodies[i].last; n++)
                lines[n - 1] = "";
    if (!initialize)
        return false;
    for (unsigned n = initialize->head; n < initialize->first; n++)
        if (mentions(lines[n - 1], "initialize")) {
            snprintf(line, sizeof line, "+ (void) mendInitializeAgain");
            lines[n - 1] = strdup(line);
            return true;
        }
    return false;
}

static mend_status
patch(struct trouble *trouble, mend_error *err)
{
    mend_status st;

    do {
        char *text = join_lines();
        mend_source source = {.name = file, .id = "both", .text = text, .length = strlen(text), .headers = headers, .headers_length = headers_length};

        trouble->again = false;
        trouble->first[0] = 0;
        st = mend_patch_apply(&source, collect, trouble, NULL, err);
        free(text);
    } while (st != MEND_OK && trouble->again);
    return st;
}

static void
show_difference(const struct method *m, NSData *a, NSData *b)
{
    const char *p = [a bytes], *q = [b bytes];
    size_t least = [a length] < [b length] ? [a length] : [b length], i = 0, start = 0;

    for (; i < least && p[i] == q[i]; i++)
        if (p[i] == '\n')
            start = i + 1;
    printf("different %c[%s %s]: compiled '%.*s', patched '%.*s'\n", m->class_side ? '+' : '-', m->class_name, m->selector,
           (int)strcspn(p + start, "\n"), p + start, (int)strcspn(q + start, "\n"), q + start);
}

enum verdict { PURE, DIFFERENT, LEFT_OUT };

static enum verdict
compare(const struct method *m)
{
    NSArray *receivers = receivers_of(m);
    NSMutableData *first, *second;
    struct trouble trouble = {.method = m};
    Class cls = objc_lookUpClass(m->class_name), where = m->class_side ? object_getClass(cls) : cls;
    IMP before = class_getMethodImplementation(where, sel_registerName(m->selector));
    mend_error err = {0};
    bool sets;

    if (![receivers count] || !(first = [[outcomes(m, receivers) mutableCopy] autorelease]))
        return LEFT_OUT;
    progress->calls = 0;
    if (![first isEqual:outcomes(m, receivers)])
        return LEFT_OUT;
    progress->stage = PATCHING;
    sets = isolate(m);
    if (patch(&trouble, &err) != MEND_OK) {
        printf("refused %c[%s %s]: %s\n", m->class_side ? '+' : '-', m->class_name, m->selector, *trouble.first ? trouble.first : err.message);
        return LEFT_OUT;
    }
    if (sets)
        [cls performSelector:sel_registerName("mendInitializeAgain")];
    if (class_getMethodImplementation(where, sel_registerName(m->selector)) == before)
        return LEFT_OUT;
    progress->stage = PATCHED;
    second = [[outcomes(m, receivers) mutableCopy] autorelease];
    if (mend_patch_revert("both", &err) != MEND_OK)
        return DIFFERENT;
    if ([first isEqual:second])
        return PURE;
    [first appendBytes:"" length:1];
    [second appendBytes:"" length:1];
    show_difference(m, first, second);
    return DIFFERENT;
}

static enum verdict
in_a_child(const struct method *m)
{
    int status;
    pid_t pid;

    *progress = (struct progress){COMPILED, 0};
    fflush(stdout);
    if ((pid = fork()) == 0) {
        alarm(TIME);
        freopen("/dev/null", "w", stderr);
        status = compare(m);
        fflush(stdout);
        _exit(status);
    }
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) <= LEFT_OUT)
        return WEXITSTATUS(status);
    if (progress->stage == COMPILED || (progress->stage == PATCHING && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM))
        return LEFT_OUT; /* tables of a megabyte take longer to read than this gives */
    printf("different %c[%s %s]: ended the process (%d) %s\n", m->class_side ? '+' : '-', m->class_name, m->selector, status,
           progress->stage == PATCHED ? "when patched" : "when it was being patched");
    return DIFFERENT;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    unsigned counts[3] = {0}, calls = 0;
    char class_name[80] = "";
    unsigned next = 0;
    size_t length;

    if (argc < 3)
        return 2;
    file = argv[1];
    cut_lines(read_file(file, &length));
    headers = read_file(argv[2], &headers_length);
    find_bodies();
    objects();
    progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < body_count; i++) {
        struct method m = {.body = &bodies[i]};
        enum verdict verdict;

        for (; next < bodies[i].head; next++)
            if (strncmp(lines[next], "@implementation", 15) == 0) {
                class_name[0] = 0;
                take_word(lines[next] + 15, class_name, sizeof class_name);
            }
        strcpy(m.class_name, class_name);
        if (bodies[i].function || !read_head(&m) || is_left_open(&m) || !is_harmless(m.selector) || (argc > 3 && strcmp(argv[3], m.selector) != 0) ||
            needs_a_static(&m))
            continue;
        verdict = in_a_child(&m);
        counts[verdict]++;
        if (verdict != LEFT_OUT) {
            calls += progress->calls;
            printf("%s %c[%s %s]\n", verdict == PURE ? "same" : "DIFFERENT", m.class_side ? '+' : '-', m.class_name, m.selector);
        }
    }
    printf("pure %u calls %u different %u %s\n", counts[PURE], calls, counts[DIFFERENT], file);
    [pool release];
    return counts[DIFFERENT] != 0;
}
