// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GRAPH_OP_H
#define SFM_GRAPH_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "tensor/shape.h"

#define SFM_MAX_INPUTS  6
#define SFM_MAX_OUTPUTS 2
#define SFM_MAX_PUSH    128 // bytes: what every Vulkan device grants

typedef struct SfmOp SfmOp;

// One use of an operation in a graph: all that is known before any data is.
typedef struct {
    const SfmOp *op;
    const void *attrs; // the op's own struct (engine/ops/NAME.h); owned by the graph
    int num_inputs;    // optional ones that are absent lie behind the present ones
    SfmShape in[SFM_MAX_INPUTS];
    SfmShape out[SFM_MAX_OUTPUTS]; // set by op->infer()
} SfmCall;

// One launch of an op's shader, as plain data: ops never call Vulkan.
typedef struct {
    uint32_t groups[3]; // each at most 65535: what every Vulkan device grants
    size_t push_size;
    uint8_t push[SFM_MAX_PUSH];
} SfmLaunch;

// What a call costs, for `sfumato info`, for cutting a step into submissions
// and for the benchmark. One multiply-add is two FLOP.
typedef struct {
    double flop;
    double bytes; // read and written, each tensor once
} SfmCost;

// An operation. Each lives in engine/ops/NAME.c, its shader in
// shaders/ops/NAME.comp, its test in tests/ops/NAME.c. The shader binds the
// inputs first (an absent optional one is bound to some other tensor and not
// read: its push constants say so), then the outputs, from binding 0 up; all
// are plain row-major float arrays. An op is constant data: any thread may call
// it.
struct SfmOp {
    const char *name;
    int min_inputs, max_inputs; // differ where trailing inputs are optional
    int num_outputs;
    size_t attrs_size; // of the struct that `attrs` points to; 0: none

    // Checks the inputs' shapes and sets the outputs'. Called by
    // sfm_call_infer(), which has an eye on their sizes.
    bool (*infer)(SfmCall *call, GError **error);

    // Says what the op means: plain loops, no cleverness. The shader must agree
    // with it; so must the mathematics, which the test checks by hand. The
    // shapes are those that infer() has passed; `out` does not overlap `in`.
    void (*reference)(const SfmCall *call, float *const out[], const float *const in[]);

    void (*launch)(const SfmCall *call, SfmLaunch *launch);

    // NULL: a few operations a value, memory-bound.
    double (*flop)(const SfmCall *call);

    // Draws a random call that infer() accepts, for tests/ops/agree: `attrs` is
    // attrs_size zeroed bytes to fill in; dimensions stay small and odd sizes
    // are welcome. Inputs are then filled with unit normals unless fill() says
    // otherwise.
    void (*sample)(GRand *rand, SfmCall *call, void *attrs);

    // Fills input `i` for tests/ops/agree where unit normals make no sense
    // (indices, timesteps). NULL: unit normals.
    void (*fill)(GRand *rand, const SfmCall *call, int i, float *data);
};

// Every op there is, in the order of the list in the top meson.build.
extern const SfmOp *const sfm_ops[];
extern const int sfm_num_ops;

// NULL if there is no such op.
const SfmOp *sfm_op_find(const char *name);

// op->infer(), and whether every tensor that the call reads or makes holds 1 to
// 2^32 - 1 values: what the shaders can count. All calls go through it.
bool sfm_call_infer(SfmCall *call, GError **error);

// What one call costs: op->flop(), or one FLOP a value of the outputs; and
// inputs and outputs once through memory.
SfmCost sfm_call_cost(const SfmCall *call);

// Groups for `count` invocations of a one-dimensional shader of `group_size`:
// spread over x and y, since x alone ends at 65535. The shader's index is
// shaders/include/index.glsl's invocation_index(); it must skip what lies
// beyond count.
void sfm_launch_count(SfmLaunch *launch, size_t count, uint32_t group_size);

// Sets what the launch pushes: a struct of shaders/params, of SFM_MAX_PUSH bytes
// at most, which is copied.
void sfm_launch_push(SfmLaunch *launch, const void *params, size_t size);

#endif
