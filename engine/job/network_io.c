// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/network_io.h"

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
