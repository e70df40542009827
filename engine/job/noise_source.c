// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/noise_source.h"

#include "base/torch_random.h"
#include "ops/noise.h"

typedef struct {
    SfmNoiseSource base; // first
    SfmRunner *runner;   // borrowed
    SfmCancel *cancel;   // likewise
    uint32_t seed;
} Philox;

static bool draw_all(const Philox *p, SfmNoiseAttrs *attrs, SfmBuffer *out, GError **error)
{
    const SfmCall call = { .op = sfm_op_find("noise"), .attrs = attrs, .out = { out->shape } };

    attrs->shape = out->shape;
    return sfm_runner_call(p->runner, &call, &out, NULL, error);
}

// Of one image, so many at once that the flag is looked at often enough: of a
// photograph of 24 megapixels all took a second and more on lavapipe.
static bool draw_parts(const Philox *p, SfmNoiseAttrs *attrs, SfmBuffer *out, GError **error)
{
    const size_t count = sfm_shape_count(out->shape);
    const size_t most = sfm_runner_small_part(p->runner);
    bool ok = true;

    for (size_t first = 0; ok && first < count; first += most) {
        if (!sfm_cancel_check(p->cancel, error))
            return false;
        SfmBuffer *part = sfm_buffer_part(p->runner, out, first, MIN(most, count - first));
        attrs->first_element = (uint32_t)first;
        ok = draw_all(p, attrs, part, error);
        sfm_buffer_free(p->runner, part);
    }
    return ok;
}

static bool draw_philox(SfmNoiseSource *source, uint32_t first_image, uint32_t step,
                        uint32_t stream, SfmBuffer *out, GError **error)
{
    const Philox *p = (const Philox *)source;
    SfmNoiseAttrs attrs = {
        .seed = p->seed,
        .first_image = first_image,
        .step = step,
        .stream = stream,
    };
    return out->shape.dim[0] == 1 && sfm_shape_count(out->shape) > sfm_runner_small_part(p->runner)
               ? draw_parts(p, &attrs, out, error)
               : draw_all(p, &attrs, out, error);
}

static void free_philox(SfmNoiseSource *source)
{
    g_free(source);
}

SfmNoiseSource *sfm_noise_philox_new(SfmRunner *runner, uint32_t seed, SfmCancel *cancel)
{
    Philox *p = g_new(Philox, 1);

    *p = (Philox){ { draw_philox, free_philox }, runner, cancel, seed };
    return &p->base;
}

typedef struct {
    SfmNoiseSource base; // first
    SfmRunner *runner;   // borrowed
    SfmCancel *cancel;   // likewise
    SfmTorchRandom random;
} Torch;

static bool draw_torch(SfmNoiseSource *source, uint32_t first_image, uint32_t step, uint32_t stream,
                       SfmBuffer *out, GError **error)
{
    Torch *t = (Torch *)source;
    const size_t count = sfm_shape_count(out->shape);
    g_autofree float *data = g_try_new(float, count);

    if (!data)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "noise: no memory for %zu numbers", count);
    return sfm_torch_random_normal(&t->random, data, count, t->cancel, error) &&
           sfm_buffer_write(t->runner, out, data, error);
}

static void free_torch(SfmNoiseSource *source)
{
    g_free(source);
}

SfmNoiseSource *sfm_noise_torch_new(SfmRunner *runner, uint32_t seed, SfmCancel *cancel)
{
    Torch *t = g_new(Torch, 1);

    *t = (Torch){ .base = { draw_torch, free_torch }, .runner = runner, .cancel = cancel };
    sfm_torch_random_init(&t->random, seed);
    return &t->base;
}

void sfm_noise_source_free(SfmNoiseSource *source)
{
    if (source)
        source->free(source);
}
