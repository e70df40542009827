// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_TERM_H
#define SFM_SCRIPT_TERM_H

#include "script/pool.h"

// What a tensor of a script stands for: a buffer, a number, or an operation that
// nobody has needed the result of yet. A value: it never changes, though what is
// computed once is kept. Shared, and counted.
struct SfmTerm {
    int refs;
    unsigned run;     // of the pool that its buffers are in
    SfmExprKind kind; // SFM_EXPR_TENSOR: a buffer; SFM_EXPR_SCALAR: a number; else an operation
    bool per_image;   // [N, 1, 1, 1]; a number is that too
    SfmSlot *slot;    // of a buffer; one count is the term's
    float number;     // of a number
    SfmTerm *operand[3];
    SfmTerm *previous, *next; // of the pool's terms
};

SfmTerm *sfm_term_new_number(SfmPool *pool, double number);

// Takes over one count on `slot`.
SfmTerm *sfm_term_new_buffer(SfmPool *pool, SfmSlot *slot, bool per_image);

// kind(a, b, c); operands that the kind does not have are NULL. Runs part of
// what they stand for where the whole would not fit in one kernel. NULL, with
// `error` set, if that fails.
SfmTerm *sfm_term_new(SfmPool *pool, SfmExprKind kind, SfmTerm *a, SfmTerm *b, SfmTerm *c,
                      GError **error);

SfmTerm *sfm_term_ref(SfmTerm *term);

// Gives up one count. NULL is a no-op.
void sfm_term_unref(SfmPool *pool, SfmTerm *term);

// Frees all terms, whoever counts on them: Lua gives a finalizer up that it has no
// room on its stack to call.
void sfm_terms_clear(SfmPool *pool);

// Whether the term's buffers are those of the present run.
bool sfm_term_alive(const SfmPool *pool, const SfmTerm *term);

// Computes the term in one kernel, into a buffer of its shape, or of x's shape,
// over which one value an image is spread.
bool sfm_term_write(SfmPool *pool, const SfmTerm *term, SfmBuffer *out, GError **error);

// Makes the term one with a buffer, computing it if it is not. NULL, with
// `error` set, if that fails. The buffer is the term's.
SfmBuffer *sfm_term_settle(SfmPool *pool, SfmTerm *term, GError **error);

#endif
