// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/engine.h"
#include "job/request.h"
#include "job/size.h"

bool sfm_engine_model_cost(SfmEngine *engine, const char *model, int width, int height,
                           SfmModelCost *cost, GError **error)
{
    g_return_val_if_fail(engine && cost, false);

    SfmNetwork *network = sfm_engine_network(engine, model, error);
    SfmNetworkCost one;
    SfmExtent pixels;
    if (!network || !sfm_size_choose(sfm_network_model(network), width, height, &pixels, error))
        return false;
    const SfmUnetSize size = sfm_size_padded(sfm_network_model(network), pixels);
    if (!sfm_network_cost(network, &size, &one, error))
        return false;
    *cost = (SfmModelCost){
        .parameters = one.parameters,
        .flop = one.flop,
        .weight_bytes = one.weight_bytes,
        .arena_bytes = one.arena_bytes,
        .kernels = one.kernels,
    };
    return true;
}

bool sfm_engine_job_memory(SfmEngine *engine, const SfmJobParams *params, uint64_t *bytes,
                           GError **error)
{
    g_return_val_if_fail(engine && params && bytes, false);

    SfmNetwork *network = sfm_engine_job_network(engine, params, error);
    g_auto(SfmRequest) request = { 0 };
    if (!network || !sfm_request_init(&request, engine->library, network, params, error))
        return false;
    *bytes = request.device_bytes;
    return true;
}
