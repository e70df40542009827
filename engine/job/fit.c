// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/fit.h"

#include <math.h>

#include "job/memory.h"
#include "job/work.h"

enum {
    MAX_BATCH = 16,     // images, or tiles, at once
    STATE_TENSORS = 16, // of the picture's size: x and what a sampler makes of it
    LARGE_TILE = 512,   // pixels: where a picture is too large and nobody says
    LEAST_TILE = 16,    // pixels: of less, a network sees nothing but edges
    MAX_OVERLAP = 32,   // of tiles, in pixels
};

// Work at once beyond which a larger batch saves no time worth having: a device
// is busy with this, and progress stays smooth.
#define BATCH_FLOP 4e9

// Bytes of a picture's state on the device beside the network's arena.
static uint64_t state_bytes(const SfmRequest *r)
{
    return (uint64_t)STATE_TENSORS * r->size.width * r->size.height * r->channels * sizeof(float);
}

// As many at once as keep the device busy and fit into half of its memory, and so
// that all runs are alike.
static uint32_t choose_batch(const SfmNetworkCost *one, uint64_t state, uint64_t room, uint64_t num)
{
    const double each = (double)(one->arena_bytes + state);
    const double free_bytes = (double)room / 2.0 - (double)one->weight_bytes;
    const double most = fmin(fmin(free_bytes / each, BATCH_FLOP / one->flop), MAX_BATCH);
    const uint64_t at_once = MAX(1, (uint64_t)fmax(most, 1.0));
    const uint64_t runs = (num + at_once - 1) / at_once;

    return (uint32_t)((num + runs - 1) / runs);
}

// An image's bits do not depend on it; torch's noise does, which a batch draws
// as one.
static uint32_t images_at_once(const SfmRequest *r, const SfmNetworkCost *one, uint64_t room)
{
    if (sfm_script_info(r->sampler)->adaptive || sfm_work_of(r->job)->shares_noise)
        return 1;
    if (r->noise == SFM_NOISE_TORCH)
        return r->num_images;
    return choose_batch(one, state_bytes(r), room, r->made.end - r->made.first);
}

// What cannot be planned at this size is the size's fault, unless the network
// cannot be planned at the least size either.
static bool plan_one(const SfmRequest *r, SfmNetwork *network, SfmNetworkCost *cost, GError **error)
{
    const SfmUnetSize least = sfm_size_padded(sfm_network_model(network), (SfmExtent){ 1, 1 });
    g_autoptr(GError) why = NULL;
    SfmNetworkCost unused;

    if (sfm_network_cost(network, &r->tile, cost, &why))
        return true;
    return sfm_network_cost(network, &least, &unused, error) &&
           sfm_fail(error, SFM_ERROR_NO_MEMORY, "size: %ux%u is too large: %s", r->pixels.width,
                    r->pixels.height, why->message);
}

// What the job was told, or does; 0: nothing.
static uint32_t tile_side(const SfmRequest *r)
{
    const double said = sfm_knobs_number(&r->knobs, "tile");
    return said > 0.0 ? (uint32_t)said : sfm_work_of(r->job)->usual_tile;
}

static bool check_tile(const SfmRequest *r, uint32_t side, GError **error)
{
    return side == 0 || side >= LEAST_TILE ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "tile: %u pixels are too few for %s; take %d or more, or 0 for what fits best",
                    side, r->knobs.info->name, LEAST_TILE);
}

// A tile that is as large as the picture along an axis wraps as the picture does.
static void choose_tile(SfmRequest *r, const SfmModel *model, uint32_t side)
{
    const SfmUnetSize most = sfm_size_padded(model, (SfmExtent){ side, side });

    r->tile = r->size;
    r->overlap = 0;
    if (side == 0 || (r->size.width <= most.width && r->size.height <= most.height))
        return;
    r->tile.width = MIN(r->size.width, most.width);
    r->tile.height = MIN(r->size.height, most.height);
    r->tile.wrap.x = r->size.wrap.x && r->tile.width == r->size.width;
    r->tile.wrap.y = r->size.wrap.y && r->tile.height == r->size.height;
    r->overlap = MAX(1, MIN(MAX_OVERLAP, MIN(r->tile.width, r->tile.height) / 4));
}

// A job that may run in tiles runs whole where the device can, unless it is told
// otherwise. How much memory happens to be free has no say in it: the tiles are
// seen in the picture's bits.
static bool choose_parts(SfmRequest *r, SfmNetwork *network, SfmNetworkCost *one, GError **error)
{
    const SfmModel *model = sfm_network_model(network);
    const bool may = sfm_knobs_find(&r->knobs, "tile") != NULL;
    const uint32_t side = may ? tile_side(r) : 0;

    if (!check_tile(r, side, error))
        return false;
    choose_tile(r, model, side);
    if (may && side == 0 && !sfm_network_cost(network, &r->tile, one, NULL))
        choose_tile(r, model, LARGE_TILE);
    return plan_one(r, network, one, error);
}

// At most; there may be fewer.
static uint64_t num_tiles(const SfmRequest *r)
{
    const uint32_t across = r->tile.width - r->overlap, down = r->tile.height - r->overlap;
    return ((uint64_t)r->size.width / across + 1) * (r->size.height / down + 1);
}

// A batch may hold a tensor larger than the device's largest piece of memory
// where one image does not.
static bool halve_until_planned(SfmRequest *r, SfmNetwork *network, SfmNetworkCost *cost,
                                GError **error)
{
    while (r->tile.batch > 1 && r->noise != SFM_NOISE_TORCH &&
           !sfm_network_cost(network, &r->tile, cost, NULL))
        r->tile.batch /= 2;
    return sfm_network_cost(network, &r->tile, cost, error);
}

// ---- whether it fits ---------------------------------------------------------

static char *size_text(uint64_t bytes)
{
    return g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);
}

static uint64_t device_bytes(const SfmRequest *r, const SfmNetworkCost *cost)
{
    return cost->arena_bytes + cost->weight_bytes + state_bytes(r) * r->size.batch;
}

// The side of the largest tile, by halves, with which the request would fit; 0: none.
static uint32_t fitting_tile(const SfmRequest *r, SfmNetwork *network, uint64_t room)
{
    const SfmModel *model = sfm_network_model(network);
    SfmRequest smaller = *r; // borrows what it owns
    SfmNetworkCost cost;

    smaller.size.batch = 1;
    if (!sfm_knobs_find(&r->knobs, "tile"))
        return 0;
    for (uint32_t side = MAX(r->tile.width, r->tile.height) / 2; side >= LEAST_TILE; side /= 2) {
        choose_tile(&smaller, model, side);
        if (sfm_network_cost(network, &smaller.tile, &cost, NULL) &&
            device_bytes(&smaller, &cost) <= room)
            return MIN(side, MAX(smaller.tile.width, smaller.tile.height));
    }
    return 0;
}

static bool fail_device(const SfmRequest *r, SfmNetwork *network, uint64_t room, GError **error)
{
    g_autofree char *need = size_text(r->device_bytes), *have = size_text(room);
    const uint32_t tile = fitting_tile(r, network, room);

    if (tile > 0)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "tile: %ux%u in tiles of %ux%u needs %s of memory, of %s; tile=%u fits",
                        r->pixels.width, r->pixels.height, r->tile.width, r->tile.height, need,
                        have, tile);
    return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                    "size: %ux%u needs %s of memory, of %s; a smaller picture is needed",
                    r->pixels.width, r->pixels.height, need, have);
}

static bool check_memory(SfmRequest *r, SfmNetwork *network, const SfmNetworkCost *cost,
                         uint64_t room, GError **error)
{
    const uint64_t pictures =
        (uint64_t)(r->wanted.end - r->wanted.first) * (1 + (uint64_t)r->num_frames);
    const uint64_t results =
        pictures * r->pixels.width * r->pixels.height * r->channels * sizeof(float);
    const uint64_t host = sfm_memory_host();

    if (results > host) {
        g_autofree char *need = size_text(results), *have = size_text(host);
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "size: %" G_GUINT64_FORMAT " of %ux%u need %s of memory, of %s", pictures,
                        r->pixels.width, r->pixels.height, need, have);
    }
    r->device_bytes = device_bytes(r, cost);
    return r->device_bytes <= room || fail_device(r, network, room, error);
}

bool sfm_request_fit(SfmRequest *r, SfmNetwork *network, GError **error)
{
    const uint64_t room = sfm_network_room(network);
    SfmNetworkCost cost;

    if (!choose_parts(r, network, &cost, error))
        return false;
    r->tile.batch = r->overlap > 0 ? choose_batch(&cost, 0, room, num_tiles(r))
                                   : images_at_once(r, &cost, room);
    if (!halve_until_planned(r, network, &cost, error))
        return false;
    r->size.batch = r->overlap > 0 ? 1 : r->tile.batch;
    return check_memory(r, network, &cost, room, error);
}
