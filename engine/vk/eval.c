// SPDX-License-Identifier: GPL-3.0-or-later
#include "vk/eval.h"

#include <string.h>

#include "vk/expr_spirv.h"
#include "vk/state.h"

// Tensors and scalars are told apart by slots, not by what is in them: so the
// counts and the nodes are all that a shader depends on. The first byte, a count
// of at most 8, keeps the key apart from those of the embedded shaders, which
// are names.
static GBytes *key_of(const SfmExpr *expr)
{
    const uint8_t counts[] = { (uint8_t)expr->num_tensors, (uint8_t)expr->num_scalars };
    g_autoptr(GByteArray) key = g_byte_array_new();
    g_byte_array_append(key, counts, sizeof(counts));
    g_byte_array_append(key, (const guint8 *)expr->node,
                        (guint)((size_t)expr->num_nodes * sizeof(expr->node[0])));
    return g_byte_array_free_to_bytes(g_steal_pointer(&key));
}

static SfmPipeline *find_pipeline(SfmVkRunner *vk, const SfmExpr *expr, GError **error)
{
    g_autoptr(GBytes) key = key_of(expr);
    SfmPipeline *made = sfm_pipelines_made(&vk->pipelines, key);
    if (made)
        return made;

    g_autoptr(GArray) words = sfm_expr_spirv(expr);
    const SfmPipelineInfo info = {
        .words = (const uint32_t *)(const void *)words->data,
        .size = words->len * sizeof(uint32_t),
        .num_bindings = (uint32_t)expr->num_tensors + 1,
    };
    return sfm_pipelines_make(&vk->pipelines, key, &info, error);
}

static void fill_push(SfmDispatch *d, const SfmExpr *expr, const float scalars[], SfmShape shape)
{
    SfmExprPush push = {
        .count = (uint32_t)sfm_shape_count(shape),
        .image_size = (uint32_t)(sfm_shape_count(shape) / shape.dim[0]),
        .row = d->groups[0] * SFM_EXPR_GROUP_SIZE,
    };
    const size_t scalars_size = (size_t)expr->num_scalars * sizeof(float);
    if (scalars_size > 0)
        memcpy(push.scalar, scalars, scalars_size);
    d->push_size = (uint32_t)(G_STRUCT_OFFSET(SfmExprPush, scalar) + scalars_size);
    memcpy(d->push, &push, d->push_size);
}

static SfmDispatch make_dispatch(const SfmExpr *expr, const float scalars[], SfmBuffer *const in[],
                                 SfmBuffer *out)
{
    SfmLaunch launch = { 0 };
    SfmDispatch d = { .writes = 1u << expr->num_tensors };

    sfm_launch_count(&launch, sfm_shape_count(out->shape), SFM_EXPR_GROUP_SIZE);
    memcpy(d.groups, launch.groups, sizeof(d.groups));
    fill_push(&d, expr, scalars, out->shape);

    // A slot that no node uses may be empty.
    for (int i = 0; i < expr->num_tensors; i++)
        d.range[i] = sfm_vk_buffer_range(in[i] ? in[i] : out);
    d.range[expr->num_tensors] = sfm_vk_buffer_range(out);
    return d;
}

static double estimate(const SfmVkRunner *vk, const SfmExpr *expr, const SfmBuffer *out)
{
    const double tensors = expr->num_tensors + 1;
    const double bytes = tensors * (double)sfm_shape_count(out->shape) * sizeof(float);
    return bytes / (vk->base.target->gbytes_per_second * 1e6); // milliseconds
}

bool sfm_vk_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                 SfmBuffer *const in[], SfmBuffer *out, GError **error)
{
    SfmVkRunner *vk = sfm_vk_runner(runner);
    SfmDispatch d = make_dispatch(expr, scalars, in, out);

    d.pipeline = find_pipeline(vk, expr, error);
    const bool ok =
        d.pipeline && sfm_stream_launch(&vk->stream, &d, estimate(vk, expr, out), error);
    return sfm_vk_checked(vk, ok, error);
}
