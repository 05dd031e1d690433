/* SPDX-License-Identifier: MIT */
#include "compat/mango_value.h"

#include "compat/attach.h"
#include "lang/builtin/dynamic.h"
#include "runtime/blocks.h"
#include "value/own.h"

#include <stddef.h>
#include <stdint.h>

/* What compiled code refers to when it names the class; only the address counts. */
MEND_API const char __objc_class_name_MFValue = 0;

static Class value_class;
static size_t state_offset;

static id *
state(id self)
{
    return (id *)(void *)((char *)(void *)self + state_offset);
}

id
mn_mango_value(id dynamic)
{
    SEL make = mn_selector("new");
    id made = ((id(*)(id, SEL))mn_lookup((id)value_class, make))((id)value_class, make);

    if (made != nil)
        *state(made) = mn_retain(dynamic);
    return mn_autorelease(made);
}

id
mn_mango_dynamic(id object)
{
    for (Class cls = object != nil ? mn_object_class(object) : Nil; cls != Nil; cls = mn_class_super(cls))
        if (cls == value_class)
            return *state(object);
    return object;
}

static void
dealloc(id self, SEL sel)
{
    mn_release(*state(self));
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, mn_class_super(value_class), sel))(self, sel);
}

/* ---- made ---- */

#define MAKE(function, type, expression)                                                                             \
    static id function(id self, SEL sel, type value)                                                                 \
    {                                                                                                                \
        (void)self, (void)sel;                                                                                       \
        return mn_mango_value(expression);                                                                           \
    }
MAKE(make_bool, BOOL, mn_dynamic_bool(value != 0))
MAKE(make_integer, int64_t, mn_dynamic_integer(value))
MAKE(make_unsigned, uint64_t, mn_dynamic_unsigned(value))
MAKE(make_double, double, mn_dynamic_double(value))
MAKE(make_class, Class, mn_dynamic_address((void *)value, '#'))
MAKE(make_selector, SEL, mn_dynamic_address((const void *)value, ':'))
MAKE(make_text, const char *, mn_dynamic_address(value, '*'))
MAKE(make_pointer, void *, mn_dynamic_address(value, '^'))
#undef MAKE

static id
make_nothing(id self, SEL sel)
{
    (void)self, (void)sel;
    return mn_mango_value(nil);
}

static id
make_object(id self, SEL sel, id value)
{
    id copied, made;

    (void)self, (void)sel;
    if (value == nil || !mn_object_is_block(value))
        return mn_mango_value(value);
    copied = mn_block_copy(value);
    made = mn_mango_value(copied);
    mn_release(copied);
    return made;
}

static id
make_struct(id self, SEL sel, void *value, const char *encoding, BOOL copies)
{
    (void)self, (void)sel, (void)copies;
    return mn_mango_value(value != NULL && encoding != NULL ? mn_dynamic_bytes(value, encoding) : nil);
}

/* ---- asked ---- */

#define ASK(function, type, encoding)                                                                                \
    static type function(id self, SEL sel)                                                                           \
    {                                                                                                                \
        type value = (type)0;                                                                                        \
        (void)sel;                                                                                                   \
        mn_dynamic_write(*state(self), &value, encoding);                                                            \
        return value;                                                                                                \
    }
ASK(ask_integer, int64_t, "q")
ASK(ask_unsigned, uint64_t, "Q")
ASK(ask_double, double, "d")
ASK(ask_object, id, "@")
ASK(ask_class, Class, "#")
ASK(ask_selector, SEL, ":")
ASK(ask_text, const char *, "*")
ASK(ask_pointer, void *, "^v")
#undef ASK

static BOOL
ask_truth(id self, SEL sel)
{
    (void)sel;
    return mn_dynamic_truth(*state(self));
}

static id
ask_boxed(id self, SEL sel)
{
    char kind = mn_dynamic_kind(*state(self));

    (void)sel;
    return kind == '^' || kind == ':' ? nil : mn_dynamic_boxed(*state(self));
}

static id
ask_string(id self, SEL sel)
{
    (void)sel;
    return mn_dynamic_text(*state(self));
}

static BOOL
ask_is_object(id self, SEL sel)
{
    (void)sel;
    return mn_dynamic_kind(*state(self)) == '@';
}

static BOOL
ask_is_number(id self, SEL sel)
{
    char kind = mn_dynamic_kind(*state(self));

    (void)sel;
    return kind == 'B' || kind == 'q' || kind == 'Q' || kind == 'd';
}

mend_status
mn_mango_value_class(mend_error *err)
{
    static const struct mn_face_method methods[] = {
        {true, "voidValueInstance", "@16@0:8", make_nothing},
        {true, "valueInstanceWithBOOL:", "@20@0:8C16", make_bool},
        {true, "valueInstanceWithInt:", "@24@0:8q16", make_integer},
        {true, "valueInstanceWithUint:", "@24@0:8Q16", make_unsigned},
        {true, "valueInstanceWithDouble:", "@24@0:8d16", make_double},
        {true, "valueInstanceWithObject:", "@24@0:8@16", make_object},
        {true, "valueInstanceWithBlock:", "@24@0:8@16", make_object},
        {true, "valueInstanceWithClass:", "@24@0:8#16", make_class},
        {true, "valueInstanceWithSEL:", "@24@0:8:16", make_selector},
        {true, "valueInstanceWithCstring:", "@24@0:8r*16", make_text},
        {true, "valueInstanceWithPointer:", "@24@0:8^v16", make_pointer},
        {true, "valueInstanceWithStruct:typeEncoding:copyData:", "@36@0:8^v16r*24C32", make_struct},
        {false, "boolValue", "C16@0:8", ask_truth},
        {false, "integerValue", "q16@0:8", ask_integer},
        {false, "uintValue", "Q16@0:8", ask_unsigned},
        {false, "doubleValue", "d16@0:8", ask_double},
        {false, "objectValue", "@16@0:8", ask_object},
        {false, "classValue", "#16@0:8", ask_class},
        {false, "selValue", ":16@0:8", ask_selector},
        {false, "cstringValue", "r*16@0:8", ask_text},
        {false, "pointerValue", "^v16@0:8", ask_pointer},
        {false, "c2integerValue", "q16@0:8", ask_integer},
        {false, "c2uintValue", "Q16@0:8", ask_unsigned},
        {false, "c2doubleValue", "d16@0:8", ask_double},
        {false, "c2objectValue", "@16@0:8", ask_boxed},
        {false, "c2pointerValue", "^v16@0:8", ask_pointer},
        {false, "nsStringValue", "@16@0:8", ask_string},
        {false, "isObject", "C16@0:8", ask_is_object},
        {false, "isNumber", "C16@0:8", ask_is_number},
        {false, "isSubtantial", "C16@0:8", ask_truth},
        {false, "dealloc", "v16@0:8", dealloc}};
    mend_status st =
        mn_face_class("NSObject", "MFValue", sizeof(id), methods, sizeof methods / sizeof *methods, &value_class, err);

    if (st == MEND_OK)
        state_offset = mn_face_state(value_class);
    return st;
}
