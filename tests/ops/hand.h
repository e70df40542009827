// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_OPS_HAND_H
#define SFM_TESTS_OPS_HAND_H

// What the tests of ops share: a call worked out by hand.

#include "graph/op.h"

// Infers and runs the reference of `call`: its one output must have `shape` and
// be `want`, each value within `epsilon`. NaN is wanted where `want` is NaN.
void gives(const SfmCall *call, const float *const in[], SfmShape shape, const float *want,
           float epsilon);

// infer() must fail with SFM_ERROR_BAD_SHAPE and exactly this message.
void refuses(const SfmCall *call, const char *why);

// launch() must ask for so many groups, all in the first direction, and push a
// struct of so many bytes, which is copied to `push`.
void launches(const SfmCall *call, uint32_t groups, void *push, size_t push_size);

#endif
