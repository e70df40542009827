// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small assembler: an element-wise expression becomes the shader that one
// would write for it, an instruction a node,
//
//     uint i = gl_GlobalInvocationID.y * row + gl_GlobalInvocationID.x;
//     if (i < count)
//         result[i] = ...;
//
// SPIR-V wants its parts in a fixed order, so that the module grows in three
// places at once: decorations, declarations, code. Numbers are those of the
// SPIR-V specification, version 1.3.

#include "vk/expr_spirv.h"

#include <string.h>

#include "graph/op.h"

G_STATIC_ASSERT(sizeof(SfmExprPush) <= SFM_MAX_PUSH);

enum {
    OP_EXT_INST_IMPORT = 11,
    OP_EXT_INST = 12,
    OP_MEMORY_MODEL = 14,
    OP_ENTRY_POINT = 15,
    OP_EXECUTION_MODE = 16,
    OP_CAPABILITY = 17,
    OP_TYPE_VOID = 19,
    OP_TYPE_BOOL = 20,
    OP_TYPE_INT = 21,
    OP_TYPE_FLOAT = 22,
    OP_TYPE_VECTOR = 23,
    OP_TYPE_RUNTIME_ARRAY = 29,
    OP_TYPE_STRUCT = 30,
    OP_TYPE_POINTER = 32,
    OP_TYPE_FUNCTION = 33,
    OP_CONSTANT = 43,
    OP_FUNCTION = 54,
    OP_FUNCTION_END = 56,
    OP_VARIABLE = 59,
    OP_LOAD = 61,
    OP_STORE = 62,
    OP_ACCESS_CHAIN = 65,
    OP_DECORATE = 71,
    OP_MEMBER_DECORATE = 72,
    OP_COMPOSITE_EXTRACT = 81,
    OP_F_NEGATE = 127,
    OP_I_ADD = 128,
    OP_F_ADD = 129,
    OP_F_SUB = 131,
    OP_I_MUL = 132,
    OP_F_MUL = 133,
    OP_U_DIV = 134,
    OP_F_DIV = 136,
    OP_SELECT = 169,
    OP_U_LESS_THAN = 176,
    OP_F_UNORD_NOT_EQUAL = 183,
    OP_F_ORD_LESS_THAN = 184,
    OP_SELECTION_MERGE = 247,
    OP_LABEL = 248,
    OP_BRANCH = 249,
    OP_BRANCH_CONDITIONAL = 250,
    OP_RETURN = 253,
};

enum { STORAGE_INPUT = 1, STORAGE_PUSH_CONSTANT = 9, STORAGE_BUFFER = 12 };

enum {
    DECORATION_BLOCK = 2,
    DECORATION_ARRAY_STRIDE = 6,
    DECORATION_BUILTIN = 11,
    DECORATION_BINDING = 33,
    DECORATION_DESCRIPTOR_SET = 34,
    DECORATION_OFFSET = 35,
    DECORATION_NO_CONTRACTION = 42,
};

enum { GLSL_F_ABS = 4, GLSL_EXP = 27, GLSL_SQRT = 31, GLSL_F_MIN = 37, GLSL_F_MAX = 40 };

// The ids of what every such shader has. Others are handed out behind them.
enum {
    ID_NONE,
    ID_GLSL,
    ID_MAIN,
    ID_INVOCATION,
    ID_VOID,
    ID_FUNCTION,
    ID_BOOL,
    ID_FLOAT,
    ID_UINT,
    ID_UINT3,
    ID_POINTER_UINT3,
    ID_FLOATS,
    ID_BUFFER,
    ID_POINTER_BUFFER,
    ID_POINTER_ELEMENT,
    ID_PUSH,
    ID_POINTER_PUSH,
    ID_POINTER_PUSH_UINT,
    ID_POINTER_PUSH_FLOAT,
    ID_PUSH_CONSTANTS,
    ID_ZERO,
    ID_ONE,
    ID_MEMBER_0, // uint constants: numbers of members
    ID_TENSOR_0 = ID_MEMBER_0 + 3 + SFM_EXPR_MAX_SCALARS,
    ID_FREE = ID_TENSOR_0 + SFM_EXPR_MAX_TENSORS + 1,
};

#define MEMBER_COUNT      0
#define MEMBER_IMAGE_SIZE 1
#define MEMBER_ROW        2
#define MEMBER_SCALAR_0   3

typedef struct {
    const SfmExpr *expr;
    GArray *head, *decorations, *declarations, *code;
    uint32_t next_id;
} Module;

static void emit_words(GArray *section, uint32_t op, const uint32_t *words, uint32_t count)
{
    const uint32_t first = (count + 1) << 16 | op;
    g_array_append_val(section, first);
    g_array_append_vals(section, words, count);
}

#define EMIT(section, op, ...)                                 \
    emit_words(section, op, (const uint32_t[]){ __VA_ARGS__ }, \
               sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static uint32_t new_id(Module *m)
{
    return m->next_id++;
}

static uint32_t result_binding(const Module *m)
{
    return (uint32_t)m->expr->num_tensors;
}

static void emit_head(Module *m)
{
    const uint32_t shader = 1, logical = 0, glsl450 = 1, gl_compute = 5, local_size = 17;
    EMIT(m->head, OP_CAPABILITY, shader);

    // Strings are words of four characters, a zero at the end.
    uint32_t import[1 + 4] = { ID_GLSL };
    memcpy(&import[1], "GLSL.std.450", sizeof("GLSL.std.450"));
    emit_words(m->head, OP_EXT_INST_IMPORT, import, G_N_ELEMENTS(import));
    EMIT(m->head, OP_MEMORY_MODEL, logical, glsl450);

    uint32_t entry[5] = { gl_compute, ID_MAIN, 0, 0, ID_INVOCATION };
    memcpy(&entry[2], "main", sizeof("main"));
    emit_words(m->head, OP_ENTRY_POINT, entry, G_N_ELEMENTS(entry));
    EMIT(m->head, OP_EXECUTION_MODE, ID_MAIN, local_size, SFM_EXPR_GROUP_SIZE, 1, 1);
}

static void emit_types(Module *m)
{
    GArray *d = m->declarations;
    EMIT(d, OP_TYPE_VOID, ID_VOID);
    EMIT(d, OP_TYPE_FUNCTION, ID_FUNCTION, ID_VOID);
    EMIT(d, OP_TYPE_BOOL, ID_BOOL);
    EMIT(d, OP_TYPE_FLOAT, ID_FLOAT, 32);
    EMIT(d, OP_TYPE_INT, ID_UINT, 32, 0);
    EMIT(d, OP_TYPE_VECTOR, ID_UINT3, ID_UINT, 3);
    EMIT(d, OP_CONSTANT, ID_FLOAT, ID_ZERO, float_bits(0.0f));
    EMIT(d, OP_CONSTANT, ID_FLOAT, ID_ONE, float_bits(1.0f));
    for (uint32_t i = 0; i < MEMBER_SCALAR_0 + (uint32_t)m->expr->num_scalars; i++)
        EMIT(d, OP_CONSTANT, ID_UINT, ID_MEMBER_0 + i, i);
}

static void emit_invocation(Module *m)
{
    const uint32_t global_invocation_id = 28;
    EMIT(m->decorations, OP_DECORATE, ID_INVOCATION, DECORATION_BUILTIN, global_invocation_id);
    EMIT(m->declarations, OP_TYPE_POINTER, ID_POINTER_UINT3, STORAGE_INPUT, ID_UINT3);
    EMIT(m->declarations, OP_VARIABLE, ID_POINTER_UINT3, ID_INVOCATION, STORAGE_INPUT);
}

static void emit_buffers(Module *m)
{
    GArray *d = m->declarations;
    EMIT(m->decorations, OP_DECORATE, ID_FLOATS, DECORATION_ARRAY_STRIDE, sizeof(float));
    EMIT(m->decorations, OP_DECORATE, ID_BUFFER, DECORATION_BLOCK);
    EMIT(m->decorations, OP_MEMBER_DECORATE, ID_BUFFER, 0, DECORATION_OFFSET, 0);
    EMIT(d, OP_TYPE_RUNTIME_ARRAY, ID_FLOATS, ID_FLOAT);
    EMIT(d, OP_TYPE_STRUCT, ID_BUFFER, ID_FLOATS);
    EMIT(d, OP_TYPE_POINTER, ID_POINTER_BUFFER, STORAGE_BUFFER, ID_BUFFER);
    EMIT(d, OP_TYPE_POINTER, ID_POINTER_ELEMENT, STORAGE_BUFFER, ID_FLOAT);

    for (uint32_t i = 0; i <= result_binding(m); i++) {
        EMIT(m->decorations, OP_DECORATE, ID_TENSOR_0 + i, DECORATION_DESCRIPTOR_SET, 0);
        EMIT(m->decorations, OP_DECORATE, ID_TENSOR_0 + i, DECORATION_BINDING, i);
        EMIT(d, OP_VARIABLE, ID_POINTER_BUFFER, ID_TENSOR_0 + i, STORAGE_BUFFER);
    }
}

static void emit_push_constants(Module *m)
{
    GArray *d = m->declarations;
    const uint32_t num_members = MEMBER_SCALAR_0 + (uint32_t)m->expr->num_scalars;
    uint32_t push[1 + MEMBER_SCALAR_0 + SFM_EXPR_MAX_SCALARS] = { ID_PUSH };

    EMIT(m->decorations, OP_DECORATE, ID_PUSH, DECORATION_BLOCK);
    for (uint32_t i = 0; i < num_members; i++) {
        push[1 + i] = i < MEMBER_SCALAR_0 ? ID_UINT : ID_FLOAT;
        EMIT(m->decorations, OP_MEMBER_DECORATE, ID_PUSH, i, DECORATION_OFFSET, 4 * i);
    }
    emit_words(d, OP_TYPE_STRUCT, push, 1 + num_members);
    EMIT(d, OP_TYPE_POINTER, ID_POINTER_PUSH, STORAGE_PUSH_CONSTANT, ID_PUSH);
    EMIT(d, OP_TYPE_POINTER, ID_POINTER_PUSH_UINT, STORAGE_PUSH_CONSTANT, ID_UINT);
    EMIT(d, OP_TYPE_POINTER, ID_POINTER_PUSH_FLOAT, STORAGE_PUSH_CONSTANT, ID_FLOAT);
    EMIT(d, OP_VARIABLE, ID_POINTER_PUSH, ID_PUSH_CONSTANTS, STORAGE_PUSH_CONSTANT);
}

// An instruction with a result and two operands.
static uint32_t emit_binary(Module *m, uint32_t op, uint32_t type, uint32_t a, uint32_t b)
{
    const uint32_t id = new_id(m);
    EMIT(m->code, op, type, id, a, b);
    return id;
}

static uint32_t emit_load_push(Module *m, uint32_t member)
{
    const bool scalar = member >= MEMBER_SCALAR_0;
    const uint32_t pointer =
        emit_binary(m, OP_ACCESS_CHAIN, scalar ? ID_POINTER_PUSH_FLOAT : ID_POINTER_PUSH_UINT,
                    ID_PUSH_CONSTANTS, ID_MEMBER_0 + member);
    const uint32_t id = new_id(m);
    EMIT(m->code, OP_LOAD, scalar ? ID_FLOAT : ID_UINT, id, pointer);
    return id;
}

static uint32_t emit_element(Module *m, uint32_t binding, uint32_t index)
{
    const uint32_t pointer = new_id(m);
    EMIT(m->code, OP_ACCESS_CHAIN, ID_POINTER_ELEMENT, pointer, ID_TENSOR_0 + binding, ID_MEMBER_0,
         index);
    return pointer;
}

static uint32_t emit_load_element(Module *m, uint32_t binding, uint32_t index)
{
    const uint32_t pointer = emit_element(m, binding, index);
    const uint32_t id = new_id(m);
    EMIT(m->code, OP_LOAD, ID_FLOAT, id, pointer);
    return id;
}

// Sums and products are rounded one by one, as the CPU does it, where a compiler
// would like to fuse them.
static uint32_t emit_exact(Module *m, uint32_t op, uint32_t a, uint32_t b)
{
    const uint32_t id = emit_binary(m, op, ID_FLOAT, a, b);
    EMIT(m->decorations, OP_DECORATE, id, DECORATION_NO_CONTRACTION);
    return id;
}

static uint32_t emit_glsl(Module *m, uint32_t function, uint32_t a, uint32_t b)
{
    const uint32_t id = new_id(m);
    if (b == ID_NONE)
        EMIT(m->code, OP_EXT_INST, ID_FLOAT, id, ID_GLSL, function, a);
    else
        EMIT(m->code, OP_EXT_INST, ID_FLOAT, id, ID_GLSL, function, a, b);
    return id;
}

static uint32_t emit_select(Module *m, uint32_t condition, uint32_t yes, uint32_t no)
{
    const uint32_t id = new_id(m);
    EMIT(m->code, OP_SELECT, ID_FLOAT, id, condition, yes, no);
    return id;
}

static uint32_t emit_negate(Module *m, uint32_t a)
{
    const uint32_t id = new_id(m);
    EMIT(m->code, OP_F_NEGATE, ID_FLOAT, id, a);
    return id;
}

// A node that is not a leaf; a, b, c are the ids of its operands.
static uint32_t emit_operation(Module *m, SfmExprKind kind, uint32_t a, uint32_t b, uint32_t c)
{
    switch (kind) {
    case SFM_EXPR_ADD:
        return emit_exact(m, OP_F_ADD, a, b);
    case SFM_EXPR_SUB:
        return emit_exact(m, OP_F_SUB, a, b);
    case SFM_EXPR_MUL:
        return emit_exact(m, OP_F_MUL, a, b);
    case SFM_EXPR_DIV:
        return emit_exact(m, OP_F_DIV, a, b);
    case SFM_EXPR_MIN:
        return emit_glsl(m, GLSL_F_MIN, a, b);
    case SFM_EXPR_MAX:
        return emit_glsl(m, GLSL_F_MAX, a, b);
    case SFM_EXPR_NEG:
        return emit_negate(m, a);
    case SFM_EXPR_ABS:
        return emit_glsl(m, GLSL_F_ABS, a, ID_NONE);
    case SFM_EXPR_SQRT:
        return emit_glsl(m, GLSL_SQRT, a, ID_NONE);
    case SFM_EXPR_EXP:
        return emit_glsl(m, GLSL_EXP, a, ID_NONE);
    case SFM_EXPR_LESS:
        return emit_select(m, emit_binary(m, OP_F_ORD_LESS_THAN, ID_BOOL, a, b), ID_ONE, ID_ZERO);
    case SFM_EXPR_SELECT:
        return emit_select(m, emit_binary(m, OP_F_UNORD_NOT_EQUAL, ID_BOOL, a, ID_ZERO), b, c);
    default:
        g_assert_not_reached(); // leaves, and what sfm_expr_valid() refuses
    }
}

// All nodes, for element `index`; the id of the last.
static uint32_t emit_nodes(Module *m, uint32_t index)
{
    uint32_t id[SFM_EXPR_MAX_NODES] = { 0 };
    uint32_t image = ID_NONE; // computed once it is asked for

    for (int i = 0; i < m->expr->num_nodes; i++) {
        const SfmExprNode *node = &m->expr->node[i];
        const int arity = sfm_expr_arity(node->kind);
        if (node->kind == SFM_EXPR_PER_IMAGE && image == ID_NONE)
            image = emit_binary(m, OP_U_DIV, ID_UINT, index, emit_load_push(m, MEMBER_IMAGE_SIZE));

        if (node->kind == SFM_EXPR_TENSOR)
            id[i] = emit_load_element(m, node->a, index);
        else if (node->kind == SFM_EXPR_PER_IMAGE)
            id[i] = emit_load_element(m, node->a, image);
        else if (node->kind == SFM_EXPR_SCALAR)
            id[i] = emit_load_push(m, MEMBER_SCALAR_0 + node->a);
        else
            id[i] = emit_operation(m, node->kind, id[node->a], arity > 1 ? id[node->b] : ID_NONE,
                                   arity > 2 ? id[node->c] : ID_NONE);
    }
    return id[m->expr->num_nodes - 1];
}

static uint32_t emit_index(Module *m)
{
    const uint32_t invocation = new_id(m), x = new_id(m), y = new_id(m);
    EMIT(m->code, OP_LOAD, ID_UINT3, invocation, ID_INVOCATION);
    EMIT(m->code, OP_COMPOSITE_EXTRACT, ID_UINT, x, invocation, 0);
    EMIT(m->code, OP_COMPOSITE_EXTRACT, ID_UINT, y, invocation, 1);
    const uint32_t rows = emit_binary(m, OP_I_MUL, ID_UINT, y, emit_load_push(m, MEMBER_ROW));
    return emit_binary(m, OP_I_ADD, ID_UINT, rows, x);
}

static void emit_main(Module *m)
{
    const uint32_t begin = new_id(m), inside = new_id(m), end = new_id(m);
    EMIT(m->code, OP_FUNCTION, ID_VOID, ID_MAIN, 0, ID_FUNCTION);
    EMIT(m->code, OP_LABEL, begin);
    const uint32_t index = emit_index(m);
    const uint32_t is_inside =
        emit_binary(m, OP_U_LESS_THAN, ID_BOOL, index, emit_load_push(m, MEMBER_COUNT));
    EMIT(m->code, OP_SELECTION_MERGE, end, 0);
    EMIT(m->code, OP_BRANCH_CONDITIONAL, is_inside, inside, end);

    EMIT(m->code, OP_LABEL, inside);
    const uint32_t value = emit_nodes(m, index);
    const uint32_t element = emit_element(m, result_binding(m), index);
    EMIT(m->code, OP_STORE, element, value);
    EMIT(m->code, OP_BRANCH, end);

    EMIT(m->code, OP_LABEL, end);
    emit_words(m->code, OP_RETURN, NULL, 0);
    emit_words(m->code, OP_FUNCTION_END, NULL, 0);
}

static void move_words(GArray *to, GArray *from)
{
    g_array_append_vals(to, from->data, from->len);
    g_array_unref(from);
}

static GArray *words_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

GArray *sfm_expr_spirv(const SfmExpr *expr)
{
    Module m = { expr, words_new(), words_new(), words_new(), words_new(), ID_FREE };
    emit_head(&m);
    emit_types(&m);
    emit_invocation(&m);
    emit_buffers(&m);
    emit_push_constants(&m);
    emit_main(&m);

    const uint32_t magic = 0x07230203, version = 0x00010300, generator = 0, schema = 0;
    const uint32_t header[] = { magic, version, generator, m.next_id, schema };
    GArray *words = words_new();
    g_array_append_vals(words, header, G_N_ELEMENTS(header));
    move_words(words, m.head);
    move_words(words, m.decorations);
    move_words(words, m.declarations);
    move_words(words, m.code);
    return words;
}
