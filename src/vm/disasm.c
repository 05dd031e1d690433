/* SPDX-License-Identifier: MIT */
/* A program as text, derived from op.def: each operand is printed by its letter. */
#include "vm/disasm.h"

#include "vm/operand.h"
#include "vm/tables.h"

static uint32_t
wide(const struct mn_insn *insn)
{
    return insn->b | (uint32_t)insn->c << 16;
}

static void
write_text(const struct mn_program *program, uint32_t text, const char *mark, struct mn_buffer *out)
{
    const char *bytes = mn_program_text(program, text);
    uint32_t length = mn_program_text_length(program, text);

    mn_buffer_text(out, mark);
    mn_buffer_char(out, '"');
    for (uint32_t i = 0; i < length && i < 60; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
            mn_buffer_printf(out, "\\x%02x", c);
        else
            mn_buffer_char(out, (char)c);
    }
    mn_buffer_text(out, length > 60 ? "...\"" : "\"");
}

static uint32_t
text_at(const struct mn_list *list, uint32_t index)
{
    return *MN_LIST_AT(uint32_t, list, index);
}

/* A call site: selector or nothing, then the arguments in parentheses. */
static void
write_site(const struct mn_function *function, unsigned index, struct mn_buffer *out)
{
    const struct mn_callsite *site = &function->sites[index];
    const struct mn_program *program = function->program;

    if (site->kind >= MN_SITE_SEND && site->kind <= MN_SITE_NEXT)
        mn_buffer_text(out, mn_program_text(program, text_at(&program->selectors, site->selector)));
    mn_buffer_char(out, '(');
    for (uint32_t i = 0; i < site->count; i++) {
        const struct mn_arg *arg = &function->args[site->first + i];

        mn_buffer_printf(out, "%ss%u:%s", i != 0 ? ", " : "", (unsigned)arg->slot,
                         mn_program_text(program, text_at(&program->types, arg->type)));
    }
    mn_buffer_printf(out, ") -> %s", mn_program_text(program, text_at(&program->types, site->result)));
}

static void
write_operand(const struct mn_function *function, uint32_t pc, enum mn_operand_kind kind, uint16_t value,
              struct mn_buffer *out)
{
    const struct mn_program *program = function->program;
    uint32_t index = wide(&function->code[pc]);

    switch (kind) {
    case MN_OPERAND_I:
        mn_buffer_printf(out, "%d", (int16_t)value);
        break;
    case MN_OPERAND_U:
    case MN_OPERAND_N:
        mn_buffer_printf(out, "%u", (unsigned)value);
        break;
    case MN_OPERAND_J:
        mn_buffer_printf(out, "-> %d", (int)pc + 1 + (int16_t)value);
        break;
    case MN_OPERAND_I32:
        mn_buffer_printf(out, "%d", (int32_t)index);
        break;
    case MN_OPERAND_J32:
        mn_buffer_printf(out, "-> %d", (int)pc + 1 + (int32_t)index);
        break;
    case MN_OPERAND_B:
        mn_buffer_printf(out, "data+%u", (unsigned)index);
        break;
    case MN_OPERAND_K:
        mn_buffer_printf(out, "#0x%llx", (unsigned long long)*MN_LIST_AT(uint64_t, &program->numbers, index));
        break;
    case MN_OPERAND_Z:
        write_text(program, MN_LIST_AT(struct mn_code_symbol, &program->symbols, index)->name, "&", out);
        break;
    case MN_OPERAND_T:
        write_text(program, index, "", out);
        break;
    case MN_OPERAND_G:
        write_text(program, text_at(&program->strings, index), "@", out);
        break;
    case MN_OPERAND_C:
        mn_buffer_text(
            out, mn_program_text(program, MN_LIST_AT(struct mn_code_class, &program->classes, index)->name));
        break;
    case MN_OPERAND_E:
        mn_buffer_printf(out, "@selector(%s)", mn_program_text(program, text_at(&program->selectors, index)));
        break;
    case MN_OPERAND_F:
        mn_buffer_text(out, MN_LIST_AT(struct mn_function, &program->functions, value)->name);
        break;
    case MN_OPERAND_Y:
        write_text(program, text_at(&program->types, value), "", out);
        break;
    case MN_OPERAND_H:
        mn_buffer_text(
            out, mn_program_text(program, MN_LIST_AT(struct mn_code_ivar, &program->ivars, value)->name));
        break;
    case MN_OPERAND_A:
        write_site(function, value, out);
        break;
    default: /* every letter that means a slot */
        mn_buffer_printf(out, "s%u", (unsigned)value);
        break;
    }
}

void
mn_disasm_insn(const struct mn_function *function, uint32_t pc, struct mn_buffer *out)
{
    const struct mn_insn *insn = &function->code[pc];
    uint16_t values[3] = {insn->a, insn->b, insn->c};
    const char *separator = " ";
    unsigned line, column;

    mn_buffer_printf(out, "%5u  %s", (unsigned)pc, mn_op_names[insn->op]);
    for (unsigned i = 0; i < 3; i++) {
        enum mn_operand_kind kind = (enum mn_operand_kind)mn_op_operands[insn->op][i];

        if (kind == MN_OPERAND__ || kind == MN_OPERAND_R)
            continue;
        mn_buffer_text(out, separator);
        write_operand(function, pc, kind, values[i], out);
        separator = ", ";
    }
    mn_function_place(function, pc, &line, &column);
    if (line != 0)
        mn_buffer_printf(out, "    ; %u:%u", line, column);
    mn_buffer_char(out, '\n');
}

void
mn_disasm_function(const struct mn_function *function, struct mn_buffer *out)
{
    mn_buffer_printf(out, "%s  %s: %u slots, %u of parameters, %u owned\n", function->name,
                     function->signature->encoding, (unsigned)function->slots, (unsigned)function->params,
                     (unsigned)function->owned_count);
    for (uint32_t pc = 0; pc < function->code_count; pc++)
        mn_disasm_insn(function, pc, out);
}

void
mn_disasm_program(const struct mn_program *program, struct mn_buffer *out)
{
    for (size_t i = 0; i < program->functions.count; i++) {
        if (i != 0)
            mn_buffer_char(out, '\n');
        mn_disasm_function(MN_LIST_AT(struct mn_function, &program->functions, i), out);
    }
}
