// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/place.h"

#include "common/text.h"
#include "gimp/pixels.h"

void sfm_result_clear(SfmResult *result)
{
    g_clear_pointer(&result->layers, g_free);
    result->num_layers = 0;
}

static bool write_layer(int image, int layer, const SfmImage *picture, GError **error)
{
    g_autoptr(GObject) profile = (GObject *)sfm_host_image_profile(image);
    g_autoptr(GeglBuffer) buffer = sfm_host_layer_buffer(layer);
    return sfm_pixels_write(picture, buffer, (GimpColorProfile *)profile, error);
}

// -1 on failure, with nothing left behind.
static int layer_of(int image, const char *name, const SfmImage *picture, bool alpha,
                    GError **error)
{
    const int colours = sfm_host_image_is_gray(image) ? 1 : 3;
    const int layer =
        sfm_host_layer_new(image, name, picture->width, picture->height, colours + (alpha ? 1 : 0));
    if (layer < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "GIMP has made no layer of %d x %d",
                    picture->width, picture->height);
        return -1;
    }
    if (!write_layer(image, layer, picture, error)) {
        sfm_host_layer_delete(layer);
        return -1;
    }
    sfm_host_layer_attach(layer, "sfumato-recipe", picture->recipe);
    return layer;
}

// The layers, outside the image; a layer of a new image is its background and has no alpha.
static bool make_layers(int image, bool alpha, const char *title, int seed,
                        const SfmPictures *pictures, int *layers, GError **error)
{
    for (int i = 0; i < pictures->num_images; i++) {
        g_autofree char *name = sfm_layer_name(title, seed, i, pictures->num_images);
        layers[i] = layer_of(image, name, &pictures->images[i], alpha, error);
        if (layers[i] >= 0)
            continue;
        while (--i >= 0)
            sfm_host_layer_delete(layers[i]);
        return false;
    }
    return true;
}

static bool place_in_image(const SfmHostPlace *target, bool alpha, const char *title, int seed,
                           const SfmPictures *pictures, SfmResult *result, GError **error)
{
    g_autofree int *layers = g_new0(int, (size_t)pictures->num_images);
    if (!make_layers(target->image, alpha, title, seed, pictures, layers, error))
        return false;
    sfm_host_layers_insert(target, layers, pictures->num_images);
    result->image = target->image;
    result->layers = g_steal_pointer(&layers);
    result->num_layers = pictures->num_images;
    return true;
}

bool sfm_place(const SfmHostPlace *target, const char *title, int seed, const SfmPictures *pictures,
               SfmResult *result, GError **error)
{
    if (target->image >= 0)
        return place_in_image(target, true, title, seed, pictures, result, error);
    const SfmImage *first = &pictures->images[0];
    const SfmHostPlace fresh = { .image = sfm_host_image_new(first->width, first->height,
                                                             first->channels) };
    if (fresh.image < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "GIMP has made no image of %d x %d",
                    first->width, first->height);
        return false;
    }
    if (place_in_image(&fresh, false, title, seed, pictures, result, error))
        return true;
    sfm_host_image_delete(fresh.image);
    return false;
}
