// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TENSOR_TENSOR_H
#define SFM_TENSOR_TENSOR_H

#include <glib.h>

#include "base/error.h"
#include "tensor/shape.h"

// A tensor in host memory: fp32, row-major, unpadded. Files of other types are
// widened when they are read (file/).
typedef struct {
    SfmShape shape;
    float *data; // owned; sfm_shape_count(shape) floats
} SfmTensor;

// Zeroed data. NULL, with SFM_ERROR_NO_MEMORY, if there is not so much memory;
// the message starts with `what`.
SfmTensor *sfm_tensor_new(SfmShape shape, const char *what, GError **error);

// NULL is a no-op.
void sfm_tensor_free(SfmTensor *tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmTensor, sfm_tensor_free)

// Bytes of `shape` in fp32. False, with SFM_ERROR_NO_MEMORY, if that overflows;
// the one place where sizes that come from a file or an image are multiplied.
bool sfm_shape_bytes(SfmShape shape, const char *what, size_t *bytes, GError **error);

#endif
