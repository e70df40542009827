// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_PICKLE_H
#define SFM_FILE_PICKLE_H

#include "file/tensor_file.h"

// A tensor as a pickled state dict describes it; nothing of it is checked
// against the storage yet. Strings are borrowed.
typedef struct {
    const char *name;
    SfmDtype dtype;
    const char *storage; // the storage's key, a member of data/
    uint64_t length;     // of the storage, in elements
    uint64_t first;      // element of the storage
    int rank;
    uint64_t dim[SFM_MAX_RANK], stride[SFM_MAX_RANK]; // strides in elements
} SfmPickledTensor;

// False, with `error` set, ends the reading.
typedef bool SfmPickleFound(const SfmPickledTensor *tensor, void *user, GError **error);

// Reads the pickle of a dict from names to tensors and calls `found` for each,
// in order. A pickle is a program; this runs the few instructions that such a
// dict needs, on values that are data only. A global that is not one of torch's
// tensors is refused by its name, never looked up.
bool sfm_pickle_read(const char *path, const uint8_t *bytes, size_t size, SfmPickleFound *found,
                     void *user, GError **error);

#endif
