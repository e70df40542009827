// SPDX-License-Identifier: GPL-3.0-or-later
#include "hand.h"

#include <math.h>
#include <string.h>

static void assert_value(float got, float want, float epsilon, size_t i)
{
    const bool right = isnan(want) ? isnan(got) : got == want || fabsf(got - want) <= epsilon;
    if (!right)
        g_error("value %zu: got %.9g, want %.9g", i, got, want);
}

void gives(const SfmCall *call, const float *const in[], SfmShape shape, const float *want,
           float epsilon)
{
    g_autoptr(GError) error = NULL;
    SfmCall copy = *call;

    g_assert_true(sfm_call_infer(&copy, &error));
    g_assert_no_error(error);
    g_assert_true(sfm_shape_equal(copy.out[0], shape));

    const size_t count = sfm_shape_count(shape);
    g_autofree float *got = g_new(float, count);
    copy.op->reference(&copy, (float *const[]){ got }, in);
    for (size_t i = 0; i < count; i++)
        assert_value(got[i], want[i], epsilon, i);
}

void refuses(const SfmCall *call, const char *why)
{
    g_autoptr(GError) error = NULL;
    SfmCall copy = *call;

    g_assert_false(copy.op->infer(&copy, &error));
    g_assert_error(error, SFM_ERROR, SFM_ERROR_BAD_SHAPE);
    g_assert_cmpstr(error->message, ==, why);
}

void launches(const SfmCall *call, uint32_t groups, void *push, size_t push_size)
{
    SfmLaunch launch;

    call->op->launch(call, &launch);
    g_assert_cmpuint(launch.groups[0], ==, groups);
    g_assert_cmpuint(launch.groups[1] * launch.groups[2], ==, 1);
    g_assert_cmpuint(launch.push_size, ==, push_size);
    memcpy(push, launch.push, push_size);
}
