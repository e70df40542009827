// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_OPS_TRIAL_H
#define SFM_TESTS_OPS_TRIAL_H

#include "plan/runner.h"

// One call of an op with data, to be run in several ways that must agree.
typedef struct {
    SfmCall call; // `attrs` is the trial's own
    float *in[SFM_MAX_INPUTS];
    float *want[SFM_MAX_OUTPUTS];
    float *got[SFM_MAX_OUTPUTS];
} Trial;

// Copies the call, whose attributes and inputs' shapes are set, infers it, and
// fills the inputs as the op's fill() says, or with numbers that are nearly unit
// normals. False: infer() refuses it.
bool trial_init(Trial *t, GRand *rand, const SfmCall *call);
void trial_clear(Trial *t);

// Makes `alone` of one image of the batch, its `want` being what `t` got for that
// image. False: the call has no batch.
bool trial_alone(const Trial *t, uint32_t image, Trial *alone);

// Sets `want`, with the C reference.
void trial_reference(Trial *t);

// Sets `got`: with the op's plain shader, alone; or with `kernel` of the runner's
// target, in a plan of one node with whatever changes of layout that needs.
void trial_call(Trial *t, SfmRunner *runner);
void trial_kernel(Trial *t, SfmRunner *runner, const SfmKernel *kernel);

// Fails the test unless each value that was got differs from the one wanted by at
// most `tolerance` times the greatest magnitude that is wanted; 0: bit for bit.
// The message has the call, `what`, and the worst of them.
void trial_compare(const Trial *t, const char *what, double tolerance);

// The same with what is granted to the kernel that made `got`: 2e-5, and to those on
// halves 2e-2 of the root of the mean square of the values that are wanted.
void trial_compare_kernel(const Trial *t, const SfmKernel *kernel);

// As "conv2d [1, 3, 8, 8] [4, 3, 3, 3] [1, 4, 1, 1]". The caller owns it.
char *trial_name(const SfmCall *call);

// For a convolution too large for the reference: compares `count` random values, each
// computed in double, likewise.
void trial_spot_check(const Trial *t, GRand *rand, int count, const SfmKernel *kernel);

#endif
