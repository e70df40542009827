// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_NETWORK_IO_H
#define SFM_JOB_NETWORK_IO_H

#include "job/network.h"

// What the bare network is run on: tensors in its own coordinates. Owned, all
// but the runner.
typedef struct {
    SfmRunner *runner;
    SfmBuffer *sample;    // [N, C, H, W]
    SfmBuffer *condition; // [N, 1, 1, 1]: timesteps or levels
    SfmBuffer *labels;    // [N, 1, 1, 1], or [N, D, 1, 1] for embeddings; NULL: no classes
    SfmBuffer *out;       // [N, C_out, H, W]
} SfmNetworkIo;

// Buffers, of undefined contents, for a network of that config at that size. On
// failure `io` is as good to clear.
bool sfm_network_io_init(SfmNetworkIo *io, SfmRunner *runner, const SfmUnetConfig *unet,
                         const SfmUnetSize *size, GError **error);

// Fills what the network reads with numbers such as it sees in use, to be timed.
bool sfm_network_io_fill(SfmNetworkIo *io, GError **error);

// A zeroed struct is a no-op.
void sfm_network_io_clear(SfmNetworkIo *io);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmNetworkIo, sfm_network_io_clear)

// Numbers that say which class an image is of: 1, or those of an embedding; 0
// where the network has no classes.
uint32_t sfm_network_label_width(const SfmUnetConfig *unet);

// Runs the network, prepared for that size, once.
bool sfm_network_io_run(SfmNetworkIo *io, SfmNetwork *network, const SfmRunOptions *options,
                        GError **error);

#endif
