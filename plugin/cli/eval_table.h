// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_EVAL_TABLE_H
#define SFM_CLI_EVAL_TABLE_H

#include <stdbool.h>

#include <glib.h>

// How near a picture is to the clean one.
typedef struct {
    double psnr; // in dB
    double ssim; // at most 1; NaN where the picture is too small
} EvalScore;

// One picture with noise of one strength.
typedef struct {
    const char *path;
    double sigma; // of the noise, of 255
    double level; // that was estimated, of 255
    EvalScore noisy, known, estimated;
} EvalRow;

// What was measured, on standard output: line by line as it comes, or as JSON in
// the end.
typedef struct EvalTable EvalTable;

EvalTable *eval_table_new(bool json);
void eval_table_free(EvalTable *table);

void eval_table_add(EvalTable *table, const EvalRow *row);

// The means over the pictures for each sigma, and JSON.
void eval_table_end(EvalTable *table, const char *model, const char *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvalTable, eval_table_free)

#endif
