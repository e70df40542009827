// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_JOB_NETWORK_H
#define SFM_JOB_NETWORK_H

#include "file/model.h"
#include "job/noise_table.h"
#include "nets/unet.h"
#include "plan/runner.h"

// A model's network on a runner. Its weights are uploaded, and its steps
// recorded, for one size at a time: the last that was asked for.
typedef struct SfmNetwork SfmNetwork;

// What one evaluation needs, known from a plan before anything is allocated.
typedef struct {
    uint64_t parameters;
    uint64_t weight_bytes; // as the device packs them
    uint64_t arena_bytes;
    double flop; // of the whole batch
    int kernels; // calls of kernels
} SfmNetworkCost;

// Takes ownership of the model, on failure too. A model without a weight file
// gets random weights, the same each time: for benchmarks.
SfmNetwork *sfm_network_new(SfmRunner *runner, SfmModel *model, GError **error);

// NULL is a no-op.
void sfm_network_free(SfmNetwork *network);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmNetwork, sfm_network_free)

// Kernels that are to run calls in place of the first that applies, from the next
// plan on. Copied; NULL: none. A new network has none.
void sfm_network_choose(SfmNetwork *network, const SfmChoices *choices);

// Group norms are to stay calls of their own, from the next plan on, so that all kernels
// of convolutions are rivals.
void sfm_network_keep_norms_apart(SfmNetwork *network);

// Borrowed from the network. Score networks have no noise table: NULL.
SfmModel *sfm_network_model(const SfmNetwork *network);
const SfmNoiseTable *sfm_network_table(const SfmNetwork *network);

// Plans without allocating on the device.
bool sfm_network_cost(SfmNetwork *network, const SfmUnetSize *size, SfmNetworkCost *cost,
                      GError **error);

// Bytes that a program may take, together with what it runs on: what is free, and
// what the present program has, since it goes first.
uint64_t sfm_network_room(const SfmNetwork *network);

// Makes the network ready to run at this size: checks that it fits, checks and
// uploads the weights, compiles shaders. Nothing is done where it is ready
// already. `loading` is called now and then while it lasts.
bool sfm_network_prepare(SfmNetwork *network, const SfmUnetSize *size, const SfmRunOptions *loading,
                         GError **error);

// Runs it once at the size that it was prepared for. `labels` is NULL where the
// network has no classes.
bool sfm_network_run(SfmNetwork *network, SfmBuffer *sample, SfmBuffer *condition,
                     SfmBuffer *labels, SfmBuffer *out, const SfmRunOptions *options,
                     GError **error);

// The plan and the program of the size that it was prepared for; borrowed.
const SfmPlan *sfm_network_plan(const SfmNetwork *network);
SfmProgram *sfm_network_program(const SfmNetwork *network);

#endif
