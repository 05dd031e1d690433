/* SPDX-License-Identifier: MIT */
/* Statements, methods and the whole patch as JavaScript. */
#include "lang/js/write_parts.h"

#include "base/alloc.h"

#include <mend/source.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
mn_script_refuse(struct mn_script_writing *g, struct mn_span at, const char *what)
{
    mn_error_at(g->c->findings, at, "a script has no spelling for %s", what);
}

void
mn_script_put(struct mn_script_writing *g, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    mn_buffer_vprintf(g->out, format, args);
    va_end(args);
}

void
mn_script_line(struct mn_script_writing *g)
{
    mn_script_put(g, "\n%*s", (int)(4 * g->indent), "");
}

void
mn_script_declare(struct mn_script_writing *g, const char *name, const struct mn_tname *type, const char *shown)
{
    if (name == NULL)
        return;
    if (g->name_count == sizeof g->names / sizeof *g->names) {
        if (!g->full)
            mn_script_refuse(g, (struct mn_span){0, 0}, "so many names");
        g->full = true;
        return;
    }
    g->names[g->name_count++] =
        (struct mn_script_name){name, type, shown != NULL ? mn_strdup(shown) : NULL};
    if (shown != NULL && g->names[g->name_count - 1].shown == NULL)
        g->c->out->failed = true;
}

static void
leave(struct mn_script_writing *g, unsigned count)
{
    while (g->name_count > count)
        mn_free((char *)g->names[--g->name_count].shown);
}

const struct mn_script_name *
mn_script_find(const struct mn_script_writing *g, const char *name)
{
    for (unsigned i = g->name_count; i-- > 0;)
        if (g->names[i].name == name)
            return &g->names[i];
    return NULL;
}

void
mn_script_require(struct mn_script_writing *g, const char *name)
{
    for (unsigned i = 0; i < g->required_count; i++)
        if (strcmp(g->required[i], name) == 0)
            return;
    if (g->required_count < sizeof g->required / sizeof *g->required && strlen(name) < sizeof *g->required)
        strcpy(g->required[g->required_count++], name);
    else if (!g->full)
        mn_script_refuse(g, (struct mn_span){0, 0}, "so many classes");
}

/* ---- Declarations ---- */

static const char *
zero_of(const struct mn_tname *type)
{
    switch (mn_script_sort_of(type)) {
    case MN_SORT_OBJECT:
    case MN_SORT_BLOCK:
    case MN_SORT_POINTER:
        return "false";
    case MN_SORT_STRUCT:
        return "{}";
    default:
        return "0";
    }
}

/* A static variable is one of the file, under a name of its own. */
static void
put_static(struct mn_script_writing *g, const struct mn_decl *d)
{
    struct mn_buffer *out = g->out;
    char name[96];

    snprintf(name, sizeof name, "%s_%u", d->name, ++g->made);
    g->out = &g->top;
    mn_script_put(g, "let %s = ", name);
    if (d->init != NULL)
        mn_script_expr_for(g, d->init, d->type);
    else
        mn_script_put(g, "%s", zero_of(d->type));
    mn_script_put(g, ";\n");
    g->out = out;
    mn_script_declare(g, d->name, d->type, name);
}

static void
put_variable(struct mn_script_writing *g, const struct mn_decl *d)
{
    if (d->kind != MN_DECL_VARIABLE) {
        mn_script_refuse(g, d->span, "this declaration inside a body");
        return;
    }
    if (d->storage & MN_STORAGE_STATIC) {
        put_static(g, d);
        return;
    }
    if (d->init != NULL && d->init->kind == MN_EXPR_INIT) {
        mn_script_refuse(g, d->init->span, "a brace initialiser");
        return;
    }
    mn_script_line(g);
    mn_script_put(g, "let %s = ", d->name);
    if (d->ownership == MN_OWNERSHIP_WEAK)
        mn_script_put(g, "__weak(");
    if (d->init != NULL)
        mn_script_expr_for(g, d->init, d->type->kind == MN_TNAME_AUTO || d->type->kind == MN_TNAME_TYPEOF_EXPR ? &(struct mn_tname){.kind = MN_TNAME_ID} : d->type);
    else
        mn_script_put(g, "%s", zero_of(d->type));
    mn_script_put(g, d->ownership == MN_OWNERSHIP_WEAK ? ");" : ";");
    mn_script_declare(g, d->name, d->type->kind == MN_TNAME_TYPEOF_EXPR ? NULL : d->type, NULL);
}

/* ---- Statements ---- */

static void put_stmt(struct mn_script_writing *g, const struct mn_stmt *s);

static void
put_body(struct mn_script_writing *g, const struct mn_stmt *s)
{
    unsigned names = g->name_count;

    mn_script_put(g, "{");
    g->indent++;
    if (s->kind == MN_STMT_COMPOUND)
        for (uint32_t i = 0; i < s->body.count; i++)
            put_stmt(g, s->body.items[i]);
    else
        put_stmt(g, s);
    g->indent--;
    mn_script_line(g);
    mn_script_put(g, "}");
    leave(g, names);
}

static void
put_if(struct mn_script_writing *g, const struct mn_stmt *s)
{
    mn_script_line(g);
    for (;;) {
        mn_script_put(g, "if (");
        mn_script_expr(g, s->branch.test);
        mn_script_put(g, ") ");
        put_body(g, s->branch.yes);
        if ((s = s->branch.no) == NULL)
            return;
        mn_script_put(g, " else ");
        if (s->kind != MN_STMT_IF) {
            put_body(g, s);
            return;
        }
    }
}

static void
put_for(struct mn_script_writing *g, const struct mn_stmt *s)
{
    const struct mn_stmt *first = s->for_.first;
    unsigned names = g->name_count;

    mn_script_line(g);
    mn_script_put(g, "for (");
    if (first != NULL && first->kind == MN_STMT_DECLARATION)
        for (uint32_t i = 0; i < first->decls.count; i++) {
            const struct mn_decl *d = first->decls.items[i];

            mn_script_put(g, i ? ", %s = " : "let %s = ", d->name);
            if (d->init != NULL)
                mn_script_expr_for(g, d->init, d->type);
            else
                mn_script_put(g, "0");
            mn_script_declare(g, d->name, d->type, NULL);
        }
    else if (first != NULL && first->kind == MN_STMT_EXPRESSION)
        mn_script_expr(g, first->expr);
    mn_script_put(g, "; ");
    if (s->for_.test != NULL)
        mn_script_expr(g, s->for_.test);
    mn_script_put(g, "; ");
    if (s->for_.step != NULL)
        mn_script_expr(g, s->for_.step);
    mn_script_put(g, ") ");
    put_body(g, s->for_.body);
    leave(g, names);
}

/* Elements are taken before the first turn, so false among them does not end the loop. */
static void
put_for_in(struct mn_script_writing *g, const struct mn_stmt *s)
{
    unsigned n = ++g->made, names = g->name_count;

    mn_script_line(g);
    mn_script_put(g, "for (let all%u = ", n);
    mn_script_expr(g, s->for_in.collection);
    mn_script_put(g, ", i%u = 0, list%u = all%u ? (all%u.respondsToSelector('keyEnumerator') ? all%u.keyEnumerator() : "
                     "all%u.objectEnumerator()).allObjects() : false, n%u = list%u ? list%u.count() : 0; i%u < n%u; i%u++) {",
                  n, n, n, n, n, n, n, n, n, n, n, n);
    g->indent++;
    mn_script_line(g);
    if (s->for_in.variable != NULL) {
        mn_script_put(g, "let %s = list%u.objectAtIndex(i%u);", s->for_in.variable->name, n, n);
        mn_script_declare(g, s->for_in.variable->name, s->for_in.variable->type, NULL);
    } else {
        mn_script_expr(g, s->for_in.place);
        mn_script_put(g, " = list%u.objectAtIndex(i%u);", n, n);
    }
    if (s->for_in.body->kind == MN_STMT_COMPOUND)
        for (uint32_t i = 0; i < s->for_in.body->body.count; i++)
            put_stmt(g, s->for_in.body->body.items[i]);
    else
        put_stmt(g, s->for_in.body);
    g->indent--;
    mn_script_line(g);
    mn_script_put(g, "}");
    leave(g, names);
}

/* An error of the script's own is a catch-all's; a native exception is that, by its class. */
static void
put_catches(struct mn_script_writing *g, const struct mn_stmt *s)
{
    unsigned n = ++g->made;
    bool open = false;

    mn_script_put(g, " catch (thrown%u) {", n);
    g->indent++;
    mn_script_line(g);
    mn_script_put(g, "let native%u = thrown%u.nativeException || thrown%u;", n, n, n);
    for (uint32_t i = 0; i < s->try_.count; i++) {
        const struct mn_catch_clause *clause = &s->try_.catches[i];
        const struct mn_tname *type = clause->param != NULL ? clause->param->type : NULL;
        unsigned names = g->name_count;

        mn_script_line(g);
        mn_script_put(g, i ? "else " : "");
        if (type != NULL && type->kind == MN_TNAME_POINTER && type->of->kind == MN_TNAME_NAMED) {
            mn_script_require(g, type->of->named.name);
            mn_script_put(g, "if (native%u.isKindOfClass && native%u.isKindOfClass(%s)) ", n, n, type->of->named.name);
        } else {
            open = true;
        }
        mn_script_put(g, "{");
        g->indent++;
        if (clause->param != NULL) {
            mn_script_line(g);
            mn_script_put(g, "let %s = native%u;", clause->param->name, n);
            mn_script_declare(g, clause->param->name, type, NULL);
        }
        for (uint32_t k = 0; k < clause->body->body.count; k++)
            put_stmt(g, clause->body->body.items[k]);
        g->indent--;
        mn_script_line(g);
        mn_script_put(g, "}");
        leave(g, names);
    }
    if (!open) {
        mn_script_line(g);
        mn_script_put(g, "else throw thrown%u;", n);
    }
    g->indent--;
    mn_script_line(g);
    mn_script_put(g, "}");
}

static void
put_try(struct mn_script_writing *g, const struct mn_stmt *s)
{
    mn_script_line(g);
    mn_script_put(g, "try ");
    put_body(g, s->try_.body);
    if (s->try_.count > 0)
        put_catches(g, s);
    if (s->try_.finally != NULL) {
        mn_script_put(g, " finally ");
        put_body(g, s->try_.finally);
    }
}

static bool
leaves(const struct mn_stmt *s)
{
    if (s == NULL)
        return false;
    switch (s->kind) {
    case MN_STMT_RETURN:
    case MN_STMT_BREAK:
    case MN_STMT_CONTINUE:
    case MN_STMT_GOTO:
        return true;
    case MN_STMT_COMPOUND:
        for (uint32_t i = 0; i < s->body.count; i++)
            if (leaves(s->body.items[i]))
                return true;
        return false;
    case MN_STMT_IF:
        return leaves(s->branch.yes) || leaves(s->branch.no);
    case MN_STMT_WHILE:
    case MN_STMT_DO:
    case MN_STMT_SWITCH:
        return leaves(s->loop.body);
    case MN_STMT_FOR:
        return leaves(s->for_.body);
    case MN_STMT_FOR_IN:
        return leaves(s->for_in.body);
    case MN_STMT_TRY:
        return true;
    default:
        return false;
    }
}

static void
put_synchronized(struct mn_script_writing *g, const struct mn_stmt *s)
{
    if (leaves(s->guarded.body))
        mn_script_refuse(g, s->at, "leaving @synchronized by a jump");
    mn_script_line(g);
    mn_script_put(g, "synchronized(");
    mn_script_expr(g, s->guarded.lock);
    mn_script_put(g, ", () => ");
    put_body(g, s->guarded.body);
    mn_script_put(g, ");");
}

static void
put_return(struct mn_script_writing *g, const struct mn_stmt *s)
{
    mn_script_line(g);
    if (s->expr == NULL) {
        mn_script_put(g, "return;");
        return;
    }
    mn_script_put(g, "return ");
    if (g->blocks == 0 && g->method != NULL && g->method->result != NULL &&
        mn_script_sort_of(g->method->result) == MN_SORT_WHOLE)
        mn_script_expr_for(g, s->expr, g->method->result);
    else
        mn_script_expr_for(g, s->expr, NULL);
    mn_script_put(g, ";");
}

static void
put_loop(struct mn_script_writing *g, const struct mn_stmt *s, const char *word)
{
    mn_script_line(g);
    mn_script_put(g, "%s (", word);
    mn_script_expr(g, s->loop.test);
    mn_script_put(g, ") ");
    put_body(g, s->loop.body);
}

static void
put_case(struct mn_script_writing *g, const struct mn_stmt *s)
{
    mn_script_line(g);
    if (s->kind == MN_STMT_DEFAULT) {
        mn_script_put(g, "default:");
        return;
    }
    if (s->label.last != NULL)
        mn_script_refuse(g, s->span, "a range of cases");
    mn_script_put(g, "case ");
    mn_script_expr(g, s->label.first);
    mn_script_put(g, ":");
}

static void
put_stmt(struct mn_script_writing *g, const struct mn_stmt *s)
{
    switch (s->kind) {
    case MN_STMT_EMPTY:
        return;
    case MN_STMT_COMPOUND:
    case MN_STMT_POOL: /* memory is the collector's */
        mn_script_line(g);
        put_body(g, s->kind == MN_STMT_POOL ? s->guarded.body : s);
        return;
    case MN_STMT_DECLARATION:
        for (uint32_t i = 0; i < s->decls.count; i++)
            put_variable(g, s->decls.items[i]);
        return;
    case MN_STMT_EXPRESSION:
        mn_script_line(g);
        mn_script_expr(g, s->expr);
        mn_script_put(g, ";");
        return;
    case MN_STMT_IF:
        put_if(g, s);
        return;
    case MN_STMT_SWITCH:
        put_loop(g, s, "switch");
        return;
    case MN_STMT_CASE:
    case MN_STMT_DEFAULT:
        put_case(g, s);
        return;
    case MN_STMT_WHILE:
        put_loop(g, s, "while");
        return;
    case MN_STMT_DO:
        mn_script_line(g);
        mn_script_put(g, "do ");
        put_body(g, s->loop.body);
        mn_script_put(g, " while (");
        mn_script_expr(g, s->loop.test);
        mn_script_put(g, ");");
        return;
    case MN_STMT_FOR:
        put_for(g, s);
        return;
    case MN_STMT_FOR_IN:
        put_for_in(g, s);
        return;
    case MN_STMT_BREAK:
    case MN_STMT_CONTINUE:
        mn_script_line(g);
        mn_script_put(g, s->kind == MN_STMT_BREAK ? "break;" : "continue;");
        return;
    case MN_STMT_RETURN:
        put_return(g, s);
        return;
    case MN_STMT_TRY:
        put_try(g, s);
        return;
    case MN_STMT_THROW:
        mn_script_line(g);
        mn_script_put(g, s->expr != NULL ? "throw " : "throw thrown%u;", g->made);
        if (s->expr != NULL) {
            mn_script_expr(g, s->expr);
            mn_script_put(g, ";");
        }
        return;
    case MN_STMT_SYNCHRONIZED:
        put_synchronized(g, s);
        return;
    default:
        mn_script_refuse(g, s->span, mn_stmt_kind_text(s->kind));
    }
}

/* ---- Functions ---- */

static bool
has_blocks_in(const struct mn_source *source, struct mn_span span)
{
    if (span.start < source->base || span.end > source->base + source->length)
        return true; /* in a file that was imported */
    return memchr(source->text - source->base + span.start, '^', span.end - span.start) != NULL;
}

void
mn_script_function(struct mn_script_writing *g, const struct mn_decls *params, const struct mn_stmt *body)
{
    unsigned names = g->name_count;

    mn_script_put(g, "(");
    for (uint32_t i = 0; i < params->count; i++) {
        mn_script_put(g, "%s%s", i ? ", " : "", params->items[i]->name != NULL ? params->items[i]->name : "_");
        if (params->items[i]->name == NULL)
            mn_script_put(g, "%u", i);
        mn_script_declare(g, params->items[i]->name, params->items[i]->type, NULL);
    }
    mn_script_put(g, ") ");
    put_body(g, body);
    leave(g, names);
}

static void
put_method(struct mn_script_writing *g, const struct mn_method_decl *m)
{
    struct mn_buffer name = MN_BUFFER_EMPTY;
    unsigned names = g->name_count;

    if (!mn_script_selector(m->selector, &name) || m->variadic)
        mn_script_refuse(g, m->at, "a method of this name");
    g->method = m;
    mn_script_line(g);
    mn_script_put(g, "%s: function (", mn_buffer_peek(&name));
    for (uint32_t i = 0; i < m->params.count; i++) {
        mn_script_put(g, "%s%s", i ? ", " : "", m->params.items[i]->name);
        mn_script_declare(g, m->params.items[i]->name, m->params.items[i]->type, NULL);
    }
    mn_script_put(g, ") {");
    g->indent++;
    if (has_blocks_in(g->c->source, m->body->span)) {
        mn_script_line(g);
        mn_script_put(g, "let me = self;");
    }
    for (uint32_t i = 0; i < m->body->body.count; i++)
        put_stmt(g, m->body->body.items[i]);
    g->indent--;
    mn_script_line(g);
    mn_script_put(g, "},");
    leave(g, names);
    g->method = NULL;
    mn_buffer_fini(&name);
}

/* A method the class did not have needs its types, which only a protocol can give. */
static void
put_protocol(struct mn_script_writing *g, const struct mn_class_decl *c)
{
    for (int side = 0; side < 2; side++) {
        mn_script_put(g, side ? ", {" : "{");
        for (uint32_t i = 0; i < c->method_count; i++) {
            const struct mn_method_decl *m = c->methods[i];
            struct mn_buffer name = MN_BUFFER_EMPTY;
            static struct mn_tname object = {.kind = MN_TNAME_ID};

            if (m->is_class != (side == 1) || m->body == NULL)
                continue;
            mn_script_selector(m->selector, &name);
            mn_script_put(g, "%s: {types: ", mn_buffer_peek(&name));
            mn_script_block_types(g, m->result != NULL ? m->result : &object, &m->params);
            mn_script_put(g, "}, ");
            mn_buffer_fini(&name);
        }
        mn_script_put(g, "}");
    }
}

static void
put_properties(struct mn_script_writing *g, const struct mn_tree *tree, const char *name)
{
    bool any = false;

    for (uint32_t i = 0; i < tree->item_count; i++) {
        const struct mn_class_decl *c = tree->items[i].kind == MN_ITEM_CLASS ? tree->items[i].class_ : NULL;

        if (c == NULL || c->name.name != name || c->form == MN_FORM_PROTOCOL)
            continue;
        for (uint32_t k = 0; k < c->property_count; k++) {
            const struct mn_property_decl *p = c->properties[k];

            if (mn_script_sort_of(p->type) != MN_SORT_OBJECT || p->flags & (MN_PROP_CLASS | MN_PROP_WEAK))
                mn_script_refuse(g, p->span, "a property that holds no object strongly");
            mn_script_put(g, any ? ", '%s'" : " ['%s'", p->name.name);
            any = true;
        }
    }
    mn_script_put(g, any ? "]," : "");
}

static const struct mn_class_decl *
interface_of(const struct mn_tree *tree, const char *name)
{
    for (uint32_t i = 0; i < tree->item_count; i++)
        if (tree->items[i].kind == MN_ITEM_CLASS && tree->items[i].class_->name.name == name &&
            tree->items[i].class_->superclass.name != NULL)
            return tree->items[i].class_;
    return NULL;
}

static void
put_class(struct mn_script_writing *g, const struct mn_class_decl *c)
{
    const struct mn_class_decl *declared = interface_of(g->c->tree, c->name.name);

    if (c->ivars.count > 0)
        mn_script_refuse(g, c->at, "instance variables of a class of its own");
    mn_script_put(g, "\ntypesOf(");
    put_protocol(g, c);
    mn_script_put(g, ", '%s');\ndefineClass('%s", c->name.name, c->name.name);
    if (declared != NULL)
        mn_script_put(g, " : %s", declared->superclass.name);
    else
        mn_script_put(g, " : NSObject");
    mn_script_put(g, " <");
    for (uint32_t i = 0; declared != NULL && i < declared->protocols.count; i++)
        mn_script_put(g, "%s, ", declared->protocols.items[i].name);
    mn_script_put(g, "%s_types>',", c->name.name);
    put_properties(g, g->c->tree, c->name.name);
    for (int side = 0; side < 2; side++) {
        mn_script_put(g, side ? ", {" : " {");
        g->indent++;
        for (uint32_t i = 0; i < c->method_count; i++)
            if (c->methods[i]->body != NULL && c->methods[i]->is_class == (side == 1))
                put_method(g, c->methods[i]);
        g->indent--;
        mn_script_put(g, "\n}");
    }
    mn_script_put(g, ");\n");
}

static void
put_item(struct mn_script_writing *g, const struct mn_item *item)
{
    switch (item->kind) {
    case MN_ITEM_CLASS:
        if (item->class_->annotations.count > 0)
            mn_script_refuse(g, item->span, "an annotation");
        if (item->class_->form == MN_FORM_IMPLEMENTATION || item->class_->form == MN_FORM_MANGO_CLASS)
            put_class(g, item->class_);
        return;
    case MN_ITEM_DECLARATION:
        if (item->decl->kind == MN_DECL_FUNCTION && item->decl->body != NULL) {
            mn_script_put(g, "\nfunction %s", item->decl->name);
            mn_script_function(g, &item->decl->type->function.params, item->decl->body);
            mn_script_put(g, "\n");
        } else if (item->decl->kind == MN_DECL_FUNCTION) {
            mn_script_put(g, "\ndefineCFunction('%s', ", item->decl->name);
            mn_script_block_types(g, item->decl->type->function.result, &item->decl->type->function.params);
            mn_script_put(g, ");\n");
        } else if (item->decl->kind == MN_DECL_VARIABLE && !(item->decl->storage & MN_STORAGE_EXTERN)) {
            mn_script_put(g, "\nlet %s = ", item->decl->name);
            if (item->decl->init != NULL)
                mn_script_expr_for(g, item->decl->init, item->decl->type);
            else
                mn_script_put(g, "%s", zero_of(item->decl->type));
            mn_script_put(g, ";\n");
        } else if (item->decl->kind != MN_DECL_TYPEDEF) {
            mn_script_refuse(g, item->span, "this declaration");
        }
        return;
    case MN_ITEM_STATEMENT:
        put_stmt(g, item->stmt);
        mn_script_put(g, "\n");
        return;
    default:
        return;
    }
}

static void
put_policy(struct mn_script_writing *g, const struct mn_tree *tree)
{
    static const char *const words[] = {
        "",
#define X(name, word, text) word,
#include <mend/policy.def>
#undef X
    };

    if (tree->policy == MEND_POLICY_DEFAULT) {
        mn_script_put(g, "//# mend policy(propagate)\n"); /* what source does */
        return;
    }
    mn_script_put(g, "//# mend policy(%s", words[tree->policy]);
    if (tree->policy_after > 1)
        mn_script_put(g, " after %u", tree->policy_after);
    mn_script_put(g, ")\n");
}

/* Gives methods that are new their types: defineProtocol, by the list of a block's types. */
static const char types_of[] = "function typesOf(instance, statics, name) {\n"
                               "    [instance, statics].forEach(function (table) {\n"
                               "        Object.keys(table).forEach(function (key) {\n"
                               "            let types = table[key].types.split(', ');\n"
                               "            table[key] = {returnType: types[0], paramsType: types.slice(1).join(', ')};\n"
                               "        });\n"
                               "    });\n"
                               "    defineProtocol(name + '_types', instance, statics);\n"
                               "}\n";

void
mn_script_write(const struct mn_conversion *c)
{
    struct mn_buffer body = MN_BUFFER_EMPTY;
    struct mn_script_writing *g = mn_calloc(1, sizeof *g);

    if (g == NULL) {
        c->out->failed = true;
        return;
    }
    g->c = c;
    g->out = c->out;
    put_policy(g, c->tree);
    g->out = &body;
    for (uint32_t i = 0; i < c->tree->item_count; i++) { /* functions and variables are known everywhere */
        const struct mn_item *item = &c->tree->items[i];

        if (item->kind == MN_ITEM_DECLARATION && (item->decl->kind == MN_DECL_FUNCTION || item->decl->kind == MN_DECL_VARIABLE))
            mn_script_declare(g, item->decl->name, item->decl->type, NULL);
    }
    for (uint32_t i = 0; i < c->tree->item_count; i++)
        put_item(g, &c->tree->items[i]);
    g->out = c->out;
    if (g->required_count > 0) {
        mn_script_put(g, "require('");
        for (unsigned i = 0; i < g->required_count; i++)
            mn_script_put(g, "%s%s", i ? ", " : "", g->required[i]);
        mn_script_put(g, "');\n");
    }
    mn_buffer_append(c->out, types_of, sizeof types_of - 1);
    mn_buffer_append(c->out, mn_buffer_peek(&g->top), g->top.length);
    mn_buffer_append(c->out, mn_buffer_peek(&body), body.length);
    c->out->failed |= body.failed || g->top.failed;
    leave(g, 0);
    mn_buffer_fini(&g->top);
    mn_buffer_fini(&body);
    mn_free(g);
}
