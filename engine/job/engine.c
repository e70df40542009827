// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/engine.h"

#include "cpu/runner.h"
#include "job/tuned.h"
#include "vk/runner.h"

#define REFERENCE "reference" // the device that is no device

// What depends on the kernels that the device runs with.
static void note_target(SfmEngine *engine)
{
    g_free(engine->identity);
    sfm_choices_free(engine->tuned);
    engine->identity = g_strdup(sfm_vk_runner_identity(engine->runner));
    engine->tuned = sfm_tuned_load(engine->identity, engine->runner->target);
}

static bool open_device(SfmEngine *engine, const char *device, bool validate, GError **error)
{
    if (g_strcmp0(device, REFERENCE) == 0) {
        engine->device = g_strdup(REFERENCE);
        engine->runner = sfm_cpu_runner_new();
        return true;
    }
    const SfmVkOptions options = { .device = device, .validate = validate };
    engine->runner = sfm_vk_runner_new(&options, error);
    if (!engine->runner)
        return false;
    engine->device = g_strdup(sfm_vk_runner_device(engine->runner));
    note_target(engine);
    return true;
}

static const char *wanted_device(const SfmEngineParams *params)
{
    const char *device = params->device ? params->device : g_getenv("SFUMATO_DEVICE");
    return device && *device ? device : NULL;
}

SfmEngine *sfm_engine_new(const SfmEngineParams *params, GError **error)
{
    const SfmEngineParams defaults = { 0 };
    if (!params)
        params = &defaults;

    g_autoptr(SfmEngine) engine = g_new0(SfmEngine, 1);
    engine->data_dir = g_strdup(params->data_dir);
    engine->library = params->library ? sfm_script_library_ref(params->library)
                                      : sfm_script_library_new(params->data_dir);
    if (!open_device(engine, wanted_device(params), params->validate, error))
        return NULL;
    engine->runner->cancel = &engine->cancel;
    return g_steal_pointer(&engine);
}

static void forget_network(SfmEngine *engine)
{
    g_clear_pointer(&engine->network, sfm_network_free);
    g_clear_pointer(&engine->model, g_free);
}

void sfm_engine_free(SfmEngine *engine)
{
    if (!engine)
        return;
    forget_network(engine);
    sfm_runner_free(engine->runner);
    sfm_script_library_unref(engine->library);
    g_free(engine->device);
    g_free(engine->identity);
    sfm_choices_free(engine->tuned);
    g_free(engine->data_dir);
    g_free(engine);
}

const char *sfm_engine_device(const SfmEngine *engine)
{
    g_return_val_if_fail(engine, NULL);
    return engine->device;
}

void sfm_engine_cancel(SfmEngine *engine)
{
    if (engine)
        sfm_cancel_raise(&engine->cancel);
}

const char *sfm_engine_family(const SfmEngine *engine, const SfmMaker *maker)
{
    g_return_val_if_fail(engine, NULL);

    const bool has_choice = engine->identity != NULL;
    return has_choice ? sfm_vk_runner_family(engine->runner, maker ? maker->family : NULL,
                                             maker ? maker->device : NULL)
                      : engine->runner->target->name;
}

// Weights are packed, and kernels tuned, for a family.
static void take_family(SfmEngine *engine, const SfmMaker *maker)
{
    const char *family = sfm_engine_family(engine, maker);

    if (g_str_equal(family, engine->runner->target->name))
        return;
    forget_network(engine);
    sfm_vk_runner_take_family(engine->runner, family);
    note_target(engine);
}

static SfmNetwork *find_network(SfmEngine *engine, const char *model, GError **error)
{
    if (!model || !*model) {
        sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "model: none was given");
        return NULL;
    }
    if (g_strcmp0(engine->model, model) == 0) {
        sfm_network_choose(engine->network, engine->tuned);
        return engine->network;
    }

    SfmModel *opened = sfm_model_open(engine->data_dir, model, error);
    SfmNetwork *network = opened ? sfm_network_new(engine->runner, opened, error) : NULL;
    if (network)
        sfm_engine_keep(engine, model, network);
    return network;
}

SfmNetwork *sfm_engine_network(SfmEngine *engine, const char *model, GError **error)
{
    take_family(engine, NULL);
    return find_network(engine, model, error);
}

void sfm_engine_keep(SfmEngine *engine, const char *model, SfmNetwork *network)
{
    forget_network(engine);
    engine->network = network;
    sfm_network_choose(network, engine->tuned);
    engine->model = g_strdup(model);
}

SfmNetwork *sfm_engine_job_network(SfmEngine *engine, const SfmJobParams *params, GError **error)
{
    take_family(engine, &params->maker);
    SfmNetwork *network = find_network(engine, params->model, error);
    if (!network || !params->kernels)
        return network;

    g_autoptr(SfmChoices) choices = sfm_kernels_parse(params->kernels, error);
    if (!choices)
        return NULL;
    sfm_network_choose(network, choices);
    return network;
}

bool sfm_engine_fail(SfmEngine *engine, GError *why, GError **error)
{
    if (g_error_matches(why, SFM_ERROR, SFM_ERROR_CANCELLED))
        sfm_cancel_lower(&engine->cancel);
    g_propagate_error(error, why);
    return false;
}

const char *sfm_version(void)
{
    return SFM_VERSION;
}
