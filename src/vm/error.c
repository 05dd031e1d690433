/* SPDX-License-Identifier: MIT */
/*
 * Errors of the patch itself: NSExceptions with a place.
 *
 * userInfo holds what a handler may want apart: MendFile, MendLine, MendColumn, MendClass, MendSelector,
 * MendStack (one line a patch frame, innermost first).
 */
#include "base/buffer.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "runtime/runtime.h"
#include "value/box.h"
#include "vm/activation.h"
#include "vm/run.h"
#include "vm/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
mn_vm_error_name(enum mn_vm_error error)
{
    static const char *const names[MN_VM_ERROR_COUNT] = {
        [MN_VM_DIVIDE_BY_ZERO] = "MendErrorDivideByZero",
        [MN_VM_NULL_POINTER] = "MFRuntimeErrorNullPointer",
        [MN_VM_STACK_OVERFLOW] = "MendErrorStackOverflow",
        [MN_VM_INTERRUPTED] = "MendErrorInterrupted",
        [MN_VM_UNKNOWN_IDENTIFIER] = "MendErrorUnknownIdentifier",
        [MN_VM_UNKNOWN_IVAR] = "MendErrorUnknownIvar",
        [MN_VM_BOUNDS] = "MendErrorBounds",
        [MN_VM_ILLEGAL_TYPE] = "MFRuntimeErrorIllegalParameterType",
        [MN_VM_NOT_SUPPORTED] = "MFErrorNotSupportType",
        [MN_VM_SIGNATURE] = "MendErrorSignature",
        [MN_VM_NOT_CALLABLE] = "MFRuntimeErrorCallCanNotBeCalleeValue",
        [MN_VM_ENUMERATION] = "NSGenericException",
        [MN_VM_NO_FUNCTION] = "MFRuntimeErrorNotFoundCFunction",
        [MN_VM_COUNT] = "MFRuntimeErrorParameterListCountNoMatch",
        [MN_VM_NUMBER_FORMAT] = "MFRuntimeErrorNotSupportNumberFormat",
    };

    return names[error];
}

static void
place_of(const struct mn_function *function, const struct mn_insn *pc, unsigned *line, unsigned *column)
{
    mn_function_place(function, (uint32_t)(pc - function->run), line, column);
}

/* One line a patch frame of this activation. */
static void
write_frames(const struct mn_activation *activation, unsigned *depth, struct mn_buffer *out)
{
    const struct mn_function *function = activation->function;
    const struct mn_insn *pc = activation->pc;
    const uint64_t *slots = activation->slots;
    unsigned line, column;

    for (; *depth < 64; ++*depth) {
        place_of(function, pc, &line, &column);
        mn_buffer_printf(out, "%s%s (%s:%u:%u)", *depth != 0 ? "\n" : "", function->name,
                         mn_program_name(function->program), line, column);
        if (slots == activation->base)
            break;
        slots -= MN_FRAME_HEADER;
        function = (const struct mn_function *)slots[0];
        pc = (const struct mn_insn *)slots[2];
        slots = (const uint64_t *)slots[1];
    }
}

/* The frames of all activations on this thread, innermost first: native code may lie between them. */
static void
write_stack(const struct mn_activation *activation, struct mn_buffer *out)
{
    unsigned depth = 0;

    for (; activation != NULL && depth < 64; activation = mn_activation_outer(activation), depth++)
        if (activation->function != NULL)
            write_frames(activation, &depth, out);
}

static id
user_info(const struct mn_activation *activation, unsigned line, unsigned column)
{
    const struct mn_function *function = activation->function;
    struct mn_buffer stack = MN_BUFFER_EMPTY;
    id pairs[12];

    write_stack(activation, &stack);
    pairs[0] = mn_box_text("MendFile");
    pairs[1] = mn_box_text(mn_program_name(function->program));
    pairs[2] = mn_box_text("MendLine");
    pairs[3] = mn_box_scalar(MN_UINT, line);
    pairs[4] = mn_box_text("MendColumn");
    pairs[5] = mn_box_scalar(MN_UINT, column);
    pairs[6] = mn_box_text("MendClass");
    pairs[7] = mn_box_text(function->class_name != NULL ? function->class_name : "");
    pairs[8] = mn_box_text("MendSelector");
    pairs[9] = mn_box_text(function->selector != NULL ? function->selector : "");
    pairs[10] = mn_box_text("MendStack");
    pairs[11] = mn_box_text(mn_buffer_peek(&stack));
    mn_buffer_fini(&stack);
    return mn_box_dictionary(pairs, 12);
}

/*
 * Made by sends of ours: a patch's own hooks on them would meet the error in the middle of itself. activation NULL: no
 * patch is running on this thread.
 */
static id
new_exception(const struct mn_activation *activation, Class cls, enum mn_vm_error error, const char *reason,
              unsigned line, unsigned column)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL make = mn_selector("exceptionWithName:reason:userInfo:");
    id name, info;

    mn_own_sends_begin(&own);
    name = mn_box_text(mn_vm_error_name(error));
    info = activation != NULL ? user_info(activation, line, column) : nil;
    return ((id(*)(id, SEL, id, id, id))mn_lookup((id)cls, make))((id)cls, make, name, mn_box_text(reason), info);
}

static void __attribute__((noreturn))
throw_at(const struct mn_activation *activation, enum mn_vm_error error, const char *message)
{
    Class cls = mn_class_named("NSException");
    unsigned line = 0, column = 0;
    char reason[800];

    if (activation != NULL) {
        place_of(activation->function, activation->pc, &line, &column);
        snprintf(reason, sizeof reason, "%s:%u:%u: %s", mn_program_name(activation->function->program), line,
                 column, message);
    } else {
        snprintf(reason, sizeof reason, "%s", message);
    }
    if (cls == Nil) { /* no Foundation: nobody could catch it either */
        fprintf(stderr, "mend: %s: %s\n", mn_vm_error_name(error), reason);
        abort();
    }
    mn_throw(new_exception(activation, cls, error, reason, line, column));
}

void
mn_vm_raise(const struct mn_activation *activation, enum mn_vm_error error, const char *format, ...)
{
    char message[512];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    throw_at(activation, error, message);
}

void
mn_vm_raise_here(enum mn_vm_error error, const char *format, ...)
{
    const struct mn_activation here = {.function = NULL}, *activation = mn_activation_outer(&here);
    char message[512];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    throw_at(activation != NULL && activation->function != NULL ? activation : NULL, error, message);
}

void
mn_vm_raise_status(const struct mn_activation *activation, enum mn_vm_error error, const mend_error *err)
{
    if (err->selector[0] != '\0')
        mn_vm_raise(activation, error, "[%s %s]: %s", err->class_name, err->selector, err->message);
    mn_vm_raise(activation, error, "%s", err->message);
}

/* ---- running top-level code ---- */

static _Thread_local id last_exception;

id
mn_vm_take_exception(void)
{
    id taken = last_exception;

    last_exception = nil;
    return taken;
}

static void
run_body(void *data)
{
    mn_vm_call(data, NULL, NULL);
}

/* "file:line:column: text" as this machine writes reasons, taken apart. */
static void
split_place(const struct mn_function *function, mend_error *err, const char *reason)
{
    const char *file = mn_program_name(function->program);
    size_t length = strlen(file);
    int skip = 0;

    if (strncmp(reason, file, length) == 0 &&
        sscanf(reason + length, ":%u:%u: %n", &err->line, &err->column, &skip) == 2 && skip > 0) {
        mn_copy_text(err->file, sizeof err->file, file);
        mn_copy_text(err->message, sizeof err->message, reason + length + skip);
    }
}

mend_status
mn_vm_run(const struct mn_function *function, mend_error *err)
{
    char name[96], reason[800];
    id exception = nil;

    if (function->params != 0)
        return mn_fail(err, MEND_INVALID, "%s takes parameters", function->name);
    if (mn_try(run_body, (void *)function, &exception))
        return MEND_OK;
    last_exception = exception;
    mn_exception_name(exception, name, sizeof name);
    mn_exception_reason(exception, reason, sizeof reason);
    mn_fail(err, MEND_RAISED, "%s: %s", name, reason);
    if (err != NULL)
        split_place(function, err, reason);
    return MEND_RAISED;
}
