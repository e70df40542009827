// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tiles are cut and blended on the host, in the order of their rows, so that the
// sum of a pixel does not depend on how many run at once. A window rises as
// sin^2 over what two tiles share: it meets the next one's cos^2 without a kink,
// and is nothing at the tile's edge, where the network sees least.

#include "job/tiles.h"

#include <math.h>
#include <string.h>

// ---- where they lie ---------------------------------------------------------

// How far point i of a ramp of so many is up, 0 .. 1.
static double ramp(uint32_t i, uint32_t length)
{
    const double s = sin(G_PI / 2.0 * MIN(((double)i + 0.5) / length, 1.0));
    return s * s;
}

// What tile k shares with the one before it; the first one with the last, round the
// end. Where the axis has an end, the last ends there: nothing.
static uint32_t shared(const SfmTiling *t, uint32_t k)
{
    const uint32_t end = t->start[k > 0 ? k - 1 : t->num - 1] + t->tile;

    return k > 0 ? end - t->start[k] : end - t->size;
}

// Rises from the tile before, falls to the tile behind, where there is one.
static void fill_window(SfmTiling *t, uint32_t k)
{
    const uint32_t before = shared(t, k), behind = shared(t, (k + 1) % t->num);
    float *window = t->window + (size_t)k * t->tile;

    for (uint32_t i = 0; i < t->tile; i++) {
        const double up = before > 0 ? ramp(i, before) : 1.0;
        const double down = behind > 0 ? ramp(t->tile - 1 - i, behind) : 1.0;
        window[i] = (float)(up * down);
    }
}

// At the ends, tiles may share more than two at a pixel.
static void normalise(SfmTiling *t)
{
    g_autofree double *sum = g_new0(double, t->size);

    for (uint32_t k = 0; k < t->num; k++) {
        for (uint32_t i = 0; i < t->tile; i++)
            sum[(t->start[k] + i) % t->size] += (double)t->window[(size_t)k * t->tile + i];
    }
    for (uint32_t k = 0; k < t->num; k++) {
        for (uint32_t i = 0; i < t->tile; i++)
            t->window[(size_t)k * t->tile + i] /= (float)sum[(t->start[k] + i) % t->size];
    }
}

void sfm_tiling_init(SfmTiling *t, uint32_t size, uint32_t tile, uint32_t overlap,
                     uint32_t multiple, bool wraps)
{
    // Rounding a start down by less than `multiple` may widen a gap by as much.
    const uint32_t step = MAX(multiple, (tile - overlap) / multiple * multiple);
    const uint32_t span = wraps ? size : size - tile; // in so many steps
    const uint32_t steps = (span + step - 1) / step, num = wraps ? steps : steps + 1;

    *t = (SfmTiling){ num, size, tile, g_new(uint32_t, num), g_new(float, (size_t)num *tile) };
    for (uint32_t k = 0; k < num; k++) {
        const uint64_t even = steps > 0 ? (uint64_t)span * k / steps : 0;
        t->start[k] = (uint32_t)even / multiple * multiple;
    }
    for (uint32_t k = 0; k < num; k++)
        fill_window(t, k);
    normalise(t);
}

void sfm_tiling_clear(SfmTiling *t)
{
    g_free(t->start);
    g_free(t->window);
    *t = (SfmTiling){ 0 };
}

// ---- running them -----------------------------------------------------------

struct SfmTiles {
    SfmTilesParams params;
    SfmTiling across, down;
    SfmBuffer *in, *condition, *labels, *out; // of `size.batch` tiles
    float *whole;                             // [N, C, H, W]
    float *answer;                            // [N, out_channels, H, W]
    float *cut;                               // [batch, C, tile, tile]
    float *piece;                             // [batch, out_channels, tile, tile]
};

static bool make_buffers(SfmTiles *t, GError **error)
{
    const SfmTilesParams *p = &t->params;
    const SfmShape each = SFM_SHAPE(p->size.batch, 1, 1, 1);
    const SfmShape in = SFM_SHAPE(p->size.batch, p->shape.dim[1], p->size.height, p->size.width);
    const SfmShape out = SFM_SHAPE(p->size.batch, p->out_channels, p->size.height, p->size.width);
    const size_t pixels = (size_t)p->shape.dim[0] * p->shape.dim[2] * p->shape.dim[3];

    t->whole = g_try_new(float, pixels * p->shape.dim[1]);
    t->answer = g_try_new(float, pixels * p->out_channels);
    t->cut = g_try_new(float, sfm_shape_count(in));
    t->piece = g_try_new(float, sfm_shape_count(out));
    if (!t->whole || !t->answer || !t->cut || !t->piece)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory to cut %ux%u pixels into tiles",
                        p->shape.dim[3], p->shape.dim[2]);
    return (t->in = sfm_buffer_new(p->runner, in, error)) &&
           (t->out = sfm_buffer_new(p->runner, out, error)) &&
           (t->condition = sfm_buffer_new(p->runner, each, error)) &&
           (!p->has_classes || (t->labels = sfm_buffer_new(p->runner, each, error)));
}

SfmTiles *sfm_tiles_new(const SfmTilesParams *params, GError **error)
{
    SfmTiles *t = g_new0(SfmTiles, 1);

    t->params = *params;
    sfm_tiling_init(&t->across, params->shape.dim[3], params->size.width, params->overlap,
                    params->multiple, params->wrap.x);
    sfm_tiling_init(&t->down, params->shape.dim[2], params->size.height, params->overlap,
                    params->multiple, params->wrap.y);
    if (make_buffers(t, error))
        return t;
    sfm_tiles_free(t);
    return NULL;
}

void sfm_tiles_free(SfmTiles *t)
{
    if (!t)
        return;
    SfmBuffer *buffers[] = { t->in, t->out, t->condition, t->labels };
    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        sfm_buffer_free(t->params.runner, buffers[i]);
    float *floats[] = { t->whole, t->answer, t->cut, t->piece };
    for (size_t i = 0; i < G_N_ELEMENTS(floats); i++)
        g_free(floats[i]);
    sfm_tiling_clear(&t->across);
    sfm_tiling_clear(&t->down);
    g_free(t);
}

// One tile of one image: image first, then rows of tiles.
typedef struct {
    uint32_t image, row, column; // the last two of tiles
} Place;

static Place place_of(const SfmTiles *t, size_t index)
{
    const size_t each = (size_t)t->down.num * t->across.num, within = index % each;

    return (Place){ (uint32_t)(index / each), (uint32_t)(within / t->across.num),
                    (uint32_t)(within % t->across.num) };
}

static size_t num_places(const SfmTiles *t)
{
    return (size_t)t->params.shape.dim[0] * t->down.num * t->across.num;
}

// Where a row of the tile's pixels lies in [N, channels, H, W].
static size_t row_of(const SfmTiles *t, Place at, uint32_t channels, uint32_t channel, uint32_t y)
{
    const uint32_t *x = t->params.shape.dim;
    const size_t plane = (size_t)at.image * channels + channel;

    return (plane * x[2] + (t->down.start[at.row] + y) % x[2]) * x[3];
}

// Pixels of the tile before the axis ends; the others lie at its beginning.
static uint32_t before_end(const SfmTiling *across, Place at)
{
    return MIN(across->tile, across->size - across->start[at.column]);
}

static void cut_tile(SfmTiles *t, Place at, float *to)
{
    const uint32_t channels = t->params.shape.dim[1], side = t->across.tile;
    const uint32_t first = before_end(&t->across, at), start = t->across.start[at.column];

    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t y = 0; y < t->down.tile; y++, to += side) {
            const float *row = t->whole + row_of(t, at, channels, c, y);
            memcpy(to, row + start, first * sizeof(float));
            memcpy(to + first, row, (side - first) * sizeof(float));
        }
    }
}

// to += weight window from, point by point.
static void blend_row(float *to, float weight, const float *window, const float *from, uint32_t num)
{
    for (uint32_t x = 0; x < num; x++)
        to[x] += weight * window[x] * from[x];
}

static void blend_tile(SfmTiles *t, Place at, const float *from)
{
    const uint32_t channels = t->params.out_channels, side = t->across.tile;
    const uint32_t first = before_end(&t->across, at), start = t->across.start[at.column];
    const float *across = t->across.window + (size_t)at.column * side;
    const float *down = t->down.window + (size_t)at.row * t->down.tile;

    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t y = 0; y < t->down.tile; y++, from += side) {
            float *row = t->answer + row_of(t, at, channels, c, y);
            blend_row(row + start, down[y], across, from, first);
            blend_row(row, down[y], across + first, from + first, side - first);
        }
    }
}

// The first value of `from` in all of `to`.
static bool repeat(SfmTiles *t, SfmBuffer *from, SfmBuffer *to, GError **error)
{
    g_autofree float *values = g_new(float, from->shape.dim[0]);
    g_autofree float *same = g_new(float, to->shape.dim[0]);

    if (!sfm_buffer_read(t->params.runner, from, values, error))
        return false;
    for (uint32_t i = 0; i < to->shape.dim[0]; i++)
        same[i] = values[0];
    return sfm_buffer_write(t->params.runner, to, same, error);
}

// Progress of one run of several.
typedef struct {
    const SfmRunOptions *whole;
    double before, runs;
} Part;

static void on_part(void *user_data, double done, double total)
{
    const Part *part = user_data;

    if (part->whole->progress && total > 0.0)
        part->whole->progress(part->whole->user_data, part->before + done / total, part->runs);
}

// The tiles from `first` on, as many as run at once; the last run repeats its
// last tile.
static bool run_some(SfmTiles *t, size_t first, const SfmRunOptions *options, GError **error)
{
    const SfmTilesParams *p = &t->params;
    const size_t cut_size = sfm_shape_count(t->in->shape) / p->size.batch;
    const size_t piece_size = sfm_shape_count(t->out->shape) / p->size.batch;
    const size_t num = MIN(p->size.batch, num_places(t) - first);

    for (size_t i = 0; i < p->size.batch; i++)
        cut_tile(t, place_of(t, first + MIN(i, num - 1)), t->cut + i * cut_size);
    if (!sfm_buffer_write(p->runner, t->in, t->cut, error) ||
        !sfm_network_run(p->network, t->in, t->condition, t->labels, t->out, options, error) ||
        !sfm_buffer_read(p->runner, t->out, t->piece, error))
        return false;
    for (size_t i = 0; i < num; i++)
        blend_tile(t, place_of(t, first + i), t->piece + i * piece_size);
    return true;
}

static bool run_all(SfmTiles *t, const SfmRunOptions *options, GError **error)
{
    const size_t at_once = t->params.size.batch, num = num_places(t);
    Part part = { .whole = options, .runs = (double)((num + at_once - 1) / at_once) };
    const SfmRunOptions mine = { options->cancel, on_part, &part };

    for (size_t first = 0; first < num; first += at_once, part.before++) {
        if (!run_some(t, first, &mine, error))
            return false;
    }
    return true;
}

bool sfm_tiles_run(SfmTiles *t, SfmBuffer *sample, SfmBuffer *condition, SfmBuffer *labels,
                   SfmBuffer *out, const SfmRunOptions *options, GError **error)
{
    SfmRunner *runner = t->params.runner;

    memset(t->answer, 0, sfm_shape_count(out->shape) * sizeof(float));
    return sfm_cancel_check(options->cancel, error) &&
           sfm_buffer_read(runner, sample, t->whole, error) &&
           repeat(t, condition, t->condition, error) &&
           (!labels || repeat(t, labels, t->labels, error)) && run_all(t, options, error) &&
           sfm_cancel_check(options->cancel, error) &&
           sfm_buffer_write(runner, out, t->answer, error);
}
