// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/host.h"

#include <string.h>

#include <libgimp/gimp.h>

bool sfm_host_target(int image, SfmHostPlace *target, GError **error)
{
    *target = (SfmHostPlace){ .image = -1 };
    if (image < 0)
        return true;
    if (!gimp_image_is_valid(image)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "there is no image %d", image);
        return false;
    }
    if (gimp_image_base_type(image) == GIMP_INDEXED) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    "the image is indexed; convert it by Image > Mode > RGB first");
        return false;
    }
    gboolean selected;
    gint x1, y1, x2, y2;
    if (!gimp_selection_bounds(image, &selected, &x1, &y1, &x2, &y2)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "image %d has no selection mask",
                    image);
        return false;
    }
    *target =
        (SfmHostPlace){ image, x1, y1, x2 - x1, y2 - y1 }; // all of it, if nothing is selected
    return true;
}

int sfm_host_image_new(int width, int height, int channels)
{
    const gint32 image = gimp_image_new(width, height, channels == 1 ? GIMP_GRAY : GIMP_RGB);
    if (image >= 0)
        gimp_image_undo_disable(image); // its making is nothing to take back
    return image;
}

void sfm_host_image_delete(int image)
{
    gimp_image_delete(image);
}

void sfm_host_image_finish(int image, bool show)
{
    gimp_image_undo_enable(image);
    if (show)
        gimp_display_new(image);
}

bool sfm_host_image_is_gray(int image)
{
    return gimp_image_base_type(image) == GIMP_GRAY;
}

// The buffers of 2.10 claim sRGB whatever the image's profile is.
GimpColorProfile *sfm_host_image_profile(int image)
{
    return gimp_image_get_color_profile(image);
}

int sfm_host_layer_new(int image, const char *name, int width, int height, int channels)
{
    static const GimpImageType types[] = { GIMP_GRAY_IMAGE, GIMP_GRAYA_IMAGE, GIMP_RGB_IMAGE,
                                           GIMP_RGBA_IMAGE };
    return gimp_layer_new(image, name, width, height, types[channels - 1], 100,
                          GIMP_LAYER_MODE_NORMAL);
}

void sfm_host_layer_delete(int layer)
{
    gimp_item_delete(layer);
}

GeglBuffer *sfm_host_layer_buffer(int layer)
{
    return gimp_drawable_get_buffer(layer);
}

void sfm_host_layer_attach(int layer, const char *name, const char *text)
{
    GimpParasite *parasite =
        gimp_parasite_new(name, GIMP_PARASITE_PERSISTENT, (guint32)strlen(text), text);
    gimp_item_attach_parasite(layer, parasite);
    gimp_parasite_free(parasite);
}

void sfm_host_layers_insert(const SfmHostPlace *target, const int *layers, int num_layers)
{
    const gint32 active = gimp_image_get_active_layer(target->image);
    const gint32 group = active < 0 ? 0 : gimp_item_get_parent(active);
    gimp_image_undo_group_start(target->image);
    for (int i = 0; i < num_layers; i++) {
        gimp_layer_set_offsets(layers[i], target->x, target->y);
        gimp_image_insert_layer(target->image, layers[i], MAX(group, 0), -1);
    }
    gimp_image_undo_group_end(target->image);
}

GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing)
{
    return orientation == GTK_ORIENTATION_HORIZONTAL ? gtk_hbox_new(FALSE, spacing)
                                                     : gtk_vbox_new(FALSE, spacing);
}
