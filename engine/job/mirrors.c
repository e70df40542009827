// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sums are of the host, in one order, so that they are the same everywhere.

#include "job/mirrors.h"

#include "base/error.h"

struct SfmMirrors {
    SfmRunner *runner;
    SfmCancel *cancel;
    SfmShape shape;
    uint32_t out_channels;
    int num;
    SfmBuffer *turned;
    float *sample, *sum;   // [N, C, H, W], [N, out_channels, H, W]
    float *other;          // [N, C, H, W]: `sample` turned
    float *answer, *right; // [N, out_channels, H, W]: as it came, and turned back
};

static SfmShape out_shape(const SfmMirrors *m)
{
    return SFM_SHAPE(m->shape.dim[0], m->out_channels, m->shape.dim[2], m->shape.dim[3]);
}

SfmMirrors *sfm_mirrors_new(SfmRunner *runner, SfmShape shape, uint32_t out_channels, int num,
                            SfmCancel *cancel, GError **error)
{
    g_autoptr(SfmMirrors) m = g_new0(SfmMirrors, 1);

    *m = (SfmMirrors){
        .runner = runner, .cancel = cancel, .shape = shape, .out_channels = out_channels, .num = num
    };
    const size_t in = sfm_shape_count(shape), out = sfm_shape_count(out_shape(m));
    m->sample = g_try_new(float, in);
    m->sum = g_try_new(float, out);
    m->other = g_try_new(float, in);
    m->answer = g_try_new(float, out);
    m->right = g_try_new(float, out);
    if (!m->sample || !m->sum || !m->other || !m->answer || !m->right) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for mirror images of %ux%u pixels",
                 shape.dim[3], shape.dim[2]);
        return NULL;
    }
    m->turned = sfm_buffer_new(runner, shape, error);
    return m->turned ? g_steal_pointer(&m) : NULL;
}

void sfm_mirrors_free(SfmMirrors *m)
{
    if (!m)
        return;
    sfm_buffer_free(m->runner, m->turned);
    float *floats[] = { m->sample, m->sum, m->other, m->answer, m->right };
    for (size_t i = 0; i < G_N_ELEMENTS(floats); i++)
        g_free(floats[i]);
    g_free(m);
}

int sfm_mirrors_num(const SfmMirrors *m)
{
    return m->num;
}

// Which axes are turned; the second, which turns both, differs most from the first.
static const bool turns_x[SFM_MAX_MIRRORS] = { false, true, true, false };
static const bool turns_y[SFM_MAX_MIRRORS] = { false, true, false, true };

// Each turn is its own inverse.
static bool turn(const SfmMirrors *m, SfmShape shape, int k, const float *from, float *to,
                 GError **error)
{
    const size_t height = shape.dim[2], width = shape.dim[3];
    const size_t planes = (size_t)shape.dim[0] * shape.dim[1];

    for (size_t plane = 0; plane < planes; plane++, from += height * width) {
        for (size_t y = 0; y < height; y++) {
            if (!sfm_cancel_check(m->cancel, error))
                return false;
            const float *row = from + (turns_y[k] ? height - 1 - y : y) * width;
            for (size_t x = 0; x < width; x++)
                *to++ = row[turns_x[k] ? width - 1 - x : x];
        }
    }
    return true;
}

// sum += answer, or = where it is the first; of the last the mean is taken.
static bool add(SfmMirrors *m, int k, GError **error)
{
    const size_t count = sfm_shape_count(out_shape(m)), width = m->shape.dim[3];
    const float num = k + 1 == m->num ? (float)m->num : 1.0F;

    for (size_t first = 0; first < count; first += width) {
        if (!sfm_cancel_check(m->cancel, error))
            return false;
        for (size_t i = first; i < first + width; i++)
            m->sum[i] = ((k > 0 ? m->sum[i] : 0.0F) + m->right[i]) / num;
    }
    return true;
}

SfmBuffer *sfm_mirrors_turn(SfmMirrors *m, int k, SfmBuffer *sample, GError **error)
{
    if (k == 0 && !sfm_buffer_read(m->runner, sample, m->sample, error))
        return NULL;
    return turn(m, m->shape, k, m->sample, m->other, error) &&
                   sfm_buffer_write(m->runner, m->turned, m->other, error)
               ? m->turned
               : NULL;
}

bool sfm_mirrors_take(SfmMirrors *m, int k, SfmBuffer *out, GError **error)
{
    return sfm_buffer_read(m->runner, out, m->answer, error) &&
           turn(m, out_shape(m), k, m->answer, m->right, error) && add(m, k, error) &&
           (k + 1 < m->num || sfm_buffer_write(m->runner, out, m->sum, error));
}
