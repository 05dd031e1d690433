/* SPDX-License-Identifier: MIT */
/* A patch as bytes or as a listing, for those who build it in one place and apply it in another. */
#include <mend/patch.h>

#include "base/buffer.h"
#include "base/error.h"
#include "lang/convert.h"
#include "lang/unit.h"
#include "patch/engine.h"
#include "vm/disasm.h"

static mend_status
write_unit(const struct mn_unit *unit, mend_compiled form, struct mn_buffer *out, mend_error *err)
{
    if (form == MEND_COMPILED_UNIT)
        return mn_unit_write(unit, out, err);
    mn_disasm_program(unit->program, out);
    return out->failed ? mn_fail_memory(err) : MEND_OK;
}

static mend_status
convert(const mend_source *source, mend_compiled form, mend_diagnose diagnose, void *data,
        void (*take)(void *to, const void *bytes, size_t length), void *to, mend_error *err)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    mend_status st;

    if (mn_unit_is(source->text, source->length) || !mn_source_engine.reads(source)) {
        st = mn_fail(err, MEND_UNSUPPORTED, "%s cannot be converted: it is neither source nor an instruction document",
                     source->name);
        mn_remedy(err, "give the source that it was made from");
    } else if ((st = mn_lang_convert(source, (enum mn_target)(form - MEND_COMPILED_LISTING - 1), diagnose, data, &out, err)) == MEND_OK) {
        take(to, mn_buffer_peek(&out), out.length);
    }
    mn_buffer_fini(&out);
    return st;
}

mend_status
mend_patch_compile(const mend_source *source, mend_compiled form, mend_diagnose diagnose, void *data,
                   void (*take)(void *to, const void *bytes, size_t length), void *to, mend_error *err)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    struct mn_unit *unit = NULL;
    mend_status st;

    if (form >= MEND_COMPILED_FORMS)
        return mn_fail(err, MEND_INVALID, "there is no such form of a patch: %d", (int)form);
    if (form > MEND_COMPILED_LISTING)
        return convert(source, form, diagnose, data, take, to, err);
    if (mn_unit_is(source->text, source->length))
        st = mn_unit_read(source->name, source->text, source->length, &unit, err);
    else if (mn_source_engine.reads(source))
        st = mn_lang_read(source, diagnose, data, &unit, err);
    else
        st = mn_fail(err, MEND_UNSUPPORTED, "patches of this kind are not compiled: %s", source->name);
    if (st == MEND_OK && (st = write_unit(unit, form, &out, err)) == MEND_OK)
        take(to, mn_buffer_peek(&out), out.length);
    mn_unit_free(unit);
    mn_buffer_fini(&out);
    return st;
}
