// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/network_io.h"

#include <math.h>

uint32_t sfm_network_label_width(const SfmUnetConfig *unet)
{
    if (unet->class_embedding == SFM_CLASS_NONE)
        return 0;
    return unet->class_embedding == SFM_CLASS_IDENTITY ? sfm_unet_time_width(unet) : 1;
}

bool sfm_network_io_init(SfmNetworkIo *io, SfmRunner *runner, const SfmUnetConfig *unet,
                         const SfmUnetSize *size, GError **error)
{
    const uint32_t n = size->batch, area = size->patch * size->patch;
    const uint32_t h = size->height, w = size->width;
    const uint32_t label_width = sfm_network_label_width(unet);

    *io = (SfmNetworkIo){ .runner = runner };
    return (io->sample =
                sfm_buffer_new(runner, SFM_SHAPE(n, unet->in_channels / area, h, w), error)) &&
           (io->condition = sfm_buffer_new(runner, SFM_SHAPE(n, 1, 1, 1), error)) &&
           (label_width == 0 ||
            (io->labels = sfm_buffer_new(runner, SFM_SHAPE(n, label_width, 1, 1), error))) &&
           (io->out = sfm_buffer_new(runner, SFM_SHAPE(n, unet->out_channels / area, h, w), error));
}

// Values spread over -2 .. 2, or all `value` where that is not NaN.
static bool fill(SfmRunner *runner, SfmBuffer *buffer, double value, GError **error)
{
    const size_t count = sfm_shape_count(buffer->shape);
    g_autofree float *data = g_try_new(float, count);

    if (!data)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY, "no memory for %zu numbers", count);
    for (size_t i = 0; i < count; i++)
        data[i] = (float)(isnan(value) ? 2.0 * sin((double)i) : value);
    return sfm_buffer_write(runner, buffer, data, error);
}

bool sfm_network_io_fill(SfmNetworkIo *io, GError **error)
{
    return fill(io->runner, io->sample, NAN, error) &&
           fill(io->runner, io->condition, 500.0, error) &&
           (!io->labels || fill(io->runner, io->labels, 0.0, error));
}

void sfm_network_io_clear(SfmNetworkIo *io)
{
    SfmBuffer *const buffers[] = { io->sample, io->condition, io->labels, io->out };

    for (size_t i = 0; i < G_N_ELEMENTS(buffers); i++)
        sfm_buffer_free(io->runner, buffers[i]);
    *io = (SfmNetworkIo){ 0 };
}

bool sfm_network_io_run(SfmNetworkIo *io, SfmNetwork *network, const SfmRunOptions *options,
                        GError **error)
{
    return sfm_network_run(network, io->sample, io->condition, io->labels, io->out, options, error);
}
