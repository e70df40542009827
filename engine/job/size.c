// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/size.h"

#include <string.h>

#include "job/defaults.h"

enum {
    MAX_SIDE = 262144,    // pixels, as GIMP has it
    MAX_PIXELS = 1 << 28, // so that no count in a graph overflows
};

static bool check_side(const char *what, int side, GError **error)
{
    return (side >= 1 && side <= MAX_SIDE) ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s: %d is not in 1 .. %d pixels", what, side,
                    MAX_SIDE);
}

bool sfm_size_choose(const SfmModel *model, int width, int height, SfmExtent *size, GError **error)
{
    SfmExtent own;

    sfm_default_size(model, &own.width, &own.height);
    if (width == 0 && height == 0) {
        *size = own;
        return (own.width > 0 && own.height > 0) ||
               sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "size: %s does not say its own, so one must be given", model->name);
    }

    width = width != 0 ? width : height;
    height = height != 0 ? height : width;
    if (!check_side("width", width, error) || !check_side("height", height, error))
        return false;
    *size = (SfmExtent){ (uint32_t)width, (uint32_t)height };
    return (uint64_t)size->width * size->height <= MAX_PIXELS ||
           sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "size: %dx%d is more than %d pixels", width,
                    height, MAX_PIXELS);
}

static uint32_t round_up(uint32_t value, uint32_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

SfmUnetSize sfm_size_padded(const SfmModel *model, SfmExtent size)
{
    const uint32_t multiple = sfm_unet_multiple(&model->unet, model->card.patch);

    return (SfmUnetSize){
        .batch = 1,
        .height = round_up(size.height, multiple),
        .width = round_up(size.width, multiple),
        .patch = model->card.patch,
    };
}

static bool check_multiple(const char *what, uint32_t side, uint32_t multiple, GError **error)
{
    const uint32_t above = round_up(side, multiple);
    const uint32_t below = MAX(above - multiple, multiple);

    if (side == above)
        return true;
    if (below == above)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                        "seamless: the %s of %u is no multiple of %u; the nearest is %u", what,
                        side, multiple, above);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT,
                    "seamless: the %s of %u is no multiple of %u; the nearest are %u and %u", what,
                    side, multiple, below, above);
}

bool sfm_size_wrap(const SfmModel *model, const char *axes, SfmExtent size, SfmWrap *wrap,
                   GError **error)
{
    const uint32_t multiple = sfm_unet_multiple(&model->unet, model->card.patch);
    const bool both = strcmp(axes, "both") == 0;

    *wrap = (SfmWrap){ .x = both || strcmp(axes, "x") == 0, .y = both || strcmp(axes, "y") == 0 };
    return (!wrap->x || check_multiple("width", size.width, multiple, error)) &&
           (!wrap->y || check_multiple("height", size.height, multiple, error));
}
