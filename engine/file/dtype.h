// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_DTYPE_H
#define SFM_FILE_DTYPE_H

#include "file/tensor_file.h"

// The types that tensors have in files: little-endian, whatever the host is.

size_t sfm_dtype_size(SfmDtype dtype); // bytes of an element

// By the name that safetensors gives it ("BF16"), or torch's storage class
// ("BFloat16Storage"). False if there is none.
bool sfm_dtype_from_name(const char *name, SfmDtype *dtype);
bool sfm_dtype_from_storage(const char *storage, SfmDtype *dtype);

// Converts `count` elements, `stride` bytes apart. F64 and integers are rounded
// to the nearest float.
void sfm_dtype_to_float(SfmDtype dtype, const uint8_t *bytes, size_t stride, float *out,
                        size_t count);

#endif
