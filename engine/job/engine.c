// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/engine.h"

#include "cpu/runner.h"
#include "job/tuned.h"
#include "vk/runner.h"

#define REFERENCE "reference" // the device that is no device

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
    engine->identity = g_strdup(sfm_vk_runner_identity(engine->runner));
    engine->tuned = sfm_tuned_load(engine->identity, engine->runner->target);
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
    return g_steal_pointer(&engine);
}

void sfm_engine_free(SfmEngine *engine)
{
    if (!engine)
        return;
    sfm_network_free(engine->network);
    sfm_runner_free(engine->runner);
    sfm_script_library_unref(engine->library);
    g_free(engine->model);
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

SfmNetwork *sfm_engine_network(SfmEngine *engine, const char *model, GError **error)
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

void sfm_engine_keep(SfmEngine *engine, const char *model, SfmNetwork *network)
{
    sfm_network_free(engine->network);
    engine->network = network;
    sfm_network_choose(network, engine->tuned);
    g_free(engine->model);
    engine->model = g_strdup(model);
}

bool sfm_engine_choose(SfmEngine *engine, const char *const *kernels, GError **error)
{
    g_autoptr(SfmChoices) choices = kernels ? sfm_kernels_parse(kernels, error) : NULL;

    if (kernels && !choices)
        return false;
    sfm_network_choose(engine->network, kernels ? choices : engine->tuned);
    return true;
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
