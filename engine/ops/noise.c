// SPDX-License-Identifier: GPL-3.0-or-later
//
// Unit normals that depend on nothing but where they stand.
//
//     y [N, C, H, W]
//     y[n][element] = normal(seed, first_image + n, step, stream,
//                             first_element + element)
//
// of base/philox.h; element counts within the image. The shader's bits are the
// reference's, on every device: both are compiled from the same lines.

#include "ops/noise.h"

#include "base/philox.h"
#include "graph/op.h"
#include "ops/draw.h"
#include "params/noise.h"

static size_t elements(const SfmCall *call)
{
    const uint32_t *y = call->out[0].dim;

    return (size_t)y[1] * y[2] * y[3];
}

static bool infer(SfmCall *call, GError **error)
{
    call->out[0] = ((const SfmNoiseAttrs *)call->attrs)->shape;
    return true;
}

static void reference(const SfmCall *call, float *const out[], const float *const in[])
{
    const SfmNoiseAttrs *a = call->attrs;
    const size_t count = elements(call);

    for (uint32_t n = 0; n < a->shape.dim[0]; n++) {
        const SfmNoiseKey key = {
            .seed = a->seed,
            .image = a->first_image + n,
            .step = a->step,
            .stream = a->stream,
        };
        sfm_philox_normals_from(key, a->first_element, out[0] + n * count, count);
    }
}

static void launch(const SfmCall *call, SfmLaunch *l)
{
    const SfmNoiseAttrs *a = call->attrs;
    const struct NoiseParams p = {
        .images = a->shape.dim[0],
        .elements = (uint32_t)elements(call),
        .seed = a->seed,
        .first_image = a->first_image,
        .step_number = a->step,
        .stream = a->stream,
        .first_block = a->first_element / 4,
    };
    const size_t blocks = ((size_t)p.elements + 3) / 4; // of four, an invocation each

    sfm_launch_count(l, p.images * blocks, ELEMENT_GROUP_SIZE);
    sfm_launch_push(l, &p, sizeof(p));
}

// Ten rounds of a dozen operations for four values, and two hundred to make two
// pairs of normals of them.
static double flop(const SfmCall *call)
{
    return 80.0 * (double)sfm_shape_count(call->out[0]);
}

static void sample(GRand *rand, SfmCall *call, void *attrs)
{
    *(SfmNoiseAttrs *)attrs = (SfmNoiseAttrs){
        .shape = sfm_draw_shape(rand, SFM_SHAPE(3, 5, 19, 19)),
        .seed = g_rand_int_range(rand, 0, G_MAXINT32),
        .first_image = g_rand_int_range(rand, 0, 1000),
        .step = g_rand_int_range(rand, 0, 1000),
        .stream = g_rand_int_range(rand, 0, 4),
        .first_element = 4 * (uint32_t)g_rand_int_range(rand, 0, 1000),
    };
    call->num_inputs = 0;
}

const SfmOp sfm_op_noise = {
    .name = "noise",
    .min_inputs = 0,
    .max_inputs = 0,
    .num_outputs = 1,
    .attrs_size = sizeof(SfmNoiseAttrs),
    .infer = infer,
    .reference = reference,
    .launch = launch,
    .flop = flop,
    .sample = sample,
};
