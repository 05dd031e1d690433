/* SPDX-License-Identifier: MIT */
/*
 * Structs as plain objects: fields under the names somebody registered for the tag, flat where the names are as many as
 * the numbers inside (x, y, width, height of a rectangle), else one name a member. A struct nobody registered is an
 * array of its members: nothing is lost, and it can be sent back.
 */
#include "js/convert.h"

#include <ctype.h>

struct structure {
    char *encoding; /* "{tag=…}" */
    char **keys;
    size_t count;
};

static struct mn_map known = MN_MAP_EMPTY; /* tag -> struct structure; entries are never freed; under mn_js.tables */

static const char *
bare(const char *tag)
{
    while (*tag == '_')
        tag++;
    return tag;
}

static const struct structure *
structure_of(const char *tag)
{
    const struct structure *found;

    pthread_mutex_lock(&mn_js.tables);
    found = mn_map_get_text(&known, bare(tag));
    pthread_mutex_unlock(&mn_js.tables);
    return found;
}

/* A letter of JPEngine's type strings, or {Name} of a registered struct, as an encoding. Advances *types. */
static bool
append_type(struct mn_buffer *out, const char **types)
{
    char c = *(*types)++;
    const char *end;

    switch (c) {
    case 'F':
        mn_buffer_char(out, sizeof(double) == sizeof(void *) ? 'd' : 'f');
        return true;
    case 'N':
        mn_buffer_char(out, 'q');
        return true;
    case 'U':
        mn_buffer_char(out, 'Q');
        return true;
    case 'B':
        mn_buffer_char(out, 'C');
        return true;
    case '^':
        mn_buffer_text(out, "^v");
        return true;
    case '{': {
        char name[128];
        const char *encoding;

        if ((end = strchr(*types, '}')) == NULL || (size_t)(end - *types) >= sizeof name)
            return false;
        memcpy(name, *types, (size_t)(end - *types));
        name[end - *types] = '\0';
        *types = end + 1;
        if ((encoding = mn_js_structure_encoding(name)) == NULL)
            return false;
        mn_buffer_text(out, encoding);
        return true;
    }
    default:
        if (strchr("cCsSiIlLqQfd*@:#", c) == NULL)
            return false;
        mn_buffer_char(out, c);
        return true;
    }
}

static void
structure_free(struct structure *s)
{
    for (size_t i = 0; s->keys != NULL && i < s->count; i++)
        mn_free(s->keys[i]);
    mn_free(s->keys);
    mn_free(s->encoding);
    mn_free(s);
}

bool
mn_js_structure_define(const char *name, const char *types, const char *const *keys, size_t count)
{
    struct structure *s = mn_calloc(1, sizeof *s);
    struct mn_buffer encoding = MN_BUFFER_EMPTY;
    bool good = s != NULL && (s->keys = mn_calloc(count + 1, sizeof *s->keys)) != NULL;

    mn_buffer_printf(&encoding, "{%s=", name);
    while (good && *types != '\0')
        good = append_type(&encoding, &types);
    mn_buffer_char(&encoding, '}');
    for (size_t i = 0; good && i < count; i++, s->count++)
        good = (s->keys[i] = mn_strdup(keys[i])) != NULL;
    if (good && (s->encoding = mn_buffer_take(&encoding)) != NULL) {
        pthread_mutex_lock(&mn_js.tables);
        good = mn_map_set_text(&known, bare(name), s);
        pthread_mutex_unlock(&mn_js.tables);
    }
    if (!good && s != NULL)
        structure_free(s);
    mn_buffer_fini(&encoding);
    return good;
}

size_t
mn_js_structure_size(const char *types)
{
    struct mn_buffer encoding = MN_BUFFER_EMPTY;
    const struct mn_type *type = NULL;
    bool good = true;

    mn_buffer_text(&encoding, "{?=");
    while (good && *types != '\0')
        good = append_type(&encoding, &types);
    mn_buffer_char(&encoding, '}');
    if (good && !encoding.failed)
        mn_type_get(mn_buffer_peek(&encoding), &type, NULL);
    mn_buffer_fini(&encoding);
    return type != NULL ? type->size : 0;
}

const char *
mn_js_structure_encoding(const char *name)
{
    const struct structure *s = structure_of(name);

    return s != NULL ? s->encoding : NULL;
}

void
mn_js_structures_open(void)
{
    static const struct {
        const char *name, *types, *keys[8];
    } built_in[] = {
        {"CGPoint", "FF", {"x", "y"}},
        {"NSPoint", "FF", {"x", "y"}},
        {"CGSize", "FF", {"width", "height"}},
        {"NSSize", "FF", {"width", "height"}},
        {"CGRect", "{CGPoint}{CGSize}", {"x", "y", "width", "height"}},
        {"NSRect", "{NSPoint}{NSSize}", {"x", "y", "width", "height"}},
        {"NSRange", "UU", {"location", "length"}},
        {"CGVector", "FF", {"dx", "dy"}},
        {"CGAffineTransform", "FFFFFF", {"a", "b", "c", "d", "tx", "ty"}},
        {"UIEdgeInsets", "FFFF", {"top", "left", "bottom", "right"}},
        {"NSEdgeInsets", "FFFF", {"top", "left", "bottom", "right"}},
        {"UIOffset", "FF", {"horizontal", "vertical"}},
    };

    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        size_t count = 0;

        while (count < 8 && built_in[i].keys[count] != NULL)
            count++;
        mn_js_structure_define(built_in[i].name, built_in[i].types, built_in[i].keys, count);
    }
}

static bool
is_aggregate(const struct mn_type *type)
{
    return type->kind == MN_STRUCT || type->kind == MN_ARRAY;
}

static size_t
member_count(const struct mn_type *type)
{
    return type->count;
}

static const struct mn_type *
member(const struct mn_type *type, size_t index, size_t *offset)
{
    if (type->kind == MN_ARRAY) {
        *offset = index * type->of->size;
        return type->of;
    }
    *offset = type->fields[index].offset;
    return type->fields[index].type;
}

static size_t
leaves(const struct mn_type *type)
{
    size_t count = 0, offset;

    if (!is_aggregate(type))
        return 1;
    for (size_t i = 0; i < member_count(type); i++)
        count += leaves(member(type, i, &offset));
    return count;
}

/* The names for a type's values, and whether they go for its leaves. NULL: none fit. */
static const struct structure *
names_for(const struct mn_type *type, bool *flat)
{
    const struct structure *s = type->kind == MN_STRUCT && type->name != NULL ? structure_of(type->name) : NULL;

    *flat = false;
    if (s == NULL || s->count == member_count(type))
        return s;
    *flat = true;
    return s->count == leaves(type) ? s : NULL;
}

static void
read_flat(JSContextRef context, const struct mn_type *type, const char *value, char *const *keys, size_t *index,
          JSObjectRef into)
{
    for (size_t i = 0; i < member_count(type); i++) {
        size_t offset;
        const struct mn_type *part = member(type, i, &offset);

        if (is_aggregate(part))
            read_flat(context, part, value + offset, keys, index, into);
        else
            mn_js_set(context, into, keys[(*index)++], mn_js_from_native(context, part, value + offset, false), false,
                      NULL);
    }
}

JSValueRef
mn_js_from_structure(JSContextRef context, const struct mn_type *type, const void *value)
{
    bool flat;
    const struct structure *s = names_for(type, &flat);
    JSObjectRef object;
    size_t index = 0;

    if (type->kind == MN_STRUCT && type->fields == NULL)
        return mn_js_make_undefined(context);
    object = s != NULL ? JSObjectMake(context, NULL, NULL) : JSObjectMakeArray(context, 0, NULL, NULL);
    if (flat) {
        read_flat(context, type, value, s->keys, &index, object);
        return object;
    }
    for (size_t i = 0; i < member_count(type); i++) {
        size_t offset;
        const struct mn_type *part = member(type, i, &offset);
        JSValueRef each = mn_js_from_native(context, part, (const char *)value + offset, false);

        if (s != NULL)
            mn_js_set(context, object, s->keys[i], each, false, NULL);
        else
            JSObjectSetPropertyAtIndex(context, object, (unsigned)i, each, NULL);
    }
    return object;
}

static bool
write_flat(JSContextRef context, JSObjectRef from, const struct mn_type *type, char *value, char *const *keys,
           size_t *index, struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    for (size_t i = 0; i < member_count(type); i++) {
        size_t offset;
        const struct mn_type *part = member(type, i, &offset);
        bool good;

        if (is_aggregate(part))
            good = write_flat(context, from, part, value + offset, keys, index, temporaries, exception);
        else
            good = mn_js_to_native(context, mn_js_get(context, from, keys[(*index)++], NULL), part, value + offset,
                                   temporaries, exception);
        if (!good)
            return false;
    }
    return true;
}

/* A rectangle may also be written {origin: {x, y}, size: {width, height}}. */
static bool
is_nested(JSContextRef context, JSObjectRef from, const struct structure *s)
{
    return strstr(s->keys[0], "x") == s->keys[0] && s->count == 4 &&
           mn_js_type_of(context, mn_js_get(context, from, "origin", NULL)) == MN_JS_OBJECT;
}

bool
mn_js_to_structure(JSContextRef context, JSValueRef value, const struct mn_type *type, void *out,
                   struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    static const char *const rectangle[] = {"origin", "size"};
    bool flat;
    const struct structure *s = names_for(type, &flat);
    size_t index = 0;

    memset(out, 0, type->size);
    if (mn_js_type_of(context, value) == MN_JS_NOTHING)
        return true;
    if (mn_js_type_of(context, value) != MN_JS_OBJECT) {
        mn_js_throw(context, exception, "a struct %s is an object with its fields", type->name != NULL ? type->name : "");
        return false;
    }
    if (flat && !is_nested(context, (JSObjectRef)value, s))
        return write_flat(context, (JSObjectRef)value, type, out, s->keys, &index, temporaries, exception);
    for (size_t i = 0; i < member_count(type); i++) {
        size_t offset;
        const struct mn_type *part = member(type, i, &offset);
        JSValueRef each;

        if (s != NULL)
            each = mn_js_get(context, (JSObjectRef)value, flat ? rectangle[i] : s->keys[i], exception);
        else
            each = JSObjectGetPropertyAtIndex(context, (JSObjectRef)value, (unsigned)i, exception);
        if (each == NULL || !mn_js_to_native(context, each, part, (char *)out + offset, temporaries, exception))
            return false;
    }
    return true;
}
