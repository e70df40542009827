// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_TENSOR_FILE_H
#define SFM_FILE_TENSOR_FILE_H

#include <stdint.h>

#include <glib.h>

#include "base/error.h"

// Named tensors in a file: safetensors, the tensor subset of torch's .bin, or
// several such files as one (shards). Everything that the file claims has been
// checked against its size when it opens; data is read, not mapped, so that a
// file that shrinks is an error. One thread at a time.
typedef struct SfmTensorFile SfmTensorFile;

typedef enum {
    SFM_DTYPE_F32,
    SFM_DTYPE_F64,
    SFM_DTYPE_F16,
    SFM_DTYPE_BF16,
    SFM_DTYPE_I64,
    SFM_DTYPE_I32,
    SFM_DTYPE_U8,
} SfmDtype;

#define SFM_MAX_RANK 8

typedef struct {
    const char *name; // owned by the file
    SfmDtype dtype;
    int rank;
    uint64_t dim[SFM_MAX_RANK]; // slowest first
    size_t count;               // of elements
} SfmTensorEntry;

// By what the file is, not by its name: a zip is torch's, else safetensors. A
// name that ends in .index.json opens the shards it lists.
SfmTensorFile *sfm_tensor_file_open(const char *path, GError **error);

// NULL is a no-op.
void sfm_tensor_file_close(SfmTensorFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmTensorFile, sfm_tensor_file_close)

size_t sfm_tensor_file_num(const SfmTensorFile *file);
const SfmTensorEntry *sfm_tensor_file_entry(const SfmTensorFile *file, size_t i);

// NULL if there is none of that name.
const SfmTensorEntry *sfm_tensor_file_find(const SfmTensorFile *file, const char *name);

// Reads entry->count elements, in row-major order whatever the file's strides
// are, widened or rounded to fp32.
bool sfm_tensor_file_read(SfmTensorFile *file, const SfmTensorEntry *entry, float *out,
                          GError **error);

const char *sfm_dtype_name(SfmDtype dtype); // "F32"

// One tensor to be written: fp32 data, borrowed.
typedef struct {
    const char *name;
    int rank;
    uint64_t dim[SFM_MAX_RANK];
    const float *data;
} SfmTensorOut;

// Writes a safetensors file: under a temporary name, fsync, rename. On failure
// whatever was at `path` is untouched.
bool sfm_safetensors_write(const char *path, const SfmTensorOut *tensors, size_t num,
                           GError **error);

#endif
