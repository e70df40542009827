// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/fit.h"

#include <math.h>

#include "job/footprint.h"
#include "job/memory.h"
#include "job/work.h"

enum {
    MAX_BATCH = 16,   // images, or tiles, at once
    LARGE_TILE = 512, // pixels: where a picture is too large and nobody says
    LEAST_TILE = 16,  // pixels: of less, a network sees nothing but edges
    MAX_OVERLAP = 32, // of tiles, in pixels
};

// Work at once beyond which a larger batch saves no time worth having: a device
// is busy with this, and progress stays smooth.
#define BATCH_FLOP 4e9

// What a request may take: of what nobody has allowed it, half is left to others.
typedef struct {
    uint64_t most, usual; // bytes of the device, the network's included
} Room;

static Room room_for(const SfmRequest *r, const SfmNetwork *network)
{
    const uint64_t there = sfm_network_room(network);

    if (r->memory_limit == 0)
        return (Room){ there, there / 2 };
    return (Room){ MIN(there, r->memory_limit), MIN(there, r->memory_limit) };
}

// As many at once as keep the device busy and have room, and so that all runs are
// alike. `state` is what each takes beside the network's arena.
static uint32_t choose_batch(const SfmNetworkCost *one, uint64_t state, uint64_t room, uint64_t num)
{
    const double each = (double)(one->arena_bytes + state);
    const double free_bytes = (double)room - (double)one->weight_bytes;
    const double most = fmin(fmin(free_bytes / each, BATCH_FLOP / one->flop), MAX_BATCH);
    const uint64_t at_once = MAX(1, (uint64_t)fmax(most, 1.0));
    const uint64_t runs = (num + at_once - 1) / at_once;

    return (uint32_t)((num + runs - 1) / runs);
}

// An image's bits do not depend on it; torch's noise does, which a batch draws
// as one.
static uint32_t images_at_once(const SfmRequest *r, const SfmModel *model,
                               const SfmNetworkCost *one, uint64_t room)
{
    if (sfm_script_info(r->sampler)->adaptive || sfm_work_of(r->job)->shares_noise)
        return 1;
    if (r->noise == SFM_NOISE_TORCH)
        return r->num_images;
    return choose_batch(one, sfm_footprint_of_image(r, model), room, r->made.end - r->made.first);
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

// ---- whether it fits ---------------------------------------------------------

static char *size_text(uint64_t bytes)
{
    return g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);
}

static uint64_t device_bytes(const SfmRequest *r, const SfmModel *model, const SfmNetworkCost *cost)
{
    return cost->arena_bytes + cost->weight_bytes + sfm_footprint_of_tiles(r, model) +
           sfm_footprint_of_image(r, model) * r->size.batch;
}

static void set_batch(SfmRequest *r, uint32_t batch)
{
    r->tile.batch = batch;
    r->size.batch = r->overlap > 0 ? 1 : batch;
}

// A batch may hold a tensor larger than the device's largest piece of memory where
// one image does not; and what it takes is not quite in proportion.
static bool lessen_until_it_fits(SfmRequest *r, SfmNetwork *network, uint64_t room,
                                 SfmNetworkCost *cost, GError **error)
{
    const SfmModel *model = sfm_network_model(network);

    while (
        r->tile.batch > 1 && (r->overlap > 0 || r->noise != SFM_NOISE_TORCH) &&
        (!sfm_network_cost(network, &r->tile, cost, NULL) || device_bytes(r, model, cost) > room))
        set_batch(r, r->tile.batch - 1);
    return sfm_network_cost(network, &r->tile, cost, error);
}

// The side of the largest tile, by halves, with which the request would fit; 0: none.
// `least`: bytes that it needs with the smallest that were tried.
static uint32_t fitting_tile(const SfmRequest *r, SfmNetwork *network, uint64_t room,
                             uint64_t *least)
{
    const SfmModel *model = sfm_network_model(network);
    SfmRequest smaller = *r; // borrows what it owns
    SfmNetworkCost cost;

    *least = r->device_bytes;
    smaller.size.batch = 1;
    if (r->keep_tiles || !sfm_knobs_find(&r->knobs, "tile"))
        return 0;
    for (uint32_t side = MAX(r->tile.width, r->tile.height) / 2; side >= LEAST_TILE; side /= 2) {
        choose_tile(&smaller, model, side);
        if (!sfm_network_cost(network, &smaller.tile, &cost, NULL))
            continue;
        *least = device_bytes(&smaller, model, &cost);
        if (*least <= room)
            return MIN(side, MAX(smaller.tile.width, smaller.tile.height));
    }
    return 0;
}

static bool fail_device(const SfmRequest *r, SfmNetwork *network, uint64_t room, GError **error)
{
    uint64_t least;
    const uint32_t tile = fitting_tile(r, network, room, &least);
    const bool tiles_help = least < r->device_bytes;
    g_autofree char *need = size_text(r->device_bytes), *have = size_text(room);
    g_autofree char *in_tiles = size_text(least);

    if (tile > 0)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "tile: %ux%u in tiles of %ux%u needs %s of memory, of %s; tile=%u fits",
                        r->pixels.width, r->pixels.height, r->tile.width, r->tile.height, need,
                        have, tile);
    if (room == r->memory_limit)
        return sfm_fail(error, SFM_ERROR_NO_MEMORY,
                        "memory: %ux%u needs %s of the device%s%s, and %s are allowed",
                        r->pixels.width, r->pixels.height, need, tiles_help ? ", in tiles " : "",
                        tiles_help ? in_tiles : "", have);
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
    r->device_bytes = device_bytes(r, sfm_network_model(network), cost);
    return r->device_bytes <= room || fail_device(r, network, room, error);
}

// Tiles that keep within what was allowed, where nobody has said how large they
// are to be: as a knob, since they are seen in the picture's bits, and so that the
// recipe has it.
static bool choose_smaller_tiles(SfmRequest *r, SfmNetwork *network, uint64_t room,
                                 SfmNetworkCost *cost, GError **error)
{
    const bool may = r->memory_limit > 0 && sfm_knobs_find(&r->knobs, "tile") &&
                     sfm_knobs_number(&r->knobs, "tile") == 0.0;
    if (!may || device_bytes(r, sfm_network_model(network), cost) <= room)
        return true;

    uint64_t least;
    const uint32_t side = fitting_tile(r, network, room, &least);
    g_autofree char *text = g_strdup_printf("%u", side);
    return side == 0 ||
           (sfm_knobs_set(&r->knobs, "tile", text, error) && choose_parts(r, network, cost, error));
}

bool sfm_request_fit(SfmRequest *r, SfmNetwork *network, GError **error)
{
    const SfmModel *model = sfm_network_model(network);
    const Room room = room_for(r, network);
    SfmNetworkCost cost;

    set_batch(r, 1);
    if (!choose_parts(r, network, &cost, error) ||
        !choose_smaller_tiles(r, network, room.most, &cost, error))
        return false;
    set_batch(r, r->overlap > 0 ? choose_batch(&cost, sfm_footprint_of_tiles(r, model), room.usual,
                                               num_tiles(r))
                                : images_at_once(r, model, &cost, room.usual));
    return lessen_until_it_fits(r, network, room.most, &cost, error) &&
           check_memory(r, network, &cost, room.most, error);
}
