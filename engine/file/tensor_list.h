// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_TENSOR_LIST_H
#define SFM_FILE_TENSOR_LIST_H

#include "file/source.h"
#include "file/tensor_file.h"

// Between the face of a tensor file and the formats behind it: a format reads
// its header and claims tensors, one by one; whether a claim can be true is
// checked here, once for all formats.

// Where a tensor lies, according to the file.
typedef struct {
    const char *name;
    SfmDtype dtype;
    int rank;
    uint64_t dim[SFM_MAX_RANK];
    uint64_t stride[SFM_MAX_RANK]; // elements; see sfm_claim_row_major()
    uint64_t start, size;          // bytes of its storage, from the source's beginning
    uint64_t first;                // element [0, 0, ...] in its storage
} SfmTensorClaim;

typedef struct {
    SfmTensorEntry entry; // first, so that an entry handed out leads back here
    uint64_t offset;      // bytes from the source's beginning to element [0, 0, ...]
    uint64_t span;        // elements from the first to the last, both included; 0: empty
    uint64_t stride[SFM_MAX_RANK];
    bool row_major;
    SfmSource *source; // borrowed
} SfmStoredTensor;

struct SfmTensorFile {
    char *path;
    GPtrArray *sources; // SfmSource, owned
    GPtrArray *tensors; // SfmStoredTensor, owned, in the order of the claims
    GHashTable *names;  // to SfmStoredTensor, borrowed
};

// Elements of a tensor of these dimensions; false if that overflows.
bool sfm_dims_count(int rank, const uint64_t dim[], size_t *count);

// Fills in the strides of a tensor without gaps.
void sfm_claim_row_major(SfmTensorClaim *claim);

// Refuses, by the tensor's name: names that are taken or cannot be printed,
// sizes that overflow, elements outside the storage or a storage outside the
// file, and tensors with more elements than their storage.
bool sfm_tensor_file_claim(SfmTensorFile *file, SfmSource *source, const SfmTensorClaim *claim,
                           GError **error);

// Opens one file, of whatever format it is, and claims its tensors.
bool sfm_tensor_file_add(SfmTensorFile *file, const char *path, GError **error);

// The formats: each claims all tensors of the source.
bool sfm_safetensors_list(SfmTensorFile *file, SfmSource *source, GError **error);
bool sfm_torch_file_list(SfmTensorFile *file, SfmSource *source, GError **error);

// Adds all shards that the index at file->path lists.
bool sfm_shards_list(SfmTensorFile *file, GError **error);

#endif
