// SPDX-License-Identifier: GPL-3.0-or-later
// What must stay true: a term of the present run fits in one kernel; and which
// kernel does not depend on the numbers in it, so that step 2 runs the pipeline
// of step 1.
#include "script/term.h"

// An expression that is being written down.
typedef struct {
    SfmExpr expr;
    bool per_image;                          // of the whole
    const SfmTerm *term[SFM_EXPR_MAX_NODES]; // that each node stands for
    const SfmSlot *slot[SFM_EXPR_MAX_TENSORS];
    SfmBuffer *in[SFM_EXPR_MAX_TENSORS];
    float scalar[SFM_EXPR_MAX_SCALARS];
} Draft;

static int add_node(Draft *draft, const SfmTerm *term, SfmExprKind kind, const int operand[])
{
    SfmExpr *expr = &draft->expr;
    if (expr->num_nodes == SFM_EXPR_MAX_NODES)
        return -1;
    expr->node[expr->num_nodes] = (SfmExprNode){
        .kind = (uint8_t)kind,
        .a = (uint8_t)operand[0],
        .b = (uint8_t)operand[1],
        .c = (uint8_t)operand[2],
    };
    draft->term[expr->num_nodes] = term;
    return expr->num_nodes++;
}

static int add_number(Draft *draft, const SfmTerm *term)
{
    SfmExpr *expr = &draft->expr;
    if (expr->num_scalars == SFM_EXPR_MAX_SCALARS)
        return -1;
    draft->scalar[expr->num_scalars] = term->number;
    return add_node(draft, term, SFM_EXPR_SCALAR, (int[3]){ expr->num_scalars++ });
}

static int add_buffer(Draft *draft, const SfmTerm *term)
{
    SfmExpr *expr = &draft->expr;
    int i = 0;
    while (i < expr->num_tensors && draft->slot[i] != term->slot)
        i++;
    if (i == SFM_EXPR_MAX_TENSORS)
        return -1;
    if (i == expr->num_tensors) {
        draft->slot[i] = term->slot;
        draft->in[i] = term->slot->buffer;
        expr->num_tensors++;
    }
    const bool one_of_many = term->per_image && !draft->per_image;
    return add_node(draft, term, one_of_many ? SFM_EXPR_PER_IMAGE : SFM_EXPR_TENSOR, (int[3]){ i });
}

// Returns the term's node, -1 if there is no room. What is shared is written once.
static int add_term(Draft *draft, const SfmTerm *term)
{
    for (int i = 0; i < draft->expr.num_nodes; i++) {
        if (draft->term[i] == term)
            return i;
    }
    if (term->kind == SFM_EXPR_SCALAR)
        return add_number(draft, term);
    if (term->kind == SFM_EXPR_TENSOR)
        return add_buffer(draft, term);
    int operand[3] = { 0 };
    for (int i = 0; i < 3 && term->operand[i]; i++) {
        operand[i] = add_term(draft, term->operand[i]);
        if (operand[i] < 0)
            return -1;
    }
    return add_node(draft, term, term->kind, operand);
}

static bool write_draft(Draft *draft, const SfmTerm *term, bool per_image)
{
    *draft = (Draft){ .per_image = per_image };
    return add_term(draft, term) >= 0;
}

static SfmTerm *new_term(SfmPool *pool, SfmExprKind kind)
{
    SfmTerm *term = g_new0(SfmTerm, 1);
    term->refs = 1;
    term->kind = kind;
    term->next = pool->terms;
    if (pool->terms)
        pool->terms->previous = term;
    pool->terms = term;
    return term;
}

static void free_term(SfmPool *pool, SfmTerm *term)
{
    if (term->next)
        term->next->previous = term->previous;
    if (term->previous)
        term->previous->next = term->next;
    else
        pool->terms = term->next;
    g_free(term);
}

void sfm_terms_clear(SfmPool *pool)
{
    while (pool->terms)
        free_term(pool, pool->terms);
}

SfmTerm *sfm_term_new_number(SfmPool *pool, double number)
{
    SfmTerm *term = new_term(pool, SFM_EXPR_SCALAR);
    term->number = (float)number;
    term->per_image = true;
    return term;
}

SfmTerm *sfm_term_new_buffer(SfmPool *pool, SfmSlot *slot, bool per_image)
{
    SfmTerm *term = new_term(pool, SFM_EXPR_TENSOR);
    term->run = pool->run;
    term->slot = slot;
    term->per_image = per_image;
    return term;
}

SfmTerm *sfm_term_ref(SfmTerm *term)
{
    term->refs++;
    return term;
}

// Gives up what the term stands for.
static void drop(SfmPool *pool, SfmTerm *term)
{
    if (term->slot && sfm_term_alive(pool, term))
        term->slot->refs--;
    term->slot = NULL;
    for (int i = 0; i < 3; i++) {
        sfm_term_unref(pool, term->operand[i]);
        term->operand[i] = NULL;
    }
}

void sfm_term_unref(SfmPool *pool, SfmTerm *term)
{
    if (!term || --term->refs > 0)
        return;
    drop(pool, term);
    free_term(pool, term);
}

bool sfm_term_alive(const SfmPool *pool, const SfmTerm *term)
{
    return term->kind == SFM_EXPR_SCALAR || (pool->runner && term->run == pool->run);
}

static bool is_single(SfmShape shape)
{
    return sfm_shape_equal(shape, SFM_SHAPE(shape.dim[0], 1, 1, 1));
}

bool sfm_term_write(SfmPool *pool, const SfmTerm *term, SfmBuffer *out, GError **error)
{
    Draft draft;
    const bool fits = write_draft(&draft, term, term->per_image && is_single(out->shape));
    g_assert(fits);
    pool->num_kernels++;
    return sfm_cancel_check(pool->cancel, error) &&
           sfm_pool_take_kernel(pool, &draft.expr, error) &&
           sfm_runner_eval(pool->runner, &draft.expr, draft.scalar, draft.in, out, error);
}

SfmBuffer *sfm_term_settle(SfmPool *pool, SfmTerm *term, GError **error)
{
    if (term->kind == SFM_EXPR_TENSOR)
        return term->slot->buffer;
    SfmSlot *slot = sfm_pool_take(pool, term->per_image, error);
    if (!slot)
        return NULL;
    if (!sfm_term_write(pool, term, slot->buffer, error)) {
        slot->refs--;
        return NULL;
    }
    drop(pool, term);
    term->kind = SFM_EXPR_TENSOR;
    term->run = pool->run;
    term->slot = slot;
    return slot->buffer;
}

// The operand that takes the most nodes to write down.
static SfmTerm *largest_operand(const SfmTerm *term)
{
    SfmTerm *largest = NULL;
    int most = 1; // a leaf cannot get smaller
    for (int i = 0; i < 3 && term->operand[i]; i++) {
        Draft draft;
        write_draft(&draft, term->operand[i], false);
        if (draft.expr.num_nodes > most) {
            most = draft.expr.num_nodes;
            largest = term->operand[i];
        }
    }
    return largest;
}

// Runs operands until the rest fits in one kernel: three buffers always do.
static bool make_fit(SfmPool *pool, SfmTerm *term, GError **error)
{
    Draft draft;
    while (!write_draft(&draft, term, false)) {
        if (!sfm_term_settle(pool, largest_operand(term), error))
            return false;
    }
    return true;
}

SfmTerm *sfm_term_new(SfmPool *pool, SfmExprKind kind, SfmTerm *a, SfmTerm *b, SfmTerm *c,
                      GError **error)
{
    SfmTerm *term = new_term(pool, kind);
    SfmTerm *const operand[3] = { a, b, c };
    term->run = pool->run;
    term->per_image = true;
    for (int i = 0; i < 3 && operand[i]; i++) {
        term->operand[i] = sfm_term_ref(operand[i]);
        term->per_image &= operand[i]->per_image;
    }
    if (make_fit(pool, term, error))
        return term;
    sfm_term_unref(pool, term);
    return NULL;
}
