/* SPDX-License-Identifier: MIT */
#include "lang/json/step.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"
#include "lang/json/shape.h"

#include <mend/step.h>
#include <pthread.h>
#include <string.h>

struct mn_step {
    struct mn_document document;
    const struct mn_node *members, *body;
};

static struct mn_map steps; /* name -> struct mn_step; only grows */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

const struct mn_step *
mn_step_named(const char *name)
{
    const struct mn_step *step;

    pthread_mutex_lock(&mutex);
    step = mn_map_get_text(&steps, name);
    pthread_mutex_unlock(&mutex);
    return step;
}

enum mn_step_member
mn_step_takes(const struct mn_step *step, const char *name)
{
    const struct mn_node *member = mn_node_member(step->members, name);

    if (!member)
        return MN_STEP_NONE;
    return strcmp(mn_member_text(member, "kind", "expr"), "body") ? MN_STEP_EXPR : MN_STEP_BODY;
}

const char *
mn_step_missing(const struct mn_step *step, const struct mn_node *statement, const char *after)
{
    const struct mn_node *member = step->members ? step->members->first : NULL;

    while (after && member) {
        bool found = member->key == after;

        member = member->next;
        if (found)
            break;
    }
    for (; member; member = member->next)
        if (!mn_member_true(member, "optional") && !mn_node_member(statement, member->key))
            return member->key;
    return NULL;
}

const struct mn_node *
mn_step_body(const struct mn_step *step)
{
    return step->body;
}

static mend_status
check_head(const struct mn_step *step, const char **name, mend_error *err)
{
    const struct mn_node *root = step->document.root;

    *name = mn_member_text(root, "step", "");
    if (!mn_is_identifier(*name))
        return mn_fail(err, MEND_CHECK, "a step has a name: \"step\": \"log\"");
    if (!step->body || step->body->kind != MN_JSON_ARRAY)
        return mn_fail(err, MEND_CHECK, "the step '%s' has no \"body\"", *name);
    if (step->members && step->members->kind != MN_JSON_OBJECT)
        return mn_fail(err, MEND_CHECK, "the \"members\" of the step '%s' are no object", *name);
    for (const struct mn_node *m = step->members ? step->members->first : NULL; m; m = m->next)
        if (m->kind != MN_JSON_OBJECT || !mn_is_identifier(m->key) || !strcmp(m->key, "do") || !strcmp(m->key, "note"))
            return mn_fail(err, MEND_CHECK, "the member '%s' of the step '%s' is no object", m->key, *name);
    return MEND_OK;
}

/* A name is taught once, and no name of the language again. */
static mend_status
add(struct mn_step *step, const char *name, mend_error *err)
{
    mend_status st = MEND_OK;

    if (mn_is_statement_name(name))
        return mn_fail(err, MEND_EXISTS, "'%s' is a statement of the language", name);
    pthread_mutex_lock(&mutex);
    if (mn_map_get_text(&steps, name))
        st = mn_fail(err, MEND_EXISTS, "the step '%s' is known already", name);
    else if (!mn_map_set_text(&steps, name, step))
        st = mn_fail_memory(err);
    pthread_mutex_unlock(&mutex);
    return st;
}

mend_status
mend_step_define(const char *json, size_t length, mend_error *err)
{
    struct mn_step *step = mn_calloc(1, sizeof *step);
    struct mn_findings findings;
    const char *name = "";
    mend_status st;

    if (!step)
        return mn_fail_memory(err);
    if ((st = mn_document_open(&step->document, "step", json, length, err)) != MEND_OK) {
        mn_free(step);
        return st;
    }
    step->members = mn_node_member(step->document.root, "members");
    step->body = mn_node_member(step->document.root, "body");
    mn_findings_init(&findings, &step->document.source);
    findings.stage = MEND_CHECK;
    if ((st = check_head(step, &name, err)) == MEND_OK) {
        mn_step_check(step->body, step, &findings);
        st = mn_findings_status(&findings, err);
    }
    mn_findings_fini(&findings);
    if (st == MEND_OK)
        st = add(step, name, err);
    if (st != MEND_OK) {
        mn_document_close(&step->document);
        mn_free(step);
    }
    return st;
}
