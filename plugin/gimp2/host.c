// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/host.h"

#include <string.h>

#include <libgimp/gimp.h>

#include "common/translation.h"

bool sfm_host_target(int image, SfmHostPlace *target, GError **error)
{
    *target = (SfmHostPlace){ .image = -1, .above = -1 };
    if (image < 0)
        return true;
    if (!gimp_image_is_valid(image)) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("there is no image %d"), image);
        return false;
    }
    if (gimp_image_base_type(image) == GIMP_INDEXED) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    _("the image is indexed; convert it by Image > Mode > RGB first"));
        return false;
    }
    GeglRectangle area = sfm_host_image_area(image);
    sfm_host_selection_bounds(image, &area); // all of it, if nothing is selected
    *target = (SfmHostPlace){ image, area.x, area.y, area.width, area.height, .above = -1 };
    return true;
}

// ---- layers that are there --------------------------------------------------

static SfmHostKind kind_of(gint32 id)
{
    if (gimp_item_is_layer_mask(id))
        return SFM_HOST_MASK;
    if (!gimp_item_is_layer(id))
        return SFM_HOST_CHANNEL;
    if (gimp_item_is_group(id))
        return SFM_HOST_GROUP;
    return gimp_layer_is_floating_sel(id) ? SFM_HOST_FLOATING : SFM_HOST_LAYER;
}

SfmHostItem sfm_host_item(int id)
{
    if (!gimp_item_is_valid(id) || !gimp_item_is_drawable(id))
        return (SfmHostItem){ .kind = SFM_HOST_NOTHING };
    SfmHostItem item = { kind_of(id), gimp_item_get_image(id), { 0 } };
    gimp_drawable_offsets(id, &item.area.x, &item.area.y);
    item.area.width = gimp_drawable_width(id);
    item.area.height = gimp_drawable_height(id);
    return item;
}

char *sfm_host_item_name(int id)
{
    return gimp_item_is_valid(id) ? gimp_item_get_name(id) : NULL;
}

int sfm_host_active_layer(int image)
{
    return gimp_image_get_active_drawable(image);
}

// The layers of a level, the topmost first; parent -1: the top level.
static gint *level_of(gint32 image, gint32 parent, gint *num)
{
    return parent < 0 ? gimp_image_get_layers(image, num) : gimp_item_get_children(parent, num);
}

int sfm_host_layer_below(int layer)
{
    gint num;
    g_autofree gint *level =
        level_of(gimp_item_get_image(layer), gimp_item_get_parent(layer), &num);
    bool below = false;
    for (gint i = 0; i < num; i++) {
        if (below && !gimp_item_is_group(level[i]))
            return level[i];
        below = below || level[i] == layer;
    }
    return -1;
}

// Whichever comes first; -1: neither is at that level or below.
static gint32 first_of(gint32 image, gint32 parent, gint32 a, gint32 b)
{
    gint num;
    g_autofree gint *level = level_of(image, parent, &num);
    for (gint i = 0; i < num; i++) {
        if (level[i] == a || level[i] == b)
            return level[i];
        const gint32 inside = gimp_item_is_group(level[i]) ? first_of(image, level[i], a, b) : -1;
        if (inside >= 0)
            return inside;
    }
    return -1;
}

int sfm_host_upper_layer(int layer, int other)
{
    return first_of(gimp_item_get_image(layer), -1, layer, other);
}

GeglRectangle sfm_host_image_area(int image)
{
    return (GeglRectangle){ 0, 0, gimp_image_width(image), gimp_image_height(image) };
}

bool sfm_host_selection_bounds(int image, GeglRectangle *bounds)
{
    gboolean selected;
    gint x1, y1, x2, y2;
    if (!gimp_selection_bounds(image, &selected, &x1, &y1, &x2, &y2) || !selected)
        return false;
    *bounds = (GeglRectangle){ x1, y1, x2 - x1, y2 - y1 };
    return true;
}

GeglBuffer *sfm_host_selection_buffer(int image)
{
    return gimp_drawable_get_buffer(gimp_image_get_selection(image));
}

// ---- images and layers that are made ----------------------------------------

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

int sfm_host_layer_new_like(int layer, const char *name)
{
    return gimp_layer_new(gimp_item_get_image(layer), name, gimp_drawable_width(layer),
                          gimp_drawable_height(layer), gimp_drawable_type(layer), 100,
                          GIMP_LAYER_MODE_NORMAL);
}

int sfm_host_group_new(int image, const char *name)
{
    const gint32 group = gimp_layer_group_new(image);
    if (group >= 0)
        gimp_item_set_name(group, name);
    return group;
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

// Above that layer, or where GIMP would put a new one.
static void insert(const SfmHostPlace *place, gint32 layer)
{
    const gint32 active = gimp_image_get_active_layer(place->image);
    const gint32 beside = place->above >= 0 ? place->above : active;
    const gint32 parent = beside < 0 ? 0 : MAX(gimp_item_get_parent(beside), 0);
    const gint position = beside < 0 ? 0 : gimp_image_get_item_position(place->image, beside);
    gimp_image_insert_layer(place->image, layer, parent, position);
}

void sfm_host_layers_insert(const SfmHostPlace *place, int group, const int *layers, int num_layers)
{
    gimp_image_undo_group_start(place->image);
    if (group >= 0)
        insert(place, group);
    for (int i = 0; i < num_layers; i++) {
        gimp_layer_set_offsets(layers[i], place->x, place->y);
        if (group >= 0)
            gimp_image_insert_layer(place->image, layers[i], group, 0);
        else
            insert(place, layers[i]);
    }
    gimp_image_undo_group_end(place->image);
}

// ---- widgets ----------------------------------------------------------------

GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing)
{
    return orientation == GTK_ORIENTATION_HORIZONTAL ? gtk_hbox_new(FALSE, spacing)
                                                     : gtk_vbox_new(FALSE, spacing);
}

GtkWidget *sfm_host_scale_new(GtkAdjustment *adjustment)
{
    return gtk_hscale_new(adjustment);
}

// ---- what there is ----------------------------------------------------------

static void collect_layers(const gint *items, gint num, GPtrArray *layers)
{
    for (gint i = 0; i < num; i++) {
        if (gimp_item_is_group(items[i])) {
            gint num_children;
            g_autofree gint *children = gimp_item_get_children(items[i], &num_children);
            collect_layers(children, num_children, layers);
            continue;
        }
        SfmHostLayer *layer = g_new0(SfmHostLayer, 1);
        layer->id = items[i];
        layer->name = gimp_item_get_name(items[i]);
        g_ptr_array_add(layers, layer);
    }
}

GPtrArray *sfm_host_layers(int image)
{
    GPtrArray *layers = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_host_layer_free);
    gint num = 0;
    g_autofree gint *top = image < 0 ? NULL : gimp_image_get_layers(image, &num);
    collect_layers(top, num, layers);
    return layers;
}

char *sfm_host_layer_attached(int layer, const char *name)
{
    GimpParasite *parasite = gimp_item_get_parasite(layer, name);
    if (!parasite)
        return NULL;
    char *text = g_strndup(gimp_parasite_data(parasite), (gsize)gimp_parasite_data_size(parasite));
    gimp_parasite_free(parasite);
    return text;
}

GdkPixbuf *sfm_host_layer_picture(int layer, int size)
{
    return gimp_drawable_get_thumbnail(layer, size, size, GIMP_PIXBUF_SMALL_CHECKS);
}
