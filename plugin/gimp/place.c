// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/place.h"

#include "common/recipe_text.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/pixels.h"

void sfm_result_clear(SfmResult *result)
{
    g_clear_pointer(&result->layers, g_free);
    result->num_layers = 0;
}

// ---- one layer --------------------------------------------------------------

// Only where the picture differs from what the job started from.
static bool write_changes(const SfmOrigin *origin, SfmImage *picture, GeglBuffer *buffer,
                          GimpColorProfile *profile, GError **error)
{
    const SfmPixels *before = &origin->pictures[0];
    g_autoptr(GeglBuffer) old = sfm_host_layer_buffer(origin->layer);
    gegl_buffer_copy(old, NULL, GEGL_ABYSS_NONE, buffer, NULL);
    if (origin->mask.pixels && origin->job != SFM_JOB_INPAINT) // which has done so itself
        sfm_pixels_mix(picture, before, &origin->mask);
    return sfm_pixels_write_changes(picture, before, buffer, profile, error);
}

// Jobs that start from one layer change it; others make something new.
static bool is_change(const SfmOrigin *origin)
{
    return origin->layer >= 0 && origin->job != SFM_JOB_INTERPOLATE;
}

static bool write_layer(const SfmOrigin *origin, int image, int layer, SfmImage *picture,
                        GError **error)
{
    g_autoptr(GObject) profile = (GObject *)sfm_host_image_profile(image);
    g_autoptr(GeglBuffer) buffer = sfm_host_layer_buffer(layer);
    if (is_change(origin))
        return write_changes(origin, picture, buffer, (GimpColorProfile *)profile, error);
    return sfm_pixels_write(picture, buffer, (GimpColorProfile *)profile, error);
}

// What is generated can have no alpha; in an image that is there its layer has one.
static int channels_of(const SfmOrigin *origin, int image, const SfmImage *picture)
{
    const int colours = sfm_host_image_is_gray(image) ? 1 : 3;
    const bool generated = origin->layer < 0;
    const bool alpha = generated ? origin->place.image >= 0 : picture->channels % 2 == 0;
    return colours + (alpha ? 1 : 0);
}

static int new_layer(const SfmOrigin *origin, int image, const char *name, const SfmImage *picture)
{
    if (is_change(origin))
        return sfm_host_layer_new_like(origin->layer, name);
    return sfm_host_layer_new(image, name, picture->width, picture->height,
                              channels_of(origin, image, picture));
}

// -1 on failure, with nothing left behind.
static int layer_of(const SfmOrigin *origin, int image, const char *name, SfmImage *picture,
                    GError **error)
{
    const int layer = new_layer(origin, image, name, picture);
    if (layer < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("GIMP has made no layer of %d x %d"),
                    picture->width, picture->height);
        return -1;
    }
    if (!write_layer(origin, image, layer, picture, error)) {
        sfm_host_layer_delete(layer);
        return -1;
    }
    if (picture->recipe)
        sfm_host_layer_attach(layer, SFM_RECIPE_NAME, picture->recipe);
    return layer;
}

// ---- all of them ------------------------------------------------------------

// Estimates on the way to an image come directly before it.
static char *name_of(const SfmForm *form, const SfmOutcome *outcome, int index)
{
    const int num = outcome->pictures.num_images;
    const int each = num / MAX(form->each[form->job].count, 1); // estimates of an image, and itself
    const int frame = (index + 1) % MAX(each, 1);
    if (num == 1)
        return sfm_result_name(form->job, outcome->title, form->seed);
    return sfm_layer_name(form->job, outcome->title, form->seed, index / MAX(each, 1) + 1, frame);
}

// The layers, outside the image.
static bool make_layers(const SfmForm *form, SfmOutcome *outcome, int image, int *layers,
                        GError **error)
{
    SfmPictures *pictures = &outcome->pictures;
    for (int i = 0; i < pictures->num_images; i++) {
        g_autofree char *name = name_of(form, outcome, i);
        layers[i] = layer_of(&outcome->origin, image, name, &pictures->images[i], error);
        if (layers[i] >= 0)
            continue;
        while (--i >= 0)
            sfm_host_layer_delete(layers[i]);
        return false;
    }
    return true;
}

static bool place_in_image(const SfmForm *form, SfmOutcome *outcome, const SfmHostPlace *place,
                           SfmResult *result, GError **error)
{
    const int num = outcome->pictures.num_images;
    g_autofree int *layers = g_new0(int, (size_t)num);
    if (!make_layers(form, outcome, place->image, layers, error))
        return false;
    g_autofree char *name = sfm_result_name(form->job, outcome->title, form->seed);
    const int group = num > 1 ? sfm_host_group_new(place->image, name) : -1;
    sfm_host_layers_insert(place, group, layers, num);
    *result = (SfmResult){ place->image, g_steal_pointer(&layers), num };
    return true;
}

bool sfm_place(const SfmForm *form, SfmOutcome *outcome, SfmResult *result, GError **error)
{
    const SfmHostPlace *place = &outcome->origin.place;
    if (place->image >= 0)
        return place_in_image(form, outcome, place, result, error);
    const SfmImage *first = &outcome->pictures.images[0];
    const SfmHostPlace fresh = {
        .image = sfm_host_image_new(first->width, first->height, first->channels), .above = -1
    };
    if (fresh.image < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("GIMP has made no image of %d x %d"),
                    first->width, first->height);
        return false;
    }
    if (place_in_image(form, outcome, &fresh, result, error))
        return true;
    sfm_host_image_delete(fresh.image);
    return false;
}
