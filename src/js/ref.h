/* SPDX-License-Identifier: MIT */
/*
 * What stands behind the objects that scripts hold: one ref a wrapper, in its private pointer.
 *
 * Every private pointer this folder gives to the engine begins with struct mn_js_head, so that any object can be asked
 * what it is. A wrapper's ref ends with the wrapper, in a collection: mn_js_bury keeps it until mn_js_sweep lets go of
 * what it owns at a moment when messages may be sent.
 */
#ifndef MN_JS_REF_H
#define MN_JS_REF_H

#include "js/value.h"

enum mn_js_kind {
    MN_JS_REF_OBJECT,  /* owns its object */
    MN_JS_REF_WEAK,    /* does not: __weak, and self in a method called by native code */
    MN_JS_REF_CLASS,   /* a class by its name */
    MN_JS_REF_SUPER,   /* owns its object; messages start above `cls` */
    MN_JS_REF_POINTER, /* an address */
    MN_JS_REF_BLOCK,   /* a native block as a function; owns it */
    MN_JS_REF_MADE,    /* what block() gives: `value` is the function */
    MN_JS_REF_AFTER,   /* what performSelectorInOC gives: `value` is a record of it */
    MN_JS_METHOD,      /* not refs: a method's function (send.c), */
    MN_JS_LOOKUP       /* and what finds methods (class.c) */
};

struct mn_js_head {
    uint32_t magic;
    uint32_t kind;
};
enum { MN_JS_MAGIC = 0x4d6a7331 };

struct mn_js_class;

struct mn_js_ref {
    struct mn_js_head head;
    id object;            /* nil for a class: see mn_js_ref_class */
    uint32_t inside;      /* WEAK: calls in progress whose caller keeps the object alive; atomic */
    bool face;            /* BLOCK: given to a JSContext: arguments and result by its rules */
    bool raw;             /* WEAK: no weak reference could be had (an object being deallocated) */
    mn_weak weak;         /* WEAK */
    Class cls;            /* SUPER: the class above the running method's; CLASS: found by name so far */
    char *text;           /* CLASS: its name; MADE: the block's encoding */
    void *pointer;        /* POINTER */
    JSObjectRef value;    /* MADE, AFTER; protected */
    JSValueRef self;      /* MADE: self when it was made; protected, or NULL */
    struct mn_js_ref *next;
    struct mn_js_class *class_of; /* the record the prototype was taken from */
};

/* The ref of a value if it is one of ours of any kind, else NULL. */
struct mn_js_ref *mn_js_ref_of(JSContextRef context, JSValueRef value);

static inline void *
mn_js_private(JSObjectRef object, uint32_t kind)
{
    struct mn_js_head *head = JSObjectGetPrivate(object);

    return head != NULL && head->magic == MN_JS_MAGIC && head->kind == kind ? head : NULL;
}

/* Wrappers. mn_js_wrap retains, mn_js_wrap_take consumes; both give nil as scripts know it for nil. */
JSValueRef mn_js_wrap(JSContextRef context, id object);
JSValueRef mn_js_wrap_take(JSContextRef context, id object);
JSValueRef mn_js_wrap_weak(JSContextRef context, id object);
JSValueRef mn_js_wrap_class(JSContextRef context, const char *name);
JSValueRef mn_js_wrap_super(JSContextRef context, id object, Class above);
JSValueRef mn_js_wrap_pointer(JSContextRef context, void *pointer);
JSValueRef mn_js_wrap_block(JSContextRef context, id block);

/* An object of one of the two inert kinds; `value` is protected. */
JSObjectRef mn_js_make_inert(JSContextRef context, enum mn_js_kind kind, struct mn_js_ref **ref);

/* The self of a method that native code calls: the same wrapper as at the last call if it still exists. The caller
 * raises and lowers ref->inside around the body. */
JSValueRef mn_js_wrap_self(JSContextRef context, id object, struct mn_js_ref **ref);

/* The object a ref stands for, owned by the caller; nil when it has died. Classes stand for themselves. */
id mn_js_ref_object(struct mn_js_ref *ref);

/* The class a CLASS ref names; Nil while the process has none. */
Class mn_js_ref_class(struct mn_js_ref *ref);

/* Lets go of what ended wrappers owned. Sends messages; no lock. Quick when there is nothing. */
void mn_js_sweep(void);

/* For status and tests: refs alive. */
size_t mn_js_refs(void);

void mn_js_refs_open(void);
#endif
