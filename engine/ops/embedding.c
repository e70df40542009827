// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of a table.
//
//     index [N, 1, 1, 1], table [R, D, 1, 1]  ->  y [N, D, 1, 1]
//     y[n] = table[index[n]]
//
// An index is a whole number, as a float: so a table has at most 2^24 rows. One
// out of range means the nearest row, a NaN the first: nothing is ever read
// outside of the table.

#include "ops/embedding.h"

#include <string.h>

#include "graph/op.h"
#include "ops/expect.h"
#include "params/embedding.h"

#define MAX_ROWS (1u << 24)

static bool infer(SfmCall *call, GError **error)
{
    const uint32_t num = call->in[0].dim[0];
    const uint32_t rows = call->in[1].dim[0], width = call->in[1].dim[1];

    if (!sfm_expect_shape(call, 0, "index", SFM_SHAPE(num, 1, 1, 1), error) ||
        !sfm_expect_shape(call, 1, "table", SFM_SHAPE(rows, width, 1, 1), error))
        return false;
    if (rows == 0 || rows > MAX_ROWS)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "embedding: the table has %u rows, not 1 to %u",
                        rows, MAX_ROWS);
    call->out[0] = SFM_SHAPE(num, width, 1, 1);
    return true;
}

static size_t row_of(float index, uint32_t rows)
{
    if (!(index > 0.0f))
        return 0;
    return index < (float)(rows - 1) ? (size_t)index : rows - 1;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const uint32_t rows = call->in[1].dim[0], width = call->in[1].dim[1];

    for (size_t n = 0; n < call->in[0].dim[0]; n++)
        memcpy(out[0] + n * width, in[1] + row_of(in[0][n], rows) * width, width * sizeof(float));
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct EmbeddingParams p = {
        .count = (uint32_t)sfm_shape_count(call->out[0]),
        .rows = call->in[1].dim[0],
        .width = call->in[1].dim[1],
    };

    sfm_launch_count(l, p.count, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    call->num_inputs = 2;
    call->in[0] = SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 10), 1, 1, 1);
    call->in[1] = SFM_SHAPE((uint32_t)g_rand_int_range(rand, 1, 30),
                            (uint32_t)g_rand_int_range(rand, 1, 40), 1, 1);
}

static void fill(GRand *rand, const SfmCall *call, int i, float *data)
{
    const size_t count = sfm_shape_count(call->in[i]);
    const int32_t rows = (int32_t)call->in[1].dim[0];

    for (size_t k = 0; k < count; k++) // an index may lie a little out of range
        data[k] = (float)(i == 0 ? g_rand_int_range(rand, -2, rows + 2)
                                 : g_rand_double_range(rand, -1.0, 1.0));
}

const SfmOp sfm_op_embedding = {
    .name = "embedding",
    .min_inputs = 2,
    .max_inputs = 2,
    .num_outputs = 1,
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .sample = sample,
    .fill = fill,
};
