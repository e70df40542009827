// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_FILE_MODEL_PATH_H
#define SFM_FILE_MODEL_PATH_H

#include <glib.h>

#include "base/error.h"

// Where models lie, and where in a model's folder its files do.

// The folder of a model that is given by name or path. Owned by the caller.
char *sfm_model_locate(const char *data_dir, const char *model, GError **error);

// A component's file: in the component's own folder, where there is one, else in
// the model's (the layout of 2022). Whether the file is there is another
// matter. Owned by the caller.
char *sfm_model_file(const char *model_path, const char *component, const char *file);

// The file with the weights, the preferred one if there are several. Owned by
// the caller.
char *sfm_model_weights(const char *model_path, GError **error);

#endif
