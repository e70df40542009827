// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/host.h"

#include <string.h>

#include <libgimp/gimp.h>

bool sfm_host_target(int image_id, SfmHostPlace *target, GError **error)
{
    *target = (SfmHostPlace){ .image = -1 };
    if (image_id < 0)
        return true;
    GimpImage *image = gimp_image_get_by_id(image_id);
    if (!image) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "there is no image %d", image_id);
        return false;
    }
    if (gimp_image_get_base_type(image) == GIMP_INDEXED) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    "the image is indexed; convert it by Image > Mode > RGB first");
        return false;
    }
    gboolean selected;
    gint x1, y1, x2, y2;
    if (!gimp_selection_bounds(image, &selected, &x1, &y1, &x2, &y2)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, "image %d has no selection mask",
                    image_id);
        return false;
    }
    *target = (SfmHostPlace){ image_id, x1, y1, x2 - x1, y2 - y1 }; // all, if nothing is selected
    return true;
}

int sfm_host_image_new(int width, int height, int channels)
{
    GimpImage *image = gimp_image_new(width, height, channels == 1 ? GIMP_GRAY : GIMP_RGB);
    if (!image)
        return -1;
    gimp_image_undo_disable(image); // its making is nothing to take back
    return gimp_image_get_id(image);
}

void sfm_host_image_delete(int image)
{
    gimp_image_delete(gimp_image_get_by_id(image));
}

void sfm_host_image_finish(int image, bool show)
{
    gimp_image_undo_enable(gimp_image_get_by_id(image));
    if (show)
        gimp_display_new(gimp_image_get_by_id(image));
}

bool sfm_host_image_is_gray(int image)
{
    return gimp_image_get_base_type(gimp_image_get_by_id(image)) == GIMP_GRAY;
}

// The buffers of 3.0 know their colour space, and babl converts.
GimpColorProfile *sfm_host_image_profile(int image)
{
    return NULL;
}

int sfm_host_layer_new(int image, const char *name, int width, int height, int channels)
{
    static const GimpImageType types[] = { GIMP_GRAY_IMAGE, GIMP_GRAYA_IMAGE, GIMP_RGB_IMAGE,
                                           GIMP_RGBA_IMAGE };
    GimpLayer *layer = gimp_layer_new(gimp_image_get_by_id(image), name, width, height,
                                      types[channels - 1], 100, GIMP_LAYER_MODE_NORMAL);
    return layer ? gimp_item_get_id(GIMP_ITEM(layer)) : -1;
}

void sfm_host_layer_delete(int layer)
{
    gimp_item_delete(gimp_item_get_by_id(layer));
}

GeglBuffer *sfm_host_layer_buffer(int layer)
{
    return gimp_drawable_get_buffer(GIMP_DRAWABLE(gimp_item_get_by_id(layer)));
}

void sfm_host_layer_attach(int layer, const char *name, const char *text)
{
    GimpParasite *parasite =
        gimp_parasite_new(name, GIMP_PARASITE_PERSISTENT, (guint32)strlen(text), text);
    gimp_item_attach_parasite(gimp_item_get_by_id(layer), parasite);
    gimp_parasite_free(parasite);
}

// The group in which the selected layer is; NULL: the top level.
static GimpLayer *active_group(GimpImage *image)
{
    g_autofree GimpLayer **selected = gimp_image_get_selected_layers(image);
    return selected[0] ? GIMP_LAYER(gimp_item_get_parent(GIMP_ITEM(selected[0]))) : NULL;
}

void sfm_host_layers_insert(const SfmHostPlace *target, const int *layers, int num_layers)
{
    GimpImage *image = gimp_image_get_by_id(target->image);
    GimpLayer *group = active_group(image);
    gimp_image_undo_group_start(image);
    for (int i = 0; i < num_layers; i++) {
        GimpLayer *layer = gimp_layer_get_by_id(layers[i]);
        gimp_layer_set_offsets(layer, target->x, target->y);
        gimp_image_insert_layer(image, layer, group, -1);
    }
    gimp_image_undo_group_end(image);
}

GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing)
{
    return gtk_box_new(orientation, spacing);
}
