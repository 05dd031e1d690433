/* SPDX-License-Identifier: MIT */
/* What an exception says about itself, asked by messages under a catch: any object can be thrown. */
#include "runtime/exception.h"

#include "base/error.h"
#include "runtime/own_sends.h"
#include "runtime/runtime.h"

#include <string.h>

struct question {
    id exception;
    const char *selector; /* of a method that gives a string object */
    char *text;
    size_t size;
};

static bool
answers(id object, const char *name)
{
    return object != nil && mn_method_find(mn_object_class(object), mn_selector_find(name), NULL);
}

static void *
send(id object, const char *name)
{
    SEL sel = mn_selector_find(name);

    return ((void *(*)(id, SEL))mn_lookup(object, sel))(object, sel);
}

static void
ask(void *data)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    struct question *q = data;
    id string;

    mn_own_sends_begin(&own);
    if (!answers(q->exception, q->selector))
        return;
    string = send(q->exception, q->selector);
    if (answers(string, "UTF8String")) {
        const char *text = send(string, "UTF8String");

        mn_copy_text(q->text, q->size, text != NULL ? text : "");
    }
}

static void
question(id exception, const char *selector, char *text, size_t size)
{
    struct question q = {.exception = exception, .selector = selector, .text = text, .size = size};

    if (size != 0)
        text[0] = '\0';
    mn_try(ask, &q, NULL);
}

void
mn_exception_name(id exception, char *text, size_t size)
{
    question(exception, "name", text, size);
    if (size != 0 && text[0] == '\0')
        mn_copy_text(text, size, exception != nil ? mn_class_name(mn_object_class(exception)) : "nil");
}

void
mn_exception_reason(id exception, char *text, size_t size)
{
    question(exception, "reason", text, size);
}
