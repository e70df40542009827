// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/kernel.h"

#include <string.h>

#include <glib.h>

size_t sfm_layout_bytes(SfmLayout layout, SfmShape shape)
{
    if (layout != SFM_LAYOUT_PLAIN)
        shape.dim[1] = (shape.dim[1] + 3) / 4 * 4;
    return sfm_shape_count(shape) * (layout == SFM_LAYOUT_NHWC_HALF ? 2 : sizeof(float));
}

static bool is_vector(SfmShape shape)
{
    return shape.dim[2] == 1 && shape.dim[3] == 1;
}

bool sfm_layout_same(SfmLayout a, SfmLayout b, SfmShape shape)
{
    const bool halves = a == SFM_LAYOUT_NHWC_HALF || b == SFM_LAYOUT_NHWC_HALF;
    return a == b || (!halves && is_vector(shape) && shape.dim[1] % 4 == 0);
}

bool sfm_layout_splits(SfmLayout layout, SfmShape shape)
{
    return layout == SFM_LAYOUT_PLAIN || layout == SFM_LAYOUT_C4 || is_vector(shape);
}

static bool runs(const SfmKernel *kernel, const SfmCall *call)
{
    return g_str_equal(kernel->op, call->op->name) && (!kernel->applies || kernel->applies(call));
}

static bool same_layouts(const SfmKernel *a, const SfmKernel *b)
{
    return memcmp(a->in, b->in, sizeof a->in) == 0 && memcmp(a->out, b->out, sizeof a->out) == 0;
}

// If no kernel pays, the first that applies.
static const SfmKernel *usual(const SfmTarget *target, const SfmCall *call)
{
    const SfmKernel *first = NULL;

    for (size_t k = 0; k < target->num_kernels; k++) {
        const SfmKernel *kernel = target->kernels[k];
        if (!runs(kernel, call))
            continue;
        if (!kernel->pays || kernel->pays(call))
            return kernel;
        first = first ? first : kernel;
    }
    return first;
}

const SfmKernel *sfm_target_rival(const SfmTarget *target, const SfmCall *call, size_t i)
{
    const SfmKernel *first = usual(target, call);

    if (i == 0)
        return first;
    for (size_t k = 0; first && k < target->num_kernels; k++) {
        const SfmKernel *kernel = target->kernels[k];
        if (kernel != first && runs(kernel, call) && same_layouts(first, kernel) && --i == 0)
            return kernel;
    }
    return NULL;
}

static const SfmKernel *chosen(const SfmTarget *target, const SfmCall *call)
{
    g_autofree char *key = sfm_call_key(call);
    const char *name = sfm_choices_find(target->choices, key);
    const SfmKernel *rival = NULL;

    for (size_t i = 0; name && (rival = sfm_target_rival(target, call, i)); i++) {
        if (g_str_equal(rival->name, name))
            return rival;
    }
    return NULL;
}

const SfmKernel *sfm_target_choose(const SfmTarget *target, const SfmCall *call)
{
    const SfmKernel *kernel = target->choices ? chosen(target, call) : NULL;
    return kernel ? kernel : sfm_target_rival(target, call, 0);
}

bool sfm_kernel_suits(const SfmKernel *kernel, const char *key)
{
    g_autofree char *start = g_strconcat(kernel ? kernel->op : "", " ", NULL);
    return kernel && g_str_has_prefix(key, start);
}

static const SfmKernel *find(const SfmTarget *target, const char *name)
{
    for (size_t i = 0; i < target->num_kernels; i++) {
        if (g_str_equal(target->kernels[i]->name, name))
            return target->kernels[i];
    }
    return NULL;
}

bool sfm_target_check_choices(const SfmTarget *target, const SfmChoices *choices, GError **error)
{
    g_autofree const char **keys = sfm_choices_keys(choices);

    for (size_t i = 0; keys[i]; i++) {
        const char *name = sfm_choices_find(choices, keys[i]);
        if (!sfm_kernel_suits(find(target, name), keys[i]))
            return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: has no kernel \"%s\" for \"%s\"",
                            target->name, name, keys[i]);
    }
    return true;
}

const SfmKernel *sfm_target_relayout(const SfmTarget *target, SfmLayout from, SfmLayout to)
{
    for (size_t i = 0; i < target->num_kernels; i++) {
        const SfmKernel *kernel = target->kernels[i];
        if (g_str_equal(kernel->op, "copy") && kernel->in[0] == from && kernel->out[0] == to)
            return kernel;
    }
    return NULL;
}

double sfm_target_estimate(const SfmTarget *target, const SfmKernel *kernel, const SfmCall *call)
{
    const SfmCost cost = sfm_call_cost(call);
    const double memory = cost.bytes / (target->gbytes_per_second * 1e6);
    const double gflops = kernel->gflops < 0 ? target->gflops : kernel->gflops;
    const double arithmetic = gflops > 0 ? cost.flop / (gflops * 1e6) : 0;
    return MAX(memory, arithmetic);
}
