// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_PLAN_RUNNER_H
#define SFM_PLAN_RUNNER_H

#include "base/cancel.h"
#include "graph/graph.h"
#include "plan/expr.h"
#include "plan/kernel.h"
#include "plan/plan.h"
#include "tensor/tensor.h"

// What runs plans: cpu/ with the C references, vk/ on a Vulkan device. script/
// speaks to this and to nothing below; job/ chooses which.
//
// A runner, its buffers and its programs belong to one thread at a time, and
// the runner outlives the rest. Calls are carried out in order; those that
// return data wait for it, the others may return before the device is done.
typedef struct SfmRunner SfmRunner;

// A tensor in the plain layout that lives with the runner.
typedef struct {
    SfmShape shape;
} SfmBuffer;

// A plan, recorded with its weights.
typedef struct SfmProgram SfmProgram;

// Gives a weight's data, called once for each while a program is made; `out`
// takes the floats. False, with `error` set, ends the making.
typedef bool (*SfmWeightFunc)(void *user_data, const char *name, SfmShape shape, float *out,
                              GError **error);

// Has `give` give all that lies in a tensor of weights, one behind the other.
bool sfm_weight_give(const SfmPlan *plan, uint32_t tensor, SfmWeightFunc give, void *user_data,
                     float *out, GError **error);

// Called between submissions of a running program, in the runner's thread:
// `done` of `total` milliseconds of estimated work lie behind. With `done` 0 while
// a driver compiles what it will run.
typedef void (*SfmProgramProgress)(void *user_data, double done, double total);

typedef struct {
    SfmCancel *cancel;           // looked at between submissions; NULL: not cancellable
    SfmProgramProgress progress; // may be NULL
    void *user_data;
} SfmRunOptions;

// One launch of a shader in a program, for `sfumato bench`.
typedef struct {
    const char *shader;      // its name; borrowed from the program
    double milliseconds;     // in a run of them all by the device's clock; where it has none
                             // by itself, by the host's
    double cpu_milliseconds; // by itself: what all threads of this process, a driver's too,
                             // spent on it beyond what an empty submission takes
} SfmLaunchTime;

// What a program costs; owned by the program.
typedef struct {
    uint32_t num_steps;
    const uint32_t *first; // [num_steps + 1]: where each step's launches begin
    const SfmLaunchTime *launches;
    uint32_t num_barriers, num_submissions; // of a run of them all
} SfmProgramTimes;

// The table behind the functions below. `buffer_new` and the like are as those.
typedef struct {
    void (*free)(SfmRunner *runner);
    SfmBuffer *(*buffer_new)(SfmRunner *runner, SfmShape shape, GError **error);
    SfmBuffer *(*buffer_part)(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count);
    void (*buffer_free)(SfmRunner *runner, SfmBuffer *buffer);
    bool (*write)(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error);
    bool (*read)(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data, GError **error);
    bool (*call)(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                 SfmBuffer *const in[], GError **error);
    bool (*eval)(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                 SfmBuffer *const in[], SfmBuffer *out, GError **error);
    SfmProgram *(*program_new)(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                               void *user_data, GError **error);
    void (*program_free)(SfmRunner *runner, SfmProgram *program);
    bool (*program_run)(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                        SfmBuffer *const in[], const SfmRunOptions *options, GError **error);
    bool (*program_time)(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                         GError **error);
    size_t (*weight_bytes)(SfmRunner *runner, const SfmPlan *plan);
    void (*limit_memory)(SfmRunner *runner, uint64_t bytes);
} SfmRunnerClass;

// The first field of every runner.
struct SfmRunner {
    const SfmRunnerClass *class;
    const SfmTarget *target; // what its plans are made for
    size_t memory_free; // bytes that may still be asked for, as far as is known; SIZE_MAX: unknown
    SfmCancel *cancel;  // borrowed: sfm_runner_eval() looks at it between two parts; may be NULL
};

// NULL is a no-op.
void sfm_runner_free(SfmRunner *runner);

// Elements of a tensor that a kernel can reach. A buffer of one image may be larger: whoever
// runs kernels on it goes through it part by part, as sfm_runner_eval() does.
size_t sfm_runner_reach(const SfmRunner *runner);

// Elements that any kernel gets through within a submission.
#define SFM_SMALL_PART ((size_t)1 << 20)

// As many of them as a kernel can reach: parts between which a run can be cancelled.
size_t sfm_runner_small_part(const SfmRunner *runner);

// Elements first .. first + count - 1 of a buffer of one image, in its memory, as
// a buffer [1, 1, 1, count]; `first` is a multiple of the reach or of SFM_SMALL_PART,
// which devices can address. To be freed before the whole is.
SfmBuffer *sfm_buffer_part(SfmRunner *runner, SfmBuffer *buffer, size_t first, size_t count);

// The contents are undefined. NULL with `error` set: no memory.
SfmBuffer *sfm_buffer_new(SfmRunner *runner, SfmShape shape, GError **error);

// NULL is a no-op. The device may still be using it: the runner sees to that.
void sfm_buffer_free(SfmRunner *runner, SfmBuffer *buffer);

// Copy sfm_shape_count(buffer->shape) floats in or out.
bool sfm_buffer_write(SfmRunner *runner, SfmBuffer *buffer, const float *data, GError **error);
bool sfm_buffer_read(SfmRunner *runner, SfmBuffer *buffer, float *data, GError **error);

// Copies out the first `count` of them: the first images of a batch.
bool sfm_buffer_read_first(SfmRunner *runner, SfmBuffer *buffer, size_t count, float *data,
                           GError **error);

// Runs one op by itself, with its plain shader or its reference. `call` has
// passed infer(); the buffers have its shapes and do not overlap.
bool sfm_runner_call(SfmRunner *runner, const SfmCall *call, SfmBuffer *const out[],
                     SfmBuffer *const in[], GError **error);

// out = expr, element by element: one kernel. Slot i of the expression's tensors
// is in[i], each of out's shape, or [N, 1, 1, 1] where the expression says
// PER_IMAGE (N is out's). `out` may be one of `in`. One image is gone through in small
// parts, between which it may be cancelled.
bool sfm_runner_eval(SfmRunner *runner, const SfmExpr *expr, const float scalars[],
                     SfmBuffer *const in[], SfmBuffer *out, GError **error);

// Uploads the weights and records the steps. The plan is borrowed and must
// outlive the program. Blocks. A driver may put compiling off until the program
// first runs, which may then take seconds.
SfmProgram *sfm_program_new(SfmRunner *runner, const SfmPlan *plan, SfmWeightFunc weights,
                            void *user_data, GError **error);

// NULL is a no-op.
void sfm_program_free(SfmRunner *runner, SfmProgram *program);

// Runs the plan once: graph inputs from `in`, outputs to `out`, in the graph's
// order, buffers of the same shapes. Returns when the work is done, or, with
// SFM_ERROR_CANCELLED, within one submission of at most about 100 ms of
// estimated work after the flag went up. `options` may be NULL.
bool sfm_program_run(SfmRunner *runner, SfmProgram *program, SfmBuffer *const out[],
                     SfmBuffer *const in[], const SfmRunOptions *options, GError **error);

// Runs all steps, and then every launch by itself, on whatever their inputs hold, and
// times them.
bool sfm_program_time(SfmRunner *runner, SfmProgram *program, SfmProgramTimes *times,
                      GError **error);

// Bytes that the weights of a program of this plan, packed, take on the device.
// Allocates nothing there. 0: one of them is larger than the device can bind.
size_t sfm_runner_weight_bytes(SfmRunner *runner, const SfmPlan *plan);

// From now on the runner has at most so many bytes on the device; what would be
// more fails with SFM_ERROR_NO_MEMORY. 0: no limit. In any case memory that is kept
// for buffers to come is given back. The references have no device: they
// take no notice.
void sfm_runner_limit_memory(SfmRunner *runner, uint64_t bytes);

#endif
