// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_MODEL_H
#define SFM_FILE_MODEL_H

#include <sfumato/system.h> // sfm_data_dir()

#include "base/cancel.h"
#include "file/config.h"
#include "file/tensor_file.h"
#include "tensor/shape.h"

// What model_index.json says that the folder is.
typedef enum {
    SFM_PIPELINE_NONE, // there is no model_index.json
    SFM_PIPELINE_DDPM,
    SFM_PIPELINE_DDIM,
    SFM_PIPELINE_PNDM,
    SFM_PIPELINE_SCORE_SDE_VE,
    SFM_PIPELINE_KARRAS_VE,
    SFM_PIPELINE_CONSISTENCY,
    SFM_PIPELINE_REPAINT,
} SfmPipeline;

// A model's folder, opened: configs and card parsed, weights found and listed
// but not read.
typedef struct {
    char *name, *path;
    SfmPipeline pipeline;
    SfmUnetConfig unet;
    SfmSchedulerConfig scheduler; // of the class that the pipeline uses
    SfmCard card;
    SfmTensorFile *weights;
    GHashTable *names; // of the network's names to SfmTensorEntry, legacy names mapped
    char *hash;        // SHA-256 over config and weights, hex; NULL until asked for
} SfmModel;

// `model` is a name on the search path (see sfm_list_models()) or a path to a
// folder. NULL, with `error` set: SFM_ERROR_NOT_FOUND names where it looked.
SfmModel *sfm_model_open(const char *data_dir, const char *model, GError **error);

// NULL is a no-op.
void sfm_model_free(SfmModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmModel, sfm_model_free)

// Configs and card alone, for lists: `weights` is NULL. `path` is a folder.
SfmModel *sfm_model_peek(const char *path, GError **error);

// The folders on the search path that hold a model, the first of a name only:
// an array of owned paths, sorted by name.
GPtrArray *sfm_model_find_all(const char *data_dir);

// Reads the weight of that name, as fp32. False if it is missing, has another
// shape (trailing ones are forgiven), or holds NaN or infinity.
bool sfm_model_read_weight(SfmModel *model, const char *name, SfmShape shape, float *out,
                           GError **error);

// False, naming the first, if the file has a weight that `expected` (a set of
// names) lacks.
bool sfm_model_check_leftovers(const SfmModel *model, GHashTable *expected, GError **error);

// SHA-256, in hex, of all that decides pixels: the network's and the scheduler's configs, what
// the card says but for its texts and defaults, the weights. Reads them once; `cancel` (may be
// NULL) is looked at meanwhile. Owned by the model.
const char *sfm_model_hash(SfmModel *model, SfmCancel *cancel, GError **error);

#endif
