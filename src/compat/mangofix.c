/* SPDX-License-Identifier: MIT */
/*
 * MFContext: a context of names (mend/context.h) and a key. Each evaluation is a patch of its own; a file has an id of
 * its own, so that evaluating it again replaces what it did before.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/decrypt.h"
#include "compat/mango_value.h"
#include "compat/message.h"
#include "compat/source_file.h"
#include "lang/builtin/context.h"
#include "lang/builtin/dynamic.h"
#include "runtime/exception.h"
#include "value/box.h"
#include "value/own.h"
#include "vm/run.h"

#include <mend/patch.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* What compiled code refers to when it names the class; only the address counts. */
MEND_API const char __objc_class_name_MFContext = 0;

MEND_API void mend_mangofix_use(void);

#define FACE "MangoFix"

struct context {
    mend_context *names;
    unsigned number;
    unsigned evaluations; /* atomic */
    bool has_key;
    unsigned char key[16];
    char *rsa; /* owned; or NULL */
};

static Class context_class;
static size_t state_offset;
static unsigned last_number; /* atomic */

static struct context *
state(id self)
{
    return (struct context *)(void *)((char *)(void *)self + state_offset);
}

/* ---- errors ---- */

/* The names that programs written for MangoFix look for. */
static const char *
name_of(const mend_error *err, bool decrypting)
{
    static const struct {
        const char *words, *name;
    } known[] = {{"the superclass of '", "MFRuntimeErrorSuperClassNoMatch"},
                 {"superclass", "MFRuntimeErrorNotFoundSuperClass"},
                 {"typeEncoding", "MFSemanticErrorStructDeclareLackFieldEncoding"},
                 {"keys", "MFSemanticErrorStructDeclareLackFieldKeys"},
                 {"a CFunction can have", "MFSemanticErrorNotSupportCFunctionTypeDeclare"},
                 {"is not defined", "MFRuntimeErrorStructNoDeclare"}};

    if (decrypting)
        return "MendErrorDecrypt";
    if (err->status == MEND_SYNTAX || err->status == MEND_CHECK)
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strstr(err->message, known[i].words) != NULL)
                return known[i].name;
    if (err->status == MEND_NO_CLASS)
        return "MFRuntimeErrorNotFoundSuperClass";
    return err->status == MEND_SYNTAX        ? "MFParseError"
           : err->status == MEND_BAD_PROGRAM ? "MendErrorPatchFormat"
                                             : "MendErrorStatic";
}

static void __attribute__((noreturn))
throw_error(const char *name, const mend_error *err)
{
    SEL make = mn_selector("exceptionWithName:reason:userInfo:");
    Class cls = mn_class_named("NSException");
    char reason[1024];

    if (err->file[0] != '\0')
        snprintf(reason, sizeof reason, "%s:%u:%u: %s", err->file, err->line, err->column, err->message);
    else
        snprintf(reason, sizeof reason, "%s", err->message);
    mn_throw(((id(*)(id, SEL, id, id, id))mn_lookup((id)cls, make))((id)cls, make, mn_box_text(name),
                                                                    mn_box_text(reason), nil));
}

/* ---- evaluation ---- */

static void
evaluate(struct context *c, const char *name, const char *patch, const char *text, size_t length)
{
    char own[64];
    mend_source source = {
        .name = name, .id = patch, .text = text, .length = length, .context = c->names, .profile = MEND_PROFILE_MANGOFIX};
    mend_error err;
    mend_status st;
    id raised;

    if (length == 0) /* what an empty text encrypts to */
        return;
    if (patch == NULL) {
        snprintf(own, sizeof own, FACE "-%u/%u", c->number, __atomic_add_fetch(&c->evaluations, 1, __ATOMIC_RELAXED));
        source.id = own;
    }
    mn_vm_take_exception();
    st = mend_patch_apply(&source, mn_face_tell, (void *)FACE, NULL, &err);
    if (st == MEND_OK)
        return;
    if (st == MEND_RAISED && (raised = mn_vm_take_exception()) != nil)
        mn_throw(raised);
    throw_error(name_of(&err, false), &err);
}

static void
eval_text(id self, SEL sel, id source)
{
    const char *text = mn_face_text(source);
    mend_error err;

    (void)sel;
    if (text == NULL) {
        mn_fail(&err, MEND_INVALID, "the script is nil");
        throw_error("MFParseError", &err);
    }
    evaluate(state(self), "script.mg", NULL, text, strlen(text));
}

static mend_status
decrypt(const struct context *c, const char *bytes, size_t length, struct mn_buffer *text, mend_error *err)
{
    if (c->has_key)
        return mn_decrypt_aes(c->key, bytes, length, text, err);
    if (c->rsa != NULL)
        return mn_decrypt_rsa(c->rsa, bytes, length, text, err);
    mn_fail(err, MEND_INVALID, "the script cannot be decrypted: this context has no key");
    mn_remedy(err, "make it with a key, or use evalMangoScriptWithDebugURL: for plain text");
    return MEND_INVALID;
}

static void
eval_encrypted(struct context *c, const char *name, const char *patch, const void *bytes, size_t length)
{
    MN_SCOPED(mn_buffer_fini) struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_error err;

    if (decrypt(c, bytes, length, &text, &err) != MEND_OK)
        throw_error(name_of(&err, true), &err);
    evaluate(c, name, patch, mn_buffer_peek(&text), text.length);
}

static void
eval_data(id self, SEL sel, id data)
{
    SEL bytes = mn_selector("bytes"), length = mn_selector("length");

    (void)sel;
    if (data == nil)
        eval_encrypted(state(self), "script.mg", NULL, "", 0);
    else
        eval_encrypted(state(self), "script.mg", NULL,
                       ((const void *(*)(id, SEL))(void *)mn_lookup(data, bytes))(data, bytes),
                       ((unsigned long (*)(id, SEL))(void *)mn_lookup(data, length))(data, length));
}

static void
eval_base64(id self, SEL sel, id string)
{
    const char *text = mn_face_text(string);

    (void)sel;
    eval_encrypted(state(self), "script.mg", NULL, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

/* A file: its bytes, what messages call it, and the patch's id. Only URLs of files. */
static void
eval_url(id self, id url, bool plain)
{
    MN_SCOPED(mn_buffer_fini) struct mn_buffer bytes = MN_BUFFER_EMPTY, id_text = MN_BUFFER_EMPTY,
                                               name = MN_BUFFER_EMPTY;
    SEL path = mn_selector("path");
    const char *file = url == nil ? NULL : mn_face_text(((id(*)(id, SEL))mn_lookup(url, path))(url, path)), *slash;
    struct context *c = state(self);
    mend_error err;

    if (mn_face_read(file, &bytes, &err) != MEND_OK)
        throw_error("MFParseError", &err);
    slash = strrchr(file, '/');
    mn_buffer_printf(&name, "%s.mg", slash != NULL && slash[1] != '\0' ? slash + 1 : file);
    if (name.length > 6 && strcmp(name.data + name.length - 6, ".mg.mg") == 0)
        name.data[name.length - 3] = '\0';
    mn_buffer_printf(&id_text, FACE "-%u:%s", c->number, file);
    if (name.failed || id_text.failed) {
        mn_fail_memory(&err);
        throw_error("MendErrorStatic", &err);
    }
    if (plain)
        evaluate(c, mn_buffer_peek(&name), mn_buffer_peek(&id_text), mn_buffer_peek(&bytes), bytes.length);
    else
        eval_encrypted(c, mn_buffer_peek(&name), mn_buffer_peek(&id_text), mn_buffer_peek(&bytes), bytes.length);
}

static void
eval_file(id self, SEL sel, id url)
{
    (void)sel;
    eval_url(self, url, false);
}

static void
eval_debug_file(id self, SEL sel, id url)
{
    (void)sel;
    eval_url(self, url, true);
}

/* ---- making one ---- */

static id
init(id self, SEL sel)
{
    SEL plain = mn_selector("init");
    char name[32];
    struct context *c;
    mend_error err;

    (void)sel;
    self = ((id(*)(id, SEL))mn_lookup_super(self, mn_class_super(context_class), plain))(self, plain);
    if (self == nil)
        return nil;
    c = state(self);
    c->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
    snprintf(name, sizeof name, FACE "-%u", c->number);
    if (mend_context_open(name, &c->names, &err) != MEND_OK)
        throw_error("MendErrorStatic", &err);
    return self;
}

static id
init_aes(id self, SEL sel, id key, id iv)
{
    const char *text = mn_face_text(key);
    size_t length = text != NULL ? strlen(text) : 0;
    mend_error err;

    (void)iv;
    if (length > 16 || length == 0) {
        mn_release(self);
        mn_fail(&err, MEND_INVALID, "a key for AES-128 has 1 to 16 bytes, not %zu", length);
        throw_error("MendErrorDecrypt", &err);
    }
    if ((self = init(self, sel)) != nil) {
        memcpy(state(self)->key, text, length);
        state(self)->has_key = true;
    }
    return self;
}

static id
init_rsa(id self, SEL sel, id key)
{
    const char *text = mn_face_text(key);

    if ((self = init(self, sel)) != nil && text != NULL)
        state(self)->rsa = mn_strdup(text);
    return self;
}

static void
dealloc(id self, SEL sel)
{
    struct context *c = state(self);

    memset(c->key, 0, sizeof c->key);
    mn_free(c->rsa);
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, mn_class_super(context_class), sel))(self, sel);
}

/* ---- names ---- */

static id
get_name(id self, SEL sel, id name)
{
    struct context *c = state(self);
    const char *text = mn_face_text(name);

    (void)sel;
    if (text == NULL || !mn_context_has(c->names, text))
        return nil;
    return mn_mango_value(mn_context_get(mn_context_number(c->names), text));
}

static void
set_name(id self, SEL sel, id value, id name)
{
    const char *text = mn_face_text(name);

    (void)sel;
    if (text != NULL && *text != '\0')
        mn_context_set(mn_context_number(state(self)->names), text, mn_mango_dynamic(value));
}

static void
register_face(void)
{
    static const struct mn_face_method methods[] = {
        {false, "init", "@16@0:8", init},
        {false, "initWithAES128Key:iv:", "@32@0:8@16@24", init_aes},
        {false, "initWithRSAPrivateKey:", "@24@0:8@16", init_rsa},
        {false, "initWithRSAPublicKey:", "@24@0:8@16", init_rsa},
        {false, "evalMangoScriptWithSourceString:", "v24@0:8@16", eval_text},
        {false, "evalMangoScriptWithURL:", "v24@0:8@16", eval_file},
        {false, "evalMangoScriptWithDebugURL:", "v24@0:8@16", eval_debug_file},
        {false, "evalMangoScriptWithAES128Data:", "v24@0:8@16", eval_data},
        {false, "evalMangoScriptWithRSAEncryptedBase64String:", "v24@0:8@16", eval_base64},
        {false, "objectForKeyedSubscript:", "@24@0:8@16", get_name},
        {false, "setObject:forKeyedSubscript:", "v32@0:8@16@24", set_name},
        {false, "dealloc", "v16@0:8", dealloc}};
    mend_error err;
    mend_status st;

    mn_own_init();
    st = mn_mango_value_class(&err);
    if (st == MEND_OK)
        st = mn_face_class("NSObject", "MFContext", sizeof(struct context), methods, sizeof methods / sizeof *methods,
                           &context_class, &err);
    if (st != MEND_OK)
        mn_log(MN_LOG_ERROR, FACE " is not available: %s; %s", err.message, err.remedy);
    else
        state_offset = mn_face_state(context_class);
}

void
mend_mangofix_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
