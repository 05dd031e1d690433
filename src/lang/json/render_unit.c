/* SPDX-License-Identifier: MIT */
/* Declarations, classes and methods. */
#include "abi/signature.h"
#include "lang/json/render.h"
#include "lang/live.h"
#include "runtime/runtime.h"

#include <mend/source.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static const struct mn_node *
member(const struct mn_node *node, const char *name)
{
    return mn_node_member(node, name);
}

static const char *
text(const struct mn_node *node, const char *name)
{
    return mn_member_text(node, name, NULL);
}

/* ---- Requirements ---- */

static void
check_system(struct mn_render *r, const struct mn_node *os)
{
    struct utsname here;

    uname(&here);
    for (const struct mn_node *one = os->first; one; one = one->next)
        if (!strcasecmp(one->text, here.sysname) || !strcasecmp(one->text, "gnustep") || !strcmp(one->text, "*"))
            return;
    if (os->first)
        mn_json_error(r, os, "the document is for another system: this is %s", here.sysname);
}

static void
check_runtime(struct mn_render *r, const struct mn_node *runtime)
{
    for (const struct mn_node *one = runtime->first; one; one = one->next)
        if (!strcmp(one->text, "gcc"))
            return;
    if (runtime->first)
        mn_json_error(r, runtime, "the document is for another Objective-C runtime: this is gcc");
}

/* Versions compare number by number. */
static int
compare_versions(const char *a, const char *b)
{
    while (*a || *b) {
        char *next_a, *next_b;
        unsigned long x = strtoul(a, &next_a, 10), y = strtoul(b, &next_b, 10);

        if (x != y)
            return x < y ? -1 : 1;
        if (next_a == a && next_b == b)
            return 0;
        a = next_a + (*next_a == '.');
        b = next_b + (*next_b == '.');
    }
    return 0;
}

/* ">=1.2 <2": every part holds; a bare version is that one. */
static bool
version_fits(const char *wanted, const char *version)
{
    while (*(wanted += strspn(wanted, " ,"))) {
        size_t op = strspn(wanted, "<>=");
        int order = compare_versions(version, wanted + op);
        bool less = *wanted == '<', more = *wanted == '>', equal = op == 0 || wanted[op - 1] == '=';

        if (!((less && order < 0) || (more && order > 0) || (equal && order == 0)))
            return false;
        wanted += strcspn(wanted, " ,");
    }
    return true;
}

/* The host says its version by the environment: reading a patch runs none of its code. */
static void
check_version(struct mn_render *r, const struct mn_node *wanted)
{
    const char *version = getenv("MEND_APP_VERSION");

    if (!version)
        mn_json_error(r, wanted, "the program's version is not known: it is taken from MEND_APP_VERSION");
    else if (!version_fits(wanted->text, version))
        mn_json_error(r, wanted, "the document is for version %s of the program: this is %s", wanted->text, version);
}

static void
check_requirements(struct mn_render *r, const struct mn_node *requires)
{
    const struct mn_node *classes = member(requires, "classes");

    for (const struct mn_node *one = classes ? classes->first : NULL; one; one = one->next)
        if (mn_class_named(one->text) == Nil)
            mn_json_error(r, one, "the class '%s' is required and not here", one->text);
    if (member(requires, "os"))
        check_system(r, member(requires, "os"));
    if (member(requires, "runtime"))
        check_runtime(r, member(requires, "runtime"));
    if (member(requires, "appVersion"))
        check_version(r, member(requires, "appVersion"));
}

/* ---- Declarations ---- */

static void
put_fields(struct mn_render *r, const struct mn_node *fields)
{
    for (const struct mn_node *field = fields->first; field; field = field->next) {
        const struct mn_node *count = member(field, "count"), *bits = member(field, "bits");

        mn_mark(r, field);
        mn_put_declaration(r, text(field, "type"), text(field, "name"), member(field, "type"));
        if (count)
            mn_put(r, "[%lld]", (long long)(count->kind == MN_JSON_INT ? count->integer : (int64_t)count->real));
        if (bits)
            mn_put(r, " : %lld", (long long)(bits->kind == MN_JSON_INT ? bits->integer : (int64_t)bits->real));
        mn_put(r, "; ");
    }
}

static void
put_structs(struct mn_render *r, const struct mn_node *structs)
{
    for (const struct mn_node *one = structs ? structs->first : NULL; one; one = one->next) {
        const char *encoding = text(one, "encoding"), *next;

        mn_mark(r, one);
        if (encoding) {
            if (mn_encoded_length(encoding, &next) != strlen(encoding)) {
                mn_json_error(r, one, "'%s' is no encoding of a structure", encoding);
                continue;
            }
            mn_put(r, "typedef __encoding__(");
            mn_put_string(r, encoding, strlen(encoding));
            mn_put(r, ") %s;\n", one->key);
            continue;
        }
        mn_put(r, "typedef %s %s { ", mn_member_true(one, "union") ? "union" : "struct", one->key);
        put_fields(r, member(one, "fields"));
        mn_mark(r, one);
        mn_put(r, "} %s;\n", one->key);
    }
}

static void
put_params(struct mn_render *r, const struct mn_node *function)
{
    const struct mn_node *params = member(function, "params");

    mn_put(r, "(");
    for (const struct mn_node *p = params->first; p; p = p->next) {
        mn_put_type(r, p->text, p);
        mn_put(r, p->next ? ", " : "");
    }
    if (mn_member_true(function, "variadic"))
        mn_put(r, params->first ? ", ..." : "...");
    mn_put(r, params->first || mn_member_true(function, "variadic") ? ")" : "void)");
}

/* One of a library that the program may not have loaded is looked for when the patch goes live. */
static void
put_function(struct mn_render *r, const struct mn_node *f)
{
    const char *symbol = mn_member_text(f, "symbol", f->key), *library = text(f, "library");
    const char *returns = text(f, "returns");

    if (!mn_is_identifier(symbol)) {
        mn_json_error(r, member(f, "symbol"), "'%s' is no symbol", symbol);
        return;
    }
    mn_mark(r, f);
    if (!library) {
        mn_put_declaration(r, returns, symbol, member(f, "returns"));
        put_params(r, f);
        mn_put(r, ";\n");
        return;
    }
    mn_put(r, "static __typeof__(");
    mn_put_type(r, returns, member(f, "returns"));
    mn_put(r, ") (*%s)", f->key);
    put_params(r, f);
    mn_put(r, " = dlsym(dlopen(");
    mn_put_string(r, library, strlen(library));
    mn_put(r, ", 2), \"%s\");\n", symbol);
}

static void
put_functions(struct mn_render *r, const struct mn_node *functions)
{
    bool opens = false;

    for (const struct mn_node *f = functions ? functions->first : NULL; f; f = f->next) {
        if (!mn_map_set_text(&r->functions, f->key, (void *)(uintptr_t)f))
            r->arena.failed = true;
        if (text(f, "library") && !opens) {
            mn_put(r, "void *dlopen(const char *, int); void *dlsym(void *, const char *);\n");
            opens = true;
        }
        put_function(r, f);
    }
}

static void
put_variables(struct mn_render *r, const struct mn_node *constants, const struct mn_node *globals)
{
    for (const struct mn_node *one = constants ? constants->first : NULL; one; one = one->next) {
        mn_mark(r, one);
        mn_put(r, "static __auto_type %s = ", one->key);
        mn_put_expr(r, one);
        mn_put(r, ";\n");
    }
    for (const struct mn_node *one = globals ? globals->first : NULL; one; one = one->next) {
        mn_mark(r, one);
        mn_put(r, "static ");
        mn_put_declaration(r, text(one, "type"), one->key, member(one, "type"));
        if (member(one, "init")) {
            mn_put(r, " = ");
            mn_put_expr(r, member(one, "init"));
        }
        mn_mark(r, one);
        mn_put(r, ";\n");
    }
}

/* ---- Methods ---- */

static size_t
count_colons(const char *selector)
{
    size_t count = 0;

    for (; *selector; selector++)
        count += *selector == ':';
    return count;
}

/* The method as the program has it; a class the document makes has what its superclass has. */
static bool
find_live(const struct mn_node *cls, const char *selector, bool class_side, struct mn_method *method)
{
    Class live = mn_class_named(text(cls, "cls"));

    if (live == Nil && text(cls, "superclass"))
        live = mn_class_named(text(cls, "superclass"));
    return live != Nil && mn_live_method(live, class_side, selector, method);
}

/* The encoding of argument `index` of a method type; -1 is the result. "" behind the last. */
static const char *
encoded_part(const char *types, int index, size_t *length)
{
    const char *p = types, *from = p;

    *length = mn_encoded_length(p, &p);
    for (int i = -1; i < index && *length; i++) {
        from = p;
        *length = *p ? mn_encoded_length(p, &p) : 0;
    }
    return from;
}

static const struct mn_node *
param_at(const struct mn_node *method, size_t index)
{
    const struct mn_node *params = member(method, "params"), *p = params ? params->first : NULL;

    while (p && index--)
        p = p->next;
    return p;
}

static void
name_params(struct mn_render *r, struct mn_json_method *m, size_t count)
{
    const struct mn_node *params = member(m->node, "params");

    m->params = mn_arena_alloc(&r->arena, (count + 1) * sizeof *m->params);
    if (!m->params)
        return;
    m->param_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const struct mn_node *p = param_at(m->node, i);
        const char *name = p ? mn_key_name(r, text(p, "name")) : mn_arena_printf(&r->arena, "ARG_%zu", i);

        m->params[i] = name ? name : "mend_";
    }
    if (params && params->count != count)
        mn_json_error(r, params, "'%s' has %zu argument%s, and %u %s named", m->selector, count, count == 1 ? "" : "s",
                      params->count, params->count == 1 ? "is" : "are");
}

/* `types`: of the program's method or of "types"; NULL: what "params" and "returns" say. */
static void
put_method_head(struct mn_render *r, struct mn_json_method *m, const char *types)
{
    const char *p = m->selector, *returns = text(m->node, "returns");
    size_t length;

    mn_put(r, "%c (", m->is_class ? '+' : '-');
    if (returns) {
        mn_put_type(r, returns, member(m->node, "returns"));
    } else if (types) {
        const char *from = encoded_part(types, -1, &length);

        mn_put_encoded(r, from, length);
    } else {
        mn_put(r, "void");
    }
    mn_put(r, ")");
    if (!m->param_count)
        mn_put(r, "%s", p);
    for (size_t i = 0; i < m->param_count; i++) {
        const struct mn_node *param = param_at(m->node, i), *type = member(param, "type");
        size_t word = strcspn(p, ":");

        mn_put(r, "%.*s:(", (int)word, p);
        p += word + 1;
        if (type) {
            mn_put_type(r, type->text, type);
        } else if (types) {
            const char *from = encoded_part(types, (int)i + 2, &length);

            if (length)
                mn_put_encoded(r, from, length);
            else
                mn_put(r, "id");
        } else {
            mn_put(r, "id");
        }
        mn_put(r, ")%s ", m->params[i]);
    }
    mn_put(r, " ");
}

static bool
gives_result(const struct mn_json_method *m, const char *types)
{
    const char *returns = text(m->node, "returns");
    size_t length;

    if (returns)
        return strcmp(returns, "void") && strcmp(returns, "enc:v");
    return types && *encoded_part(types, -1, &length) != 'v';
}

static void
put_result_declaration(struct mn_render *r, const struct mn_json_method *m, const char *types, const char *name)
{
    const char *returns = text(m->node, "returns"), *from;
    size_t length;

    if (returns) {
        mn_put_declaration(r, returns, name, member(m->node, "returns"));
        return;
    }
    from = encoded_part(types, -1, &length);
    mn_put_encoded(r, from, length);
    mn_put(r, " %s", name);
}

static void
put_bodies(struct mn_render *r, const struct mn_node *const *bodies, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (const struct mn_node *s = bodies[i]->first; s; s = s->next)
            mn_put_statement(r, s);
}

/* The original with the call's own arguments. */
static void
put_call_of_original(struct mn_render *r, const struct mn_json_method *m)
{
    const char *p = m->selector;

    mn_put(r, "[self ORG");
    if (!m->param_count)
        mn_put(r, "%s", p);
    for (size_t i = 0; i < m->param_count; i++) {
        mn_put(r, "%.*s:%s ", (int)strcspn(p, ":"), p, m->params[i]);
        p += strcspn(p, ":") + 1;
    }
    mn_put(r, "]");
}

static void
put_advice(struct mn_render *r, struct mn_json_method *m, const char *types, const struct mn_node *const *bodies, size_t count)
{
    bool before = text(m->node, "position")[0] == 'b';
    const char *result = mn_fresh_name(r, "result");

    r->result_name = mn_fresh_name(r, "end");
    if (!before && m->has_result) {
        put_result_declaration(r, m, types, result);
        mn_put(r, " = ");
    }
    if (!before) {
        put_call_of_original(r, m);
        mn_put(r, ";\n");
    }
    mn_put(r, "{\n");
    put_bodies(r, bodies, count);
    mn_put(r, "}\n%s: ;\n", r->result_name);
    if (before) {
        mn_put(r, m->has_result ? "return " : "");
        put_call_of_original(r, m);
        mn_put(r, ";\n");
    } else if (m->has_result) {
        mn_put(r, "return %s;\n", result);
    }
}

static bool
has_legacy(const struct mn_node *body)
{
    for (const struct mn_node *s = body->first; s; s = s->next)
        if (mn_statement_shape(s) == MN_SHAPE_MESSAGE || mn_statement_shape(s) == MN_SHAPE_S_LEGACY)
            return true;
    return false;
}

static bool
has_return_step(const struct mn_node *node)
{
    for (const struct mn_node *child = node->first; child; child = child->next)
        if ((child->kind == MN_JSON_OBJECT && mn_member_true(child, "isReturnSnippet")) ||
            ((child->kind == MN_JSON_OBJECT || child->kind == MN_JSON_ARRAY) && has_return_step(child)))
            return true;
    return false;
}

static void
put_method_body(struct mn_render *r, struct mn_json_method *m, const char *types, const struct mn_node *const *bodies,
                size_t count)
{
    bool legacy = false, returns = false;

    for (size_t i = 0; i < count; i++) {
        legacy |= has_legacy(bodies[i]) || m->compat;
        returns |= has_return_step(bodies[i]);
    }
    mn_put(r, "{\n");
    if (legacy)
        mn_put_pool(r, bodies, count);
    r->result_name = NULL;
    if (m->advice) {
        put_advice(r, m, types, bodies, count);
    } else {
        if (m->compat && m->has_result && (returns || legacy)) {
            r->result_name = mn_fresh_name(r, "result");
            put_result_declaration(r, m, types, r->result_name);
            mn_put(r, " = {0};\n");
        }
        put_bodies(r, bodies, count);
        if (r->result_name)
            mn_put(r, "return %s;\n", r->result_name);
    }
    r->result_name = NULL;
    mn_put(r, "}\n");
}

static const char *
nearest_advice(bool class_known)
{
    return class_known ? "a method that is to be new says \"add\": true" : "its class is not here";
}

static const char *
types_of(struct mn_render *r, const struct mn_node *cls, struct mn_json_method *m)
{
    const char *given = text(m->node, "types");
    Class live_class = mn_class_named(text(cls, "cls"));
    struct mn_method live;
    bool found = find_live(cls, m->selector, m->is_class, &live);

    if (found)
        return live.types;
    if (live_class != Nil && !mn_member_true(m->node, "add"))
        mn_json_error(r, member(m->node, "method"), "'%s' has no method '%c%s': %s", text(cls, "cls"), m->is_class ? '+' : '-',
                      m->selector, nearest_advice(true));
    if (m->advice)
        mn_json_error(r, member(m->node, "position"), "there is no method '%s' to stand before or after", m->selector);
    return given;
}

/* Types given for a method that exists must be its own. */
static void
check_types(struct mn_render *r, const struct mn_json_method *m, const char *live)
{
    const char *given = text(m->node, "types");
    const struct mn_signature *a, *b;

    if (!given || !live || given == live)
        return;
    if (mn_signature_get(given, &a, NULL) != MEND_OK)
        mn_json_error(r, member(m->node, "types"), "'%s' is no encoding of a method", given);
    else if (mn_signature_get(live, &b, NULL) == MEND_OK && !mn_signature_equal(a, b, false))
        mn_json_error(r, member(m->node, "types"), "the method is '%s' in the program, not '%s'", live, given);
}

static void
put_method(struct mn_render *r, const struct mn_node *cls, const struct mn_node *node, const struct mn_node *const *bodies,
           size_t count)
{
    const char *position = mn_member_text(node, "position", "instead");
    const char *semantics = mn_member_text(node, "semantics", r->modern ? "modern" : "compat");
    struct mn_json_method m = {.node = node,
                               .class_name = text(cls, "cls"),
                               .selector = text(node, "method"),
                               .is_class = mn_member_true(node, "isStatic"),
                               .compat = *semantics == 'c',
                               .advice = *position != 'i'};
    const char *types;

    r->method = &m;
    r->self = "self";
    types = types_of(r, cls, &m);
    check_types(r, &m, types);
    m.has_result = gives_result(&m, types);
    name_params(r, &m, count_colons(m.selector));
    mn_mark(r, member(node, "method"));
    put_method_head(r, &m, types);
    mn_mark(r, node);
    put_method_body(r, &m, types, bodies, count);
    mn_map_fini(&m.keys);
    r->method = NULL;
}

/* ---- Classes ---- */

static void
put_property(struct mn_render *r, const struct mn_node *p)
{
    const char *ownership = text(p, "ownership"), *getter = text(p, "getter"), *setter = text(p, "setter");
    const char *type = text(p, "type");

    mn_mark(r, p);
    mn_put(r, "@property (%s", mn_member_true(p, "atomic") ? "atomic" : "nonatomic");
    if (ownership)
        mn_put(r, ", %s", ownership);
    if (mn_member_true(p, "readonly"))
        mn_put(r, ", readonly");
    if (getter)
        mn_put(r, ", getter=%s", getter);
    if (setter)
        mn_put(r, ", setter=%s", setter);
    mn_put(r, ") ");
    mn_put_declaration(r, type, text(p, "name"), member(p, "type"));
    mn_put(r, ";\n");
}

static void
put_interface(struct mn_render *r, const struct mn_node *cls, bool created)
{
    const struct mn_node *protocols = member(cls, "protocols"), *ivars = member(cls, "ivars"),
                         *properties = member(cls, "properties");

    if (!created && !protocols && !properties && !ivars)
        return;
    mn_mark(r, cls);
    mn_put(r, created ? "@interface %s : %s" : "@interface %s ()", text(cls, "cls"), mn_member_text(cls, "superclass", ""));
    for (const struct mn_node *one = protocols ? protocols->first : NULL; one; one = one->next) {
        mn_mark(r, one);
        mn_put(r, "%s%s%s", one == protocols->first ? " <" : "", one->text, one->next ? ", " : ">");
    }
    if (ivars && ivars->first && !created)
        mn_json_error(r, ivars, "'%s' exists: only a new class gets instance variables", text(cls, "cls"));
    mn_put(r, ivars && ivars->first && created ? " {\n" : "\n");
    for (const struct mn_node *one = ivars && created ? ivars->first : NULL; one; one = one->next) {
        mn_mark(r, one);
        mn_put_declaration(r, text(one, "type"), text(one, "name"), member(one, "type"));
        mn_put(r, one->next ? ";\n" : ";\n}\n");
    }
    for (const struct mn_node *one = properties ? properties->first : NULL; one; one = one->next)
        put_property(r, one);
    mn_put(r, "@end\n");
}

/* Values that properties begin with are set by -init. */
static void
put_initial_values(struct mn_render *r, const struct mn_node *cls, bool created)
{
    const struct mn_node *properties = member(cls, "properties"), *methods = member(cls, "methodList");
    bool open = false;

    for (const struct mn_node *p = properties ? properties->first : NULL; p; p = p->next) {
        if (!member(p, "init"))
            continue;
        for (const struct mn_node *m = methods ? methods->first : NULL; m; m = m->next)
            if (!strcmp(mn_member_text(m, "method", ""), "init"))
                mn_json_error(r, m, "-init is written here: it sets the property's first value itself");
        if (!created)
            mn_json_error(r, member(p, "init"), "'%s' exists: its objects are not made by the document", text(cls, "cls"));
        mn_mark(r, p);
        mn_put(r, "%s", open ? "" : "- (id)init { self = [super init]; if (self != nil) {\n");
        open = true;
        mn_put(r, "_%s = ", text(p, "name"));
        r->self = "self";
        mn_put_expr(r, member(p, "init"));
        mn_put(r, ";\n");
    }
    if (open)
        mn_put(r, "} return self; }\n");
}

struct group {
    struct group *next; /* of the same class, in order */
    const struct mn_node *cls, *method;
    struct mn_list bodies; /* const struct mn_node * */
};

struct grouped {
    struct grouped *next;
    const struct mn_node *cls; /* the first entry */
    bool again;
    struct group *first, *last;
    struct mn_map methods; /* "+a:" -> struct group */
};

static void *
must(struct mn_render *r, void *memory)
{
    if (!memory)
        r->arena.failed = true;
    return memory;
}

/* A method named twice runs both bodies, in order. */
static void
add_method(struct mn_render *r, struct grouped *to, const struct mn_node *cls, const struct mn_node *method)
{
    const char *key = mn_arena_printf(&r->arena, "%c%s", mn_member_true(method, "isStatic") ? '+' : '-', text(method, "method"));
    struct group *group = key ? mn_map_get_text(&to->methods, key) : NULL;
    const struct mn_node **body;

    if (!group) {
        group = must(r, mn_arena_alloc(&r->arena, sizeof *group));
        if (!key || !group || !mn_map_set_text(&to->methods, key, group)) {
            r->arena.failed = true;
            return;
        }
        *group = (struct group){.cls = cls, .method = method, .bodies = MN_LIST_OF(const struct mn_node *)};
        if (to->last)
            to->last->next = group;
        else
            to->first = group;
        to->last = group;
    } else if (r->modern) {
        mn_json_error(r, method, "'%s' is listed twice in '%s'", text(method, "method"), text(cls, "cls"));
    }
    if ((body = must(r, mn_list_add(&group->bodies))))
        *body = member(method, "messages");
}

static void
put_class(struct mn_render *r, struct grouped *one)
{
    const struct mn_node *cls = one->cls;
    const char *super = text(cls, "superclass");
    Class live = mn_class_named(text(cls, "cls"));
    bool created = live == Nil && super;

    if (live == Nil && !super) {
        mn_json_error(r, member(cls, "cls"), "there is no class '%s'; one to be made names its \"superclass\"", text(cls, "cls"));
        return;
    }
    if (live != Nil && super && (mn_class_super(live) == Nil || strcmp(mn_class_name(mn_class_super(live)), super)))
        mn_json_error(r, member(cls, "superclass"), "'%s' is a child of '%s' here", text(cls, "cls"),
                      mn_class_super(live) == Nil ? "nothing" : mn_class_name(mn_class_super(live)));
    put_interface(r, cls, created);
    mn_mark(r, member(cls, "cls"));
    mn_put(r, "@implementation %s\n", text(cls, "cls"));
    put_initial_values(r, cls, created);
    for (struct group *g = one->first; g; g = g->next)
        put_method(r, g->cls, g->method, g->bodies.items, g->bodies.count);
    mn_mark(r, cls);
    mn_put(r, "@end\n");
}

static void
put_classes(struct mn_render *r, const struct mn_node *instructions)
{
    struct mn_map known = MN_MAP_EMPTY;
    struct grouped *first = NULL, **last = &first;

    for (const struct mn_node *cls = instructions->first; cls; cls = cls->next) {
        struct grouped *one = mn_map_get_text(&known, text(cls, "cls"));
        const struct mn_node *methods = member(cls, "methodList");

        if (!one) {
            one = must(r, mn_arena_alloc(&r->arena, sizeof *one));
            if (!one || !mn_map_set_text(&known, text(cls, "cls"), one)) {
                r->arena.failed = true;
                break;
            }
            *one = (struct grouped){.cls = cls};
            *last = one;
            last = &one->next;
        } else if (member(cls, "superclass") || member(cls, "properties") || member(cls, "ivars") || member(cls, "protocols")) {
            mn_json_error(r, cls, "what '%s' is made of stands in its first entry", text(cls, "cls"));
        }
        for (const struct mn_node *method = methods ? methods->first : NULL; method; method = method->next)
            add_method(r, one, cls, method);
    }
    for (struct grouped *one = first; one; one = one->next) {
        if (!r->arena.failed)
            put_class(r, one);
        for (struct group *g = one->first; g; g = g->next)
            mn_list_fini(&g->bodies);
        mn_map_fini(&one->methods);
    }
    mn_map_fini(&known);
}

/* What becomes of a call whose body fails: the method below the patch is called unless the document says otherwise. */
static enum mend_policy
policy_of(const char *word)
{
    static const struct {
        const char *word;
        enum mend_policy policy;
    } all[] = {{"zero", MEND_POLICY_ZERO}, {"raise", MEND_POLICY_PROPAGATE}, {"abort", MEND_POLICY_ABORT}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i].word, word))
            return all[i].policy;
    return MEND_POLICY_NEXT;
}

void
mn_render_unit(struct mn_render *r)
{
    const struct mn_node *root = r->document->root, *format = member(root, "format");
    bool second = format && (format->kind == MN_JSON_INT ? format->integer == 2 : format->real == 2);

    r->modern = !strcmp(mn_member_text(root, "semantics", second ? "modern" : "compat"), "modern");
    r->self = "self";
    r->policy = (uint8_t)policy_of(mn_member_text(root, "onError", "original"));
    if (member(root, "limits"))
        mn_json_warning(r, member(root, "limits"), "limits have no effect yet: nothing stops a body that runs too long");
    check_requirements(r, member(root, "requires"));
    put_structs(r, member(root, "structs"));
    put_functions(r, member(root, "functions"));
    put_variables(r, member(root, "constants"), member(root, "globals"));
    put_classes(r, member(root, "instructions"));
    mn_put(r, "\n");
}
