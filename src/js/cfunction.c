/* SPDX-License-Identifier: MIT */
/* C functions by their signature: defineCFunction. A symbol is looked up at each call, as it may be loaded later. */
#include "js/ctype.h"
#include "js/native.h"
#include "js/send.h"

#include <dlfcn.h>

/* callC(name, encoding, arguments): nil when there is no such function. */
MN_JS_NATIVE(call_c)
{
    const struct mn_signature *signature;
    JSValueRef values[64], result = mn_js_make_nil(context), length;
    char *name = count > 2 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    char *encoding = name != NULL ? mn_js_copy_text(context, arguments[1], exception) : NULL;
    void *address = name != NULL ? dlsym(RTLD_DEFAULT, name) : NULL;
    size_t given;

    if (encoding == NULL || address == NULL || mn_signature_get(encoding, &signature, NULL) != MEND_OK)
        goto done;
    length = mn_js_get(context, (JSObjectRef)arguments[2], "length", exception);
    given = (size_t)JSValueToNumber(context, length, exception);
    if (given != signature->count || given > 64) {
        mn_js_throw(context, exception, "%s takes %u arguments, %zu are given", name, signature->count, given);
        goto done;
    }
    for (size_t i = 0; i < given; i++)
        values[i] = JSObjectGetPropertyAtIndex(context, (JSObjectRef)arguments[2], (unsigned)i, exception);
    result = mn_js_invoke(context, (mn_code)address, signature, 0, NULL, given, values, false, exception);
done:
    mn_free(name);
    mn_free(encoding);
    return result;
}

/* hasC(name): the process has a function of that name. */
MN_JS_NATIVE(has_c)
{
    char *name = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    bool has = name != NULL && dlsym(RTLD_DEFAULT, name) != NULL;

    mn_free(name);
    return mn_js_make_bool(context, has);
}

void
mn_js_cfunctions_install(JSObjectRef native)
{
    mn_js_set(mn_js.context, native, "hasC", mn_js_function("hasC", has_c), false, NULL);
    mn_js_set(mn_js.context, native, "callC", mn_js_function("callC", call_c), false, NULL);
}
