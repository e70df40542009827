// SPDX-License-Identifier: GPL-3.0-or-later
#include "nets/layers.h"

#include "ops/add.h"
#include "ops/attention.h"
#include "ops/conv2d.h"
#include "ops/group_norm.h"
#include "ops/linear.h"
#include "ops/scale_shift.h"

SfmValue sfm_layer_op(SfmGraph *graph, const char *op, const void *attrs, int num_inputs,
                      const SfmValue in[])
{
    const SfmOp *found = sfm_op_find(op);
    g_assert(found);
    return sfm_graph_call(graph, found, attrs, num_inputs, in);
}

SfmValue sfm_layer_map(SfmGraph *graph, const char *op, const void *attrs, SfmValue x)
{
    return sfm_layer_op(graph, op, attrs, 1, &x);
}

SfmValue sfm_layer_add(SfmGraph *graph, SfmValue a, SfmValue b, double scale)
{
    const SfmAdd attrs = { .scale = (float)scale };
    return sfm_layer_op(graph, "add", &attrs, 2, (const SfmValue[]){ a, b });
}

static SfmValue weight(SfmGraph *graph, const char *name, const char *part, SfmShape shape)
{
    g_autofree char *full = g_strdup_printf("%s.%s", name, part);
    return sfm_graph_weight(graph, full, shape);
}

// An op of three inputs: x, NAME.weight, NAME.bias.
static SfmValue weighted(SfmGraph *graph, const char *op, const void *attrs, const char *name,
                         SfmValue x, SfmShape weight_shape, SfmShape bias_shape)
{
    const SfmValue in[] = {
        x,
        weight(graph, name, "weight", weight_shape),
        weight(graph, name, "bias", bias_shape),
    };
    const SfmValue y = sfm_layer_op(graph, op, attrs, 3, in);
    sfm_graph_where(graph, name);
    return y;
}

SfmValue sfm_layer_conv(SfmGraph *graph, const char *name, SfmValue x, uint32_t out_channels,
                        SfmConvKind kind, SfmWrap wrap)
{
    static const SfmConv2d kinds[] = {
        [SFM_CONV_1X1] = { .kernel = 1, .stride = 1 },
        [SFM_CONV_3X3] = { .kernel = 3, .stride = 1, 1, 1, 1, 1 },
        [SFM_CONV_3X3_HALF] = { .kernel = 3, .stride = 2, 1, 1, 1, 1 },
        [SFM_CONV_3X3_HALF_END] = { .kernel = 3, .stride = 2, .bottom = 1, .right = 1 },
    };
    SfmConv2d attrs = kinds[kind];
    attrs.wrap = wrap;
    const uint32_t k = attrs.kernel;
    const uint32_t in_channels = sfm_graph_shape(graph, x).dim[1];

    return weighted(graph, "conv2d", &attrs, name, x, SFM_SHAPE(out_channels, in_channels, k, k),
                    SFM_SHAPE(1, out_channels, 1, 1));
}

SfmValue sfm_layer_linear(SfmGraph *graph, const char *name, SfmValue x, uint32_t width)
{
    static const SfmLinear no_activation = { SFM_ACTIVATION_NONE };
    const uint32_t in_width = sfm_graph_shape(graph, x).dim[1];
    return weighted(graph, "linear", &no_activation, name, x, SFM_SHAPE(width, in_width, 1, 1),
                    SFM_SHAPE(1, width, 1, 1));
}

SfmValue sfm_layer_norm(SfmGraph *graph, const char *name, SfmValue x, uint32_t groups, double eps,
                        SfmActivationKind act)
{
    const SfmGroupNorm attrs = { .groups = groups, .eps = (float)eps, .act = act };
    const SfmShape per_channel = SFM_SHAPE(1, sfm_graph_shape(graph, x).dim[1], 1, 1);
    return weighted(graph, "group_norm", &attrs, name, x, per_channel, per_channel);
}

SfmValue sfm_layer_resample(SfmGraph *graph, SfmResample how, SfmValue x, SfmWrap wrap)
{
    static const struct {
        const char *op;
        bool looks_beyond; // the edge
    } ways[] = {
        [SFM_RESAMPLE_POOL] = { "avg_pool", false },
        [SFM_RESAMPLE_NEAREST] = { "upsample_nearest", false },
        [SFM_RESAMPLE_FIR_DOWN] = { "fir_down", true },
        [SFM_RESAMPLE_FIR_UP] = { "fir_up", true },
    };
    if (how == SFM_RESAMPLE_NONE)
        return x;
    return sfm_layer_map(graph, ways[how].op, ways[how].looks_beyond ? &wrap : NULL, x);
}

// The second half of a residual block's branch: time embedding, norm, act.
static SfmValue add_time(SfmGraph *graph, const char *name, SfmValue h, const SfmResnet *r)
{
    g_autofree char *proj = g_strdup_printf("%s.time_emb_proj", name);
    g_autofree char *norm2 = g_strdup_printf("%s.norm2", name);
    const uint32_t width = r->out_channels * (r->scale_shift ? 2 : 1);
    const SfmValue time = sfm_layer_linear(graph, proj, r->time, width);

    if (r->scale_shift) {
        const SfmScaleShift attrs = { .act = r->act };
        h = sfm_layer_norm(graph, norm2, h, r->groups_out, r->eps, SFM_ACTIVATION_NONE);
        return sfm_layer_op(graph, "scale_shift", &attrs, 2, (const SfmValue[]){ h, time });
    }
    h = sfm_layer_op(graph, "add_channels", NULL, 2, (const SfmValue[]){ h, time });
    return sfm_layer_norm(graph, norm2, h, r->groups_out, r->eps, r->act);
}

SfmValue sfm_layer_resnet(SfmGraph *graph, const char *name, SfmValue x, const SfmResnet *r)
{
    g_autofree char *norm1 = g_strdup_printf("%s.norm1", name);
    g_autofree char *conv1 = g_strdup_printf("%s.conv1", name);
    g_autofree char *conv2 = g_strdup_printf("%s.conv2", name);
    g_autofree char *conv_shortcut = g_strdup_printf("%s.conv_shortcut", name);

    SfmValue h = sfm_layer_norm(graph, norm1, x, r->groups, r->eps, r->act);
    h = sfm_layer_resample(graph, r->resample, h, r->wrap);
    x = sfm_layer_resample(graph, r->resample, x, r->wrap);
    h = sfm_layer_conv(graph, conv1, h, r->out_channels, SFM_CONV_3X3, r->wrap);
    h = add_time(graph, name, h, r);
    h = sfm_layer_conv(graph, conv2, h, r->out_channels, SFM_CONV_3X3, r->wrap);

    if (r->shortcut || sfm_graph_shape(graph, x).dim[1] != r->out_channels)
        x = sfm_layer_conv(graph, conv_shortcut, x, r->out_channels, SFM_CONV_1X1, r->wrap);
    return sfm_layer_add(graph, x, h, r->scale);
}

static SfmValue project(SfmGraph *graph, const char *name, const char *part, SfmValue x,
                        uint32_t width)
{
    g_autofree char *full = g_strdup_printf("%s.%s", name, part);
    return sfm_layer_conv(graph, full, x, width, SFM_CONV_1X1, (SfmWrap){ 0 });
}

SfmValue sfm_layer_attention(SfmGraph *graph, const char *name, SfmValue x,
                             const SfmSelfAttention *a)
{
    g_autofree char *norm = g_strdup_printf("%s.group_norm", name);
    const uint32_t channels = sfm_graph_shape(graph, x).dim[1];
    const uint32_t head_dim = a->head_dim ? a->head_dim : channels;
    const SfmAttention attrs = { .heads = channels / MAX(head_dim, 1) };
    const uint32_t inner = attrs.heads * head_dim; // less than channels where it does not divide

    SfmValue h = x;
    if (a->groups)
        h = sfm_layer_norm(graph, norm, h, a->groups, a->eps, SFM_ACTIVATION_NONE);
    const SfmValue qkv[] = {
        project(graph, name, "to_q", h, inner),
        project(graph, name, "to_k", h, inner),
        project(graph, name, "to_v", h, inner),
    };
    h = sfm_layer_op(graph, "attention", &attrs, 3, qkv);
    h = project(graph, name, "to_out.0", h, channels);
    return sfm_layer_add(graph, x, h, a->scale);
}
