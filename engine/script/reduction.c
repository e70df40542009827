// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/reduction.h"

#include <math.h>
#include <string.h>

#include "ops/quantile.h"
#include "script/api.h"
#include "script/operations.h"
#include "script/tensors.h"

#define PARALLEL 1e-6 // sin of an angle below which slerp is lerp

// out[n] = one value of image n of `in`, by op "reduce" or "quantile".
static bool reduce_all(SfmPool *pool, const char *op, const void *attrs, SfmBuffer *in,
                       SfmBuffer *out, GError **error)
{
    SfmCall call = {
        .op = sfm_op_find(op),
        .attrs = attrs,
        .num_inputs = 1,
        .in = { in->shape },
    };
    pool->num_kernels++;
    return sfm_call_infer(&call, error) && sfm_runner_call(pool->runner, &call, &out, &in, error);
}

// The sum that is behind a part's value, which is of `count` elements, joins `sum`:
// of the largest it is the larger one.
static void join(SfmReduceKind kind, double value, double count, double *sum)
{
    switch (kind) {
    case SFM_REDUCE_MEAN:
        *sum += value * count;
        break;
    case SFM_REDUCE_RMS:
        *sum += value * value * count;
        break;
    case SFM_REDUCE_ABSMAX:
        *sum = isnan(value) || isnan(*sum) ? NAN : fmax(*sum, value);
    }
}

static double finish(SfmReduceKind kind, double sum, double count)
{
    if (kind == SFM_REDUCE_ABSMAX)
        return sum;
    return kind == SFM_REDUCE_RMS ? sqrt(sum / count) : sum / count;
}

// Of one image that is larger than the device's reach.
static bool reduce_parts(SfmPool *pool, const SfmReduce *attrs, SfmBuffer *in, SfmBuffer *out,
                         GError **error)
{
    const size_t count = sfm_shape_count(in->shape), reach = sfm_runner_reach(pool->runner);
    double sum = 0.0;
    float value = 0.0F;
    bool ok = true;

    for (size_t first = 0; ok && first < count; first += reach) {
        const size_t num = MIN(reach, count - first);
        SfmBuffer *part = sfm_buffer_part(pool->runner, in, first, num);
        ok = reduce_all(pool, "reduce", attrs, part, out, error) &&
             sfm_buffer_read(pool->runner, out, &value, error);
        join(attrs->kind, (double)value, (double)num, &sum);
        sfm_buffer_free(pool->runner, part);
    }
    value = (float)finish(attrs->kind, sum, (double)count);
    return ok && sfm_buffer_write(pool->runner, out, &value, error);
}

// A quantile is not made of those of parts.
static bool reduce(SfmPool *pool, const char *op, const void *attrs, SfmBuffer *in, SfmBuffer *out,
                   GError **error)
{
    const bool large =
        in->shape.dim[0] == 1 && sfm_shape_count(in->shape) > sfm_runner_reach(pool->runner);

    return large && strcmp(op, "reduce") == 0 ? reduce_parts(pool, attrs, in, out, error)
                                              : reduce_all(pool, op, attrs, in, out, error);
}

bool sfm_reduction_read(SfmPool *pool, SfmReduceKind kind, SfmBuffer *in, float values[],
                        GError **error)
{
    SfmSlot *slot = sfm_pool_take(pool, true, error);
    if (!slot)
        return false;
    const SfmReduce attrs = { .kind = kind };
    const bool ok = reduce(pool, "reduce", &attrs, in, slot->buffer, error) &&
                    sfm_buffer_read(pool->runner, slot->buffer, values, error);
    slot->refs--;
    return ok;
}

// Pushes a tensor of one value an image. Raises an error where there is no room.
static SfmBuffer *push_single(lua_State *L)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    SfmTerm **term = sfm_tensor_push(L);
    GError *error = NULL;
    SfmSlot *slot = sfm_pool_take(pool, true, &error);
    if (!slot)
        sfm_state_raise(L, error);
    *term = sfm_term_new_buffer(pool, slot, true);
    return slot->buffer;
}

// For a batch of one a number, else a tensor of one value an image.
static int push_reduction(lua_State *L, const char *op, const void *attrs)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    SfmBuffer *in = sfm_tensor_check_buffer(L, 1);
    SfmBuffer *out = push_single(L);
    const bool single = pool->shape.dim[0] == 1;
    float value = 0;
    GError *error = NULL;
    sfm_device_begin(L);
    if (reduce(pool, op, attrs, in, out, &error) && single)
        sfm_buffer_read(pool->runner, out, &value, &error);
    sfm_device_end(L, error);
    if (single)
        lua_pushnumber(L, (double)value);
    return 1;
}

static int rms(lua_State *L)
{
    return push_reduction(L, "reduce", &(SfmReduce){ .kind = SFM_REDUCE_RMS });
}

static int absmax(lua_State *L)
{
    return push_reduction(L, "reduce", &(SfmReduce){ .kind = SFM_REDUCE_ABSMAX });
}

static int mean(lua_State *L)
{
    return push_reduction(L, "reduce", &(SfmReduce){ .kind = SFM_REDUCE_MEAN });
}

static int quantile(lua_State *L)
{
    const double q = luaL_checknumber(L, 2);
    sfm_state_check_number(L, 2, q >= 0 && q <= 1, "a share from 0 to 1");
    return push_reduction(L, "quantile", &(SfmQuantile){ .q = (float)q });
}

// Shoemake 1985, equation 3.3: sin((1 - w) theta) / sin theta and sin(w theta) /
// sin theta, theta being the angle between the two.
static void slerp_weights(double cosine, double w, float *of_y, float *of_z)
{
    const double theta = acos(fmin(1, fmax(-1, cosine)));
    const bool parallel = sin(theta) < PARALLEL;
    *of_y = (float)(parallel ? 1 - w : sin((1 - w) * theta) / sin(theta));
    *of_z = (float)(parallel ? w : sin(w * theta) / sin(theta));
}

// What the weights are made from and written to: [num_images] each.
typedef struct {
    SfmBuffer *y, *z, *product, *of_y, *of_z;
    float *values; // 5 x num_images
} Slerp;

static bool compute_weights(SfmPool *pool, const Slerp *slerp, double w, GError **error)
{
    const size_t num = pool->shape.dim[0];
    float *rms_y = slerp->values, *rms_z = rms_y + num, *mean = rms_z + num;
    float *of_y = mean + num, *of_z = of_y + num;
    if (!sfm_reduction_read(pool, SFM_REDUCE_RMS, slerp->y, rms_y, error) ||
        !sfm_reduction_read(pool, SFM_REDUCE_RMS, slerp->z, rms_z, error) ||
        !sfm_reduction_read(pool, SFM_REDUCE_MEAN, slerp->product, mean, error))
        return false;
    for (size_t n = 0; n < num; n++) {
        const double norms = (double)rms_y[n] * rms_z[n];
        slerp_weights(norms > 0 ? mean[n] / norms : 1, w, &of_y[n], &of_z[n]);
    }
    return sfm_buffer_write(pool->runner, slerp->of_y, of_y, error) &&
           sfm_buffer_write(pool->runner, slerp->of_z, of_z, error);
}

// For y:slerp(z, w), which is on the stack: pushes what y and z are to be
// multiplied by, each one value an image.
static void push_slerp_weights(lua_State *L)
{
    SfmPool *pool = &sfm_script_of(L)->pool;
    const double w = luaL_checknumber(L, 3);
    Slerp slerp = { .y = sfm_tensor_check_buffer(L, 1), .z = sfm_tensor_check_buffer(L, 2) };
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_arith(L, LUA_OPMUL);
    slerp.product = sfm_tensor_check_buffer(L, -1);
    slerp.values = lua_newuserdatauv(L, 5 * sizeof(float) * pool->shape.dim[0], 0);
    slerp.of_y = push_single(L);
    slerp.of_z = push_single(L);
    GError *error = NULL;
    sfm_device_begin(L);
    compute_weights(pool, &slerp, w, &error);
    sfm_device_end(L, error);
    lua_rotate(L, -4, 2); // product and values away from below
    lua_pop(L, 2);
}

static int slerp(lua_State *L)
{
    lua_settop(L, 3);
    luaL_checknumber(L, 3);
    push_slerp_weights(L);
    sfm_operation_push(L, SFM_EXPR_MUL, 4, 1, 0);
    sfm_operation_push(L, SFM_EXPR_MUL, 5, 2, 0);
    sfm_operation_push(L, SFM_EXPR_ADD, 6, 7, 0);
    return 1;
}

const SfmApiEntry sfm_api_tensor[] = {
    { "set", sfm_tensor_set, "e: tensor|number", "tensor",
      "From now on y is what e is worth now; gives y" },
    { "slerp", slerp, "z: tensor, w: number", "tensor",
      "Along the great circle from y to z, image by image, and on beyond its ends; straight where "
      "there is no circle: between parallel ones, and from or to zero. Waits for the device, like "
      "a reduction" },
    { "rms", rms, "", "tensor|number", "Reduction: the root of the mean square" },
    { "absmax", absmax, "", "tensor|number", "Reduction: the greatest |y|" },
    { "mean", mean, "", "tensor|number", "Reduction: the mean" },
    { "quantile", quantile, "q: number", "tensor|number",
      "Reduction: what a share q, 0 to 1, lies below; between two values in proportion" },
    { 0 },
};
