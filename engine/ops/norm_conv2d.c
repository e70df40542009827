// SPDX-License-Identifier: GPL-3.0-or-later
//
// A group norm and the convolution that alone reads it, as one call: engine/ops/group_norm.c
// and engine/ops/conv2d.c say what it means. What lies outside the image is zero, and not
// what the norm would make of zero.
//
//     x [N, C, H, W], weight [O, C, K, K], bias [1, O, 1, 1], gamma [1, C, 1, 1],
//     beta [1, C, 1, 1], perhaps an addend  ->  y = conv2d(group_norm(x))
//
// It is in no list of ops, and has no plain shader: plans make it, and only where their
// target has a kernel that runs it.

#include "ops/norm_conv2d.h"

#include <glib.h>

#define ADDEND 5

int sfm_norm_conv2d_input(int i)
{
    return i < 3 ? i : ADDEND;
}

SfmCall sfm_norm_conv2d_norm(const SfmCall *call)
{
    const SfmNormConv2d *a = call->attrs;
    return (SfmCall){
        .op = sfm_op_find("group_norm"),
        .attrs = &a->norm,
        .num_inputs = 3,
        .in = { call->in[0], call->in[3], call->in[4] },
        .out = { call->in[0] },
    };
}

SfmCall sfm_norm_conv2d_conv(const SfmCall *call)
{
    const SfmNormConv2d *a = call->attrs;
    return (SfmCall){
        .op = sfm_op_find("conv2d"),
        .attrs = &a->conv,
        .num_inputs = call->num_inputs > ADDEND ? 4 : 3,
        .in = { call->in[0], call->in[1], call->in[2], call->in[ADDEND] },
        .out = { call->out[0] },
    };
}

static bool infer(SfmCall *call, GError **error)
{
    SfmCall norm = sfm_norm_conv2d_norm(call), conv = sfm_norm_conv2d_conv(call);

    if (!norm.op->infer(&norm, error) || !conv.op->infer(&conv, error))
        return false;
    call->out[0] = conv.out[0];
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const SfmCall norm = sfm_norm_conv2d_norm(call), conv = sfm_norm_conv2d_conv(call);
    g_autofree float *x = g_new(float, sfm_shape_count(call->in[0]));
    const float *const of_norm[] = { in[0], in[3], in[4] };
    const float *const of_conv[] = { x, in[1], in[2], in[ADDEND] };

    norm.op->reference(&norm, &x, of_norm);
    conv.op->reference(&conv, out, of_conv);
}

static double flop(const SfmCall *call)
{
    const SfmCall norm = sfm_norm_conv2d_norm(call), conv = sfm_norm_conv2d_conv(call);
    return sfm_call_cost(&norm).flop + sfm_call_cost(&conv).flop;
}

const SfmOp sfm_op_norm_conv2d = {
    .name = "norm_conv2d",
    .min_inputs = 5,
    .max_inputs = 6,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmNormConv2d),
    .infer = infer,
    .reference = reference,
    .flop = flop,
};
