// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scaled dot-product attention over pixels (Vaswani et al., arXiv:1706.03762,
// equation 1), in `heads` heads of head_dim = D / heads channels.
//
//     q [N, D, H, W], k [N, D, KH, KW], v [N, D, KH, KW]  ->  y [N, D, H, W]
//     s_j = sum over d of q_d k_dj / sqrt(head_dim)    for each key pixel j
//     y_d = sum over j of exp(s_j) v_dj / sum over j of exp(s_j)
//
// for each query pixel of each head of each image. Channel head * head_dim + d
// is d of that head: a head's planes lie side by side.

#include "ops/attention.h"

#include <math.h>

#include "graph/op.h"
#include "ops/expect.h"
#include "params/attention.h"

static struct AttentionParams params(const SfmCall *call)
{
    const SfmAttention *a = call->attrs;
    const uint32_t *q = call->in[0].dim, *k = call->in[1].dim;
    const uint32_t head_dim = q[1] / a->heads;

    return (struct AttentionParams){
        .count = q[0] * a->heads * q[2] * q[3],
        .queries = q[2] * q[3],
        .keys = k[2] * k[3],
        .head_dim = head_dim,
        .scale = (float)(1.0 / sqrt(head_dim)),
    };
}

static bool infer(SfmCall *call, GError **error)
{
    const SfmAttention *a = call->attrs;
    const uint32_t *q = call->in[0].dim, *k = call->in[1].dim;

    if (a->heads == 0 || q[1] % a->heads != 0)
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE, "attention: %u channels, %u heads", q[1],
                        a->heads);
    if (k[0] != q[0] || k[1] != q[1])
        return sfm_fail(error, SFM_ERROR_BAD_SHAPE,
                        "attention: keys are [%u, %u, ...], queries [%u, %u, ...]", k[0], k[1],
                        q[0], q[1]);
    if (!sfm_expect_shape(call, 2, "v", call->in[1], error))
        return false;

    call->out[0] = call->in[0];
    return true;
}

// Softmax of the scores of query i into `weight` [keys]; its logarithms' maximum
// is taken off first, so that exp() cannot overflow.
static void attend(const struct AttentionParams *p, double *weight, const float *q, const float *k,
                   size_t i)
{
    const double scale = 1.0 / sqrt(p->head_dim);

    double highest = -INFINITY;
    for (size_t j = 0; j < p->keys; j++) {
        double score = 0.0;
        for (size_t d = 0; d < p->head_dim; d++)
            score += (double)q[d * p->queries + i] * k[d * p->keys + j];
        weight[j] = score * scale;
        highest = fmax(highest, weight[j]);
    }

    double sum = 0.0;
    for (size_t j = 0; j < p->keys; j++) {
        weight[j] = exp(weight[j] - highest);
        sum += weight[j];
    }
    for (size_t j = 0; j < p->keys; j++)
        weight[j] /= sum;
}

static void attend_head(const struct AttentionParams *p, double *weight, float *y, const float *q,
                        const float *k, const float *v)
{
    for (size_t i = 0; i < p->queries; i++) {
        attend(p, weight, q, k, i);
        for (size_t d = 0; d < p->head_dim; d++) {
            double sum = 0.0;
            for (size_t j = 0; j < p->keys; j++)
                sum += weight[j] * v[d * p->keys + j];
            y[d * p->queries + i] = (float)sum;
        }
    }
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const struct AttentionParams p = params(call);
    const size_t heads = (size_t)call->in[0].dim[0] * ((const SfmAttention *)call->attrs)->heads;
    const size_t query_size = (size_t)p.head_dim * p.queries;
    const size_t key_size = (size_t)p.head_dim * p.keys;
    g_autofree double *weight = g_new(double, p.keys);

    for (size_t h = 0; h < heads; h++)
        attend_head(&p, weight, out[0] + h * query_size, in[0] + h * query_size,
                    in[1] + h * key_size, in[2] + h * key_size);
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const struct AttentionParams p = params(call);

    sfm_launch_count(l, p.count, 1); // a workgroup a query
    sfm_launch_push(l, &p, sizeof(p));
}

static double flop(const SfmCall *call)
{
    const uint32_t *q = call->in[0].dim, *k = call->in[1].dim;

    return 4.0 * q[0] * q[1] * ((double)q[2] * q[3]) * ((double)k[2] * k[3]);
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    const uint32_t heads = g_rand_int_range(rand, 1, 5);
    const uint32_t images = g_rand_int_range(rand, 1, 4);
    const uint32_t channels = heads * g_rand_int_range(rand, 1, 24);

    *(SfmAttention *)attrs = (SfmAttention){ .heads = heads };
    call->num_inputs = 3;
    call->in[0] =
        SFM_SHAPE(images, channels, g_rand_int_range(rand, 1, 9), g_rand_int_range(rand, 1, 9));
    call->in[1] = g_rand_boolean(rand) ? call->in[0]
                                       : SFM_SHAPE(images, channels, g_rand_int_range(rand, 1, 16),
                                                   g_rand_int_range(rand, 1, 16));
    call->in[2] = call->in[1];
}

const SfmOp sfm_op_attention = {
    .name = "attention",
    .min_inputs = 3,
    .max_inputs = 3,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmAttention),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
