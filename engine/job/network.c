// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: nothing is allocated on a device for a plan that does
// not fit, and no program runs whose weights were not all found, of the right
// shape, finite, and none left over.

#include "job/network.h"

#include <string.h>

#include "job/memory.h"
#include "job/random_weights.h"

struct SfmNetwork {
    SfmRunner *runner; // borrowed
    SfmModel *model;   // owned
    SfmNoiseTable table;
    SfmTarget target;    // of plans: the runner's, with choices of its own
    SfmChoices *choices; // those; owned
    SfmChoices *chosen;  // those of the program; owned
    SfmUnetSize size;    // likewise
    SfmGraph *graph;     // of the program, as are the two below; NULL: not prepared
    SfmPlan *plan;
    SfmProgram *program;
};

SfmNetwork *sfm_network_new(SfmRunner *runner, SfmModel *model, GError **error)
{
    g_autoptr(SfmNetwork) network = g_new0(SfmNetwork, 1);

    network->runner = runner;
    network->model = model;
    network->target = *runner->target;
    if (model->weights && sfm_noise_table_wanted(&model->scheduler) &&
        !sfm_noise_table_init(&network->table, &model->scheduler, error)) {
        g_prefix_error(error, "%s: ", model->path);
        return NULL;
    }
    return g_steal_pointer(&network);
}

static void forget_program(SfmNetwork *network)
{
    sfm_program_free(network->runner, network->program);
    sfm_plan_free(network->plan);
    sfm_graph_free(network->graph);
    network->program = NULL;
    network->plan = NULL;
    network->graph = NULL;
}

void sfm_network_free(SfmNetwork *network)
{
    if (!network)
        return;
    forget_program(network);
    sfm_noise_table_clear(&network->table);
    sfm_choices_free(network->choices);
    sfm_choices_free(network->chosen);
    sfm_model_free(network->model);
    g_free(network);
}

void sfm_network_choose(SfmNetwork *network, const SfmChoices *choices)
{
    SfmChoices *copy = sfm_choices_copy(choices);

    sfm_choices_free(network->choices);
    network->choices = copy;
    network->target.choices = copy;
}

void sfm_network_keep_norms_apart(SfmNetwork *network)
{
    network->target.norms_apart = true;
}

SfmModel *sfm_network_model(const SfmNetwork *network)
{
    return network->model;
}

const SfmNoiseTable *sfm_network_table(const SfmNetwork *network)
{
    return network->table.num > 0 ? &network->table : NULL;
}

const SfmPlan *sfm_network_plan(const SfmNetwork *network)
{
    return network->plan;
}

SfmProgram *sfm_network_program(const SfmNetwork *network)
{
    return network->program;
}

static bool make_plan(SfmNetwork *network, const SfmUnetSize *size, SfmGraph **graph,
                      SfmPlan **plan, GError **error)
{
    g_autoptr(SfmGraph) g = sfm_unet_build(&network->model->unet, size, error);
    if (!g)
        return false;
    *plan = sfm_plan_new(g, &network->target, error);
    if (!*plan)
        return false;
    *graph = g_steal_pointer(&g);
    return true;
}

static SfmNetworkCost cost_of(const SfmNetwork *network, const SfmGraph *graph, const SfmPlan *plan)
{
    SfmNetworkCost cost = {
        .weight_bytes = sfm_runner_weight_bytes(network->runner, plan),
        .arena_bytes = sfm_plan_arena_size(plan),
        .flop = sfm_plan_cost(plan).flop,
        .kernels = (int)sfm_plan_num_steps(plan),
    };
    for (SfmValue v = 1; v <= sfm_graph_num_values(graph); v++) {
        const SfmValueInfo *info = sfm_graph_value(graph, v);
        if (info->kind == SFM_VALUE_WEIGHT)
            cost.parameters += sfm_shape_count(info->shape);
    }
    return cost;
}

uint64_t sfm_network_room(const SfmNetwork *network)
{
    uint64_t room = sfm_memory_free(network->runner);

    if (network->program)
        room += sfm_plan_arena_size(network->plan) +
                sfm_runner_weight_bytes(network->runner, network->plan);
    return room;
}

bool sfm_network_cost(SfmNetwork *network, const SfmUnetSize *size, SfmNetworkCost *cost,
                      GError **error)
{
    g_autoptr(SfmGraph) graph = NULL;
    g_autoptr(SfmPlan) plan = NULL;

    if (!make_plan(network, size, &graph, &plan, error))
        return false;
    *cost = cost_of(network, graph, plan);
    return true;
}

static bool check_fits(const SfmNetwork *network, const SfmUnetSize *size, GError **error)
{
    const SfmNetworkCost cost = cost_of(network, network->graph, network->plan);
    const uint64_t needed = cost.arena_bytes + cost.weight_bytes;
    const uint64_t room = sfm_network_room(network);

    if (needed <= room)
        return true;
    g_autofree char *need = g_format_size_full(needed, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *have = g_format_size_full(room, G_FORMAT_SIZE_IEC_UNITS);
    return sfm_fail(error, SFM_ERROR_NO_MEMORY, "size: %ux%u needs %s of memory, of %s",
                    size->width, size->height, need, have);
}

static bool check_leftovers(const SfmNetwork *network, const SfmGraph *graph, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (SfmValue v = 1; v <= sfm_graph_num_values(graph); v++) {
        const SfmValueInfo *info = sfm_graph_value(graph, v);
        if (info->kind == SFM_VALUE_WEIGHT)
            g_hash_table_add(names, (void *)info->name);
    }
    return sfm_model_check_leftovers(network->model, names, error);
}

// What the weight callback needs.
typedef struct {
    SfmNetwork *network;
    const SfmRunOptions *loading;
} Loading;

static bool read_weight(void *user_data, const char *name, SfmShape shape, float *out,
                        GError **error)
{
    const Loading *l = user_data;

    if (!sfm_cancel_check(l->loading->cancel, error))
        return false;
    if (l->loading->progress)
        l->loading->progress(l->loading->user_data, 0.0, 0.0);
    if (!l->network->model->weights) {
        sfm_random_weight(name, shape, out);
        return true;
    }
    return sfm_model_read_weight(l->network->model, name, shape, out, error);
}

static bool same_size(const SfmUnetSize *a, const SfmUnetSize *b)
{
    return a->batch == b->batch && a->height == b->height && a->width == b->width &&
           a->patch == b->patch && a->wrap.x == b->wrap.x && a->wrap.y == b->wrap.y;
}

bool sfm_network_prepare(SfmNetwork *network, const SfmUnetSize *size, const SfmRunOptions *loading,
                         GError **error)
{
    Loading l = { network, loading };

    if (network->program && same_size(&network->size, size) &&
        sfm_choices_equal(network->chosen, network->choices))
        return true;
    forget_program(network);
    if (!make_plan(network, size, &network->graph, &network->plan, error))
        return false;

    if (!check_fits(network, size, error) ||
        (network->model->weights && !check_leftovers(network, network->graph, error)))
        return false;
    network->size = *size;
    sfm_choices_free(network->chosen);
    network->chosen = sfm_choices_copy(network->choices);
    network->program = sfm_program_new(network->runner, network->plan, read_weight, &l, error);
    return network->program != NULL;
}

// The buffer for the plan's i-th input.
static SfmBuffer *input_named(const SfmNetwork *network, uint32_t i, SfmBuffer *sample,
                              SfmBuffer *condition, SfmBuffer *labels)
{
    const SfmPlanTensor *tensor = sfm_plan_tensor(network->plan, sfm_plan_input(network->plan, i));
    const char *name = sfm_graph_value(network->graph, tensor->value)->name;

    if (strcmp(name, "sample") == 0)
        return sample;
    return strcmp(name, "timestep") == 0 ? condition : labels;
}

bool sfm_network_run(SfmNetwork *network, SfmBuffer *sample, SfmBuffer *condition,
                     SfmBuffer *labels, SfmBuffer *out, const SfmRunOptions *options,
                     GError **error)
{
    enum { MOST_INPUTS = 3 };
    SfmBuffer *in[MOST_INPUTS];
    const uint32_t num = sfm_plan_num_inputs(network->plan);
    g_assert(num <= MOST_INPUTS);

    for (uint32_t i = 0; i < num; i++)
        in[i] = input_named(network, i, sample, condition, labels);
    return sfm_program_run(network->runner, network->program, &out, in, options, error);
}
