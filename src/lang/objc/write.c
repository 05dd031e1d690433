/* SPDX-License-Identifier: MIT */
/* Classes and the file level. */
#include "lang/objc/write.h"

#include "lang/objc/write_parts.h"
#include "runtime/runtime.h"

#include <string.h>

void
mn_print(struct mn_printing *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    mn_buffer_vprintf(p->out, format, args);
    va_end(args);
}

void
mn_print_line(struct mn_printing *p)
{
    mn_print(p, "\n%*s", (int)(4 * p->indent), "");
}

void
mn_print_refuse(struct mn_printing *p, struct mn_span at, const char *what)
{
    mn_error_at(p->findings, at, "source has no spelling for %s", what);
}

/* Says the dialect where the form of what follows means another one. */
static void
use_dialect(struct mn_printing *p, enum mn_dialect dialect, enum mn_dialect meant, bool *said)
{
    if (*said ? p->dialect != dialect : dialect != meant) {
        mn_print(p, "\n#pragma mend dialect(%s)", dialect == MN_DIALECT_MANGO ? "mango" : "objc");
        *said = true;
    }
    p->dialect = dialect;
}

/* ---- members ---- */

static void
words(struct mn_printing *p, const struct mn_words *all, const char *open, const char *close)
{
    for (uint32_t i = 0; i < all->count; i++)
        mn_print(p, "%s%s%s", i ? ", " : open, all->items[i].name, i + 1 < all->count ? "" : close);
}

static void
method_head(struct mn_printing *p, const struct mn_method_decl *m)
{
    const char *word = m->selector;

    mn_print(p, "%c ", m->is_class ? '+' : '-');
    if (m->result) {
        mn_print(p, "(");
        mn_print_type(p, m->result, NULL);
        mn_print(p, ")");
    }
    if (!m->params.count)
        mn_print(p, "%s", word);
    for (uint32_t i = 0; i < m->params.count; i++) {
        const struct mn_decl *param = m->params.items[i];
        int length = (int)(strchr(word, ':') + 1 - word);

        mn_print(p, "%s%.*s", i ? " " : "", length, word);
        word += length;
        if (param->type) {
            mn_print(p, "(");
            mn_print_type(p, param->type, NULL);
            mn_print(p, ")");
        }
        mn_print(p, "%s", param->name);
    }
    mn_print(p, m->variadic ? ", ..." : "");
}

static void
methods(struct mn_printing *p, const struct mn_class_decl *c, bool *said)
{
    bool optional = false;

    for (uint32_t i = 0; i < c->method_count; i++) {
        const struct mn_method_decl *m = c->methods[i];

        if (m->body)
            use_dialect(p, m->dialect, p->dialect, said);
        if (m->optional != optional)
            mn_print(p, "\n%s", m->optional ? "@optional" : "@required");
        optional = m->optional;
        mn_print(p, m->body && i ? "\n\n" : "\n");
        mn_print_annotations(p, &m->annotations, "\n");
        method_head(p, m);
        if (m->body) {
            mn_print(p, "\n");
            mn_print_compound(p, m->body);
        } else {
            mn_print(p, ";");
        }
    }
}

static void
property(struct mn_printing *p, const struct mn_property_decl *one)
{
    static const char *const flags[] = {"nonatomic", "atomic", "readonly", "readwrite", "copy",
                                        "strong",    "weak",   "assign",   "class"};
    const char *before = " (";

    if (one->flags & MN_PROP_OPTIONAL)
        mn_print(p, "\n@optional");
    mn_print(p, "\n");
    mn_print_annotations(p, &one->annotations, "\n");
    mn_print(p, "@property");
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (one->flags & 1u << i) {
            mn_print(p, "%s%s", before, flags[i]);
            before = ", ";
        }
    if (one->getter)
        mn_print(p, "%sgetter = %s", before, one->getter), before = ", ";
    if (one->setter)
        mn_print(p, "%ssetter = %s", before, one->setter), before = ", ";
    mn_print(p, before[0] == ',' ? ") " : " ");
    mn_print_type(p, one->type, one->name.name);
    mn_print(p, ";");
    if (one->flags & MN_PROP_OPTIONAL)
        mn_print(p, "\n@required");
}

static void
ivars(struct mn_printing *p, const struct mn_decls *all)
{
    static const char *const visible[] = {[MN_VISIBILITY_UNSAID] = NULL,
                                          [MN_VISIBILITY_PUBLIC] = "@public",
                                          [MN_VISIBILITY_PRIVATE] = "@private",
                                          [MN_VISIBILITY_PROTECTED] = "@protected",
                                          [MN_VISIBILITY_PACKAGE] = "@package"};
    enum mn_visibility now = MN_VISIBILITY_UNSAID;

    if (!all->count)
        return;
    mn_print(p, "\n{");
    p->indent++;
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->items[i]->visibility != now && visible[all->items[i]->visibility])
            mn_print(p, "\n%s", visible[all->items[i]->visibility]);
        now = all->items[i]->visibility;
        mn_print_line(p);
        mn_print_decls(p, &all->items[i], 1);
        mn_print(p, ";");
    }
    p->indent--;
    mn_print(p, "\n}");
}

static void
synthesized(struct mn_printing *p, const struct mn_class_decl *c)
{
    for (uint32_t i = 0; i < c->synthesized_count; i++) {
        const struct mn_synthesize *one = &c->synthesized[i];

        mn_print(p, "\n@synthesize %s%s%s;", one->name.name, one->ivar.name ? " = " : "",
                 one->ivar.name ? one->ivar.name : "");
    }
    words(p, &c->dynamic, "\n@dynamic ", ";");
}

static void
declarations(struct mn_printing *p, const struct mn_decls *all)
{
    for (uint32_t i = 0; i < all->count;)
        i += mn_print_declaration(p, all->items + i, all->count - i);
}

static void
properties(struct mn_printing *p, const struct mn_class_decl *c)
{
    for (uint32_t i = 0; i < c->property_count; i++)
        property(p, c->properties[i]);
}

/* ---- classes ---- */

static void
heritage(struct mn_printing *p, const struct mn_class_decl *c, const char *superclass)
{
    words(p, &c->generics, "<", ">");
    if (superclass) {
        mn_print(p, " : ");
        mn_print_annotations(p, &c->superclass_annotations, " ");
        mn_print(p, "%s", superclass);
    }
    if (c->has_category)
        mn_print(p, " (%s)", c->category.name ? c->category.name : "");
    words(p, &c->protocols, " <", ">");
}

/* The superclass by what the text says, else by the running program; NULL: neither knows the class. */
static const char *
superclass_of(const struct mn_printing *p, const char *name)
{
    Class class;

    for (uint32_t i = 0; i < p->tree->item_count; i++) {
        const struct mn_item *item = &p->tree->items[i];

        if (item->kind == MN_ITEM_CLASS && item->class_->name.name == name && item->class_->superclass.name)
            return item->class_->superclass.name;
    }
    class = mn_class_named(name);
    class = class ? mn_class_super(class) : Nil;
    return class ? mn_class_name(class) : NULL;
}

static void
implementation(struct mn_printing *p, const struct mn_class_decl *c, bool *said)
{
    ivars(p, &c->ivars);
    synthesized(p, c);
    declarations(p, &c->decls);
    methods(p, c, said);
}

/* Braces around all of it. */
static void
as_mango_class(struct mn_printing *p, const struct mn_class_decl *c, const char *superclass, bool *said)
{
    use_dialect(p, c->dialect, MN_DIALECT_MANGO, said);
    mn_print(p, "\n");
    mn_print_annotations(p, &c->annotations, "\n");
    mn_print(p, "class %s : ", c->name.name);
    mn_print_annotations(p, &c->superclass_annotations, " ");
    mn_print(p, "%s", superclass);
    words(p, &c->protocols, " <", ">");
    mn_print(p, " {");
    properties(p, c);
    implementation(p, c, said);
    mn_print(p, "\n}\n");
}

/* What the form declares, then what it implements. */
static void
as_two_parts(struct mn_printing *p, const struct mn_class_decl *c, bool *said)
{
    if (strchr(c->name.name, '.'))
        mn_print_refuse(p, c->name.span, "a class of Swift in Objective-C");
    use_dialect(p, c->dialect, MN_DIALECT_OBJC, said);
    mn_print(p, "\n");
    mn_print_annotations(p, &c->annotations, "\n");
    mn_print(p, "@interface %s", c->name.name);
    heritage(p, c, c->superclass.name);
    properties(p, c);
    mn_print(p, "\n@end\n\n");
    mn_print_annotations(p, &c->annotations, "\n");
    mn_print(p, "@implementation %s", c->name.name);
    implementation(p, c, said);
    mn_print(p, "\n@end\n");
}

static void
as_it_was(struct mn_printing *p, const struct mn_class_decl *c, bool *said)
{
    static const char *const forms[] = {[MN_FORM_INTERFACE] = "@interface",
                                        [MN_FORM_IMPLEMENTATION] = "@implementation",
                                        [MN_FORM_PROTOCOL] = "@protocol"};

    use_dialect(p, c->dialect, MN_DIALECT_OBJC, said);
    mn_print(p, "\n");
    mn_print_annotations(p, &c->annotations, "\n");
    mn_print(p, "%s %s", forms[c->form], c->name.name);
    heritage(p, c, c->superclass.name);
    if (c->form == MN_FORM_IMPLEMENTATION) {
        implementation(p, c, said);
    } else {
        ivars(p, &c->ivars);
        properties(p, c);
        declarations(p, &c->decls);
        methods(p, c, said);
    }
    mn_print(p, "\n@end\n");
}

static void
class_part(struct mn_printing *p, const struct mn_class_decl *c, bool *said)
{
    const char *superclass =
        p->mango && (c->form == MN_FORM_IMPLEMENTATION || c->form == MN_FORM_MANGO_CLASS) && !c->has_category
            ? superclass_of(p, c->name.name)
            : NULL;

    if (superclass)
        as_mango_class(p, c, superclass, said);
    else if (c->form == MN_FORM_MANGO_CLASS)
        as_two_parts(p, c, said);
    else
        as_it_was(p, c, said);
}

/* ---- the file ---- */

/* What the text imports is read by a compiler or not at all: the lines stay. */
static void
imports(struct mn_printing *p, const struct mn_source *source)
{
    const char *line = source->rendering ? "" : source->text;

    for (const char *end; *line; line = *end ? end + 1 : end) {
        size_t length;
        const char *word = line + strspn(line, " \t");

        end = strchr(line, '\n');
        end = end ? end : line + strlen(line);
        length = (size_t)(end - word);
        if (*word == '#')
            word += 1 + strspn(word + 1, " \t");
        if (!strncmp(word, "import", 6) || !strncmp(word, "include", 7) || !strncmp(word, "@import", 7))
            mn_print(p, "%.*s\n", (int)length, line + strspn(line, " \t"));
    }
}

static void
profile(struct mn_printing *p)
{
    static const char *const texts[] = {
        "",
#define X(name, text, about) text,
#include <mend/profile.def>
#undef X
    };

    if (p->tree->profile)
        mn_print(p, "#pragma mend profile(%s)\n", texts[p->tree->profile]);
}

static void
policy(struct mn_printing *p)
{
    static const char *const texts[] = {
        "",
#define X(name, text, about) text,
#include <mend/policy.def>
#undef X
    };

    if (!p->tree->policy)
        return;
    mn_print(p, "#pragma mend policy(%s", texts[p->tree->policy]);
    if (p->tree->policy_after)
        mn_print(p, " after %u", p->tree->policy_after);
    mn_print(p, ")\n");
}

static void
names(struct mn_printing *p, const struct mn_item *item)
{
    mn_print(p, item->kind == MN_ITEM_FORWARD_CLASS ? "\n@class " : "\n@protocol ");
    words(p, &item->names, "", ";");
}

/* How many items it took. */
static uint32_t
some_item(struct mn_printing *p, uint32_t at, bool *said)
{
    const struct mn_item *item = &p->tree->items[at];
    enum mn_dialect top = p->mango ? MN_DIALECT_MANGO : MN_DIALECT_OBJC;
    struct mn_decl *run[64];
    uint32_t count = 0;

    if (item->kind == MN_ITEM_CLASS) {
        class_part(p, item->class_, said);
        return 1;
    }
    use_dialect(p, item->dialect, top, said);
    switch (item->kind) {
    case MN_ITEM_DECLARATION:
        for (uint32_t i = at; i < p->tree->item_count && count < 64 && p->tree->items[i].kind == MN_ITEM_DECLARATION; i++)
            run[count++] = p->tree->items[i].decl;
        return mn_print_declaration(p, run, count);
    case MN_ITEM_STATEMENT:
        mn_print_annotations(p, &item->annotations, " ");
        mn_print_statement(p, item->stmt);
        break;
    case MN_ITEM_ALIAS:
        mn_print(p, item->alias.swift ? "\n@SwiftClassAlias %s %s;" : "\n@compatibility_alias %s %s;",
                 item->alias.swift ? item->alias.original.name : item->alias.alias.name,
                 item->alias.swift ? item->alias.alias.name : item->alias.original.name);
        break;
    default:
        names(p, item);
    }
    return 1;
}

static void
write_all(const struct mn_conversion *c, bool mango)
{
    struct mn_printing p = {.tree = c->tree,
                            .findings = c->findings,
                            .out = c->out,
                            .defined = MN_LIST_OF(const struct mn_tag_decl *),
                            .mango = mango,
                            .dialect = mango ? MN_DIALECT_MANGO : MN_DIALECT_OBJC};
    bool said = false;

    imports(&p, c->source);
    policy(&p);
    profile(&p);
    for (uint32_t i = 0; i < c->tree->item_count;)
        i += some_item(&p, i, &said);
    if (c->out->length && c->out->data[0] == '\n')
        memmove(c->out->data, c->out->data + 1, --c->out->length);
    if (c->out->length && mn_buffer_peek(c->out)[c->out->length - 1] != '\n')
        mn_print(&p, "\n");
    mn_list_fini(&p.defined);
}

void
mn_objc_write(const struct mn_conversion *c)
{
    write_all(c, false);
}

void
mn_mango_write(const struct mn_conversion *c)
{
    write_all(c, true);
}
