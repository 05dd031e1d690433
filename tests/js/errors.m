/* SPDX-License-Identifier: MIT */
/*
 * Errors of scripts as native callers see them: exceptions both ways, what the patch's policy makes of them, and the
 * limit of time.
 *
 * errors         all but the last two
 * errors limit   with MEND_JS_TIME_LIMIT set
 * errors abort   ends by SIGABRT
 */
#include <mend/hook.h>
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(what)                                                                                           \
    do {                                                                                                     \
        if (!(what)) {                                                                                       \
            printf("%d: " #what "\n", __LINE__);                                                             \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

static void
apply(const char *text, enum mend_policy policy, unsigned after)
{
    mend_source source = {.name = "e.js", .text = text, .length = strlen(text), .policy = policy, .policy_after = after};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        printf("%s (%u:%u)\n", err.message, err.line, err.column);
        exit(1);
    }
}

static void
revert(void)
{
    mend_error err;

    MUST(mend_patch_revert("e", &err) == MEND_OK);
}

static NSException *
thrown_by(JSShape *shape)
{
    @try {
        [shape hello];
    } @catch (NSException *e) {
        return e;
    }
    return nil;
}

static const char broken[] = "defineClass('JSShape', {\n"
                             "    hello: function () {\n"
                             "        deeper();\n"
                             "    }\n"
                             "});\n"
                             "function deeper() { throw new Error('broken'); }\n";

static void
by_default_an_error_gives_zero_and_a_native_exception_passes(JSShape *shape)
{
    apply(broken, MEND_POLICY_DEFAULT, 0);
    MUST([shape hello] == nil && thrown_by(shape) == nil);
    revert();
    apply("defineClass('JSShape', {hello: function () { self.raise('native'); }});", MEND_POLICY_DEFAULT, 0);
    MUST([[thrown_by(shape) reason] isEqual:@"native"] && [[thrown_by(shape) name] isEqual:@"Raised"]);
    revert();
}

static void
an_exception_has_the_place_and_the_stack_of_the_script(JSShape *shape)
{
    NSException *e;

    apply(broken, MEND_POLICY_PROPAGATE, 0);
    e = thrown_by(shape);
    MUST([[e name] isEqual:@"MendScriptError"]);
    MUST([[e reason] isEqual:@"Error: broken (e.js:6)"]);
    MUST([[[e userInfo] objectForKey:@"stack"] rangeOfString:@"deeper@e.js:6"].length != 0);
    MUST([[[e userInfo] objectForKey:@"stack"] rangeOfString:@"hello@e.js:3"].length != 0);
    revert();
}

static void
a_script_sees_the_stack_of_a_native_exception(JSShape *shape)
{
    apply("defineClass('JSShape', {hello: function () {\n"
          "    try { self.raise('deep'); } catch (e) {\n"
          "        return [e.name, e.reason, typeof e.nativeStack, e.nativeStack.length > 0, e.stack.indexOf('hello') >= 0,\n"
          "                e.nativeException.reason().toJS()].join();\n"
          "    }\n"
          "}});",
          MEND_POLICY_DEFAULT, 0);
    MUST([[shape hello] isEqual:@"Raised,deep,string,true,true,deep"]);
    revert();
}

static void
the_policy_decides(JSShape *shape)
{
    apply("defineClass('JSShape', {hello: function () { self.raise('native'); }});", MEND_POLICY_ZERO, 0);
    MUST(thrown_by(shape) == nil && [shape hello] == nil);
    revert();
    apply(broken, MEND_POLICY_NEXT, 0);
    MUST([[shape hello] isEqual:@"hello"]);
    revert();
    apply(broken, MEND_POLICY_NEXT, 3);
    MUST(thrown_by(shape) != nil && thrown_by(shape) != nil && [[shape hello] isEqual:@"hello"]);
    revert();
    apply(broken, MEND_POLICY_WITHDRAW, 2);
    MUST(thrown_by(shape) != nil && [shape hello] == nil);
    MUST([[shape hello] isEqual:@"hello"]); /* it is gone */
    MUST(mend_patch_revert("e", NULL) == MEND_NO_PATCH);
}

static void
a_script_says_its_own_policy(JSShape *shape)
{
    char text[400];

    snprintf(text, sizeof text, "'use strict';\n//# mend policy(next after 2)\n%s", broken);
    apply(text, MEND_POLICY_DEFAULT, 0);
    MUST(thrown_by(shape) != nil && [[shape hello] isEqual:@"hello"]);
    revert();
    apply(text, MEND_POLICY_ZERO, 0); /* who applies it has the last word */
    MUST(thrown_by(shape) == nil && [shape hello] == nil);
    revert();
}

static void
the_process_ends_where_the_policy_is_abort(const char *program)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        execl(program, program, "abort", (char *)NULL);
        _exit(1);
    }
    MUST(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* The second entry has a limit of its own, and the patch stays in force. */
static void
an_entry_that_takes_too_long_is_ended(JSShape *shape)
{
    apply("defineClass('JSShape', {\n"
          "    hello: function () { try { for (;;) ; } catch (e) { for (;;) ; } },\n"
          "    title: function () { return 'quick'; }\n"
          "});",
          MEND_POLICY_NEXT, 0);
    MUST([[shape hello] isEqual:@"hello"]);
    MUST([[shape title] isEqual:@"quick"]);
    MUST([[shape hello] isEqual:@"hello"]);
    revert();
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    JSShape *shape = [[JSShape new] autorelease];

    if (argc > 1 && strcmp(argv[1], "abort") == 0) {
        apply(broken, MEND_POLICY_ABORT, 0);
        [shape hello];
        return 1;
    }
    if (argc > 1) {
        an_entry_that_takes_too_long_is_ended(shape);
        return 0;
    }
    by_default_an_error_gives_zero_and_a_native_exception_passes(shape);
    an_exception_has_the_place_and_the_stack_of_the_script(shape);
    a_script_sees_the_stack_of_a_native_exception(shape);
    the_policy_decides(shape);
    a_script_says_its_own_policy(shape);
    the_process_ends_where_the_policy_is_abort(argv[0]);
    [pool release];
    return 0;
}
