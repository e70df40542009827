// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/host.h"

#include <string.h>

#include <libgimp/gimp.h>

#include "common/translation.h"

bool sfm_host_target(int image_id, SfmHostPlace *target, GError **error)
{
    *target = (SfmHostPlace){ .image = -1, .above = -1 };
    if (image_id < 0)
        return true;
    GimpImage *image = gimp_image_get_by_id(image_id);
    if (!image) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("there is no image %d"), image_id);
        return false;
    }
    if (gimp_image_get_base_type(image) == GIMP_INDEXED) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    _("the image is indexed; convert it by Image > Mode > RGB first"));
        return false;
    }
    GeglRectangle area = sfm_host_image_area(image_id);
    sfm_host_selection_bounds(image_id, &area); // all of it, if nothing is selected
    *target = (SfmHostPlace){ image_id, area.x, area.y, area.width, area.height, .above = -1 };
    return true;
}

// ---- layers that are there --------------------------------------------------

static SfmHostKind kind_of(GimpItem *item)
{
    if (gimp_item_is_layer_mask(item))
        return SFM_HOST_MASK;
    if (!gimp_item_is_layer(item))
        return SFM_HOST_CHANNEL;
    if (gimp_item_is_group(item))
        return SFM_HOST_GROUP;
    return gimp_layer_is_floating_sel(GIMP_LAYER(item)) ? SFM_HOST_FLOATING : SFM_HOST_LAYER;
}

SfmHostItem sfm_host_item(int id)
{
    GimpItem *item = gimp_item_id_is_drawable(id) ? gimp_item_get_by_id(id) : NULL;
    if (!item)
        return (SfmHostItem){ .kind = SFM_HOST_NOTHING };
    GimpDrawable *drawable = GIMP_DRAWABLE(item);
    SfmHostItem found = { kind_of(item), gimp_image_get_id(gimp_item_get_image(item)), { 0 } };
    gimp_drawable_get_offsets(drawable, &found.area.x, &found.area.y);
    found.area.width = gimp_drawable_get_width(drawable);
    found.area.height = gimp_drawable_get_height(drawable);
    return found;
}

char *sfm_host_item_name(int id)
{
    return gimp_item_id_is_valid(id) ? gimp_item_get_name(gimp_item_get_by_id(id)) : NULL;
}

int sfm_host_active_layer(int image)
{
    g_autofree GimpDrawable **selected =
        gimp_image_get_selected_drawables(gimp_image_get_by_id(image));
    const bool one = selected[0] && !selected[1];
    return one ? gimp_item_get_id(GIMP_ITEM(selected[0])) : -1;
}

// The layers of a level, the topmost first, up to a NULL; parent NULL: the top level.
static GimpItem **level_of(GimpImage *image, GimpItem *parent)
{
    return parent ? gimp_item_get_children(parent) : (GimpItem **)gimp_image_get_layers(image);
}

int sfm_host_layer_below(int id)
{
    GimpItem *layer = gimp_item_get_by_id(id);
    g_autofree GimpItem **level = level_of(gimp_item_get_image(layer), gimp_item_get_parent(layer));
    bool below = false;
    for (GimpItem **at = level; *at; at++) {
        if (below && !gimp_item_is_group(*at))
            return gimp_item_get_id(*at);
        below = below || *at == layer;
    }
    return -1;
}

// Whichever comes first; NULL: neither is at that level or below.
static GimpItem *first_of(GimpImage *image, GimpItem *parent, GimpItem *a, GimpItem *b)
{
    g_autofree GimpItem **level = level_of(image, parent);
    for (GimpItem **at = level; *at; at++) {
        if (*at == a || *at == b)
            return *at;
        GimpItem *inside = gimp_item_is_group(*at) ? first_of(image, *at, a, b) : NULL;
        if (inside)
            return inside;
    }
    return NULL;
}

int sfm_host_upper_layer(int layer, int other)
{
    GimpItem *a = gimp_item_get_by_id(layer), *b = gimp_item_get_by_id(other);
    return gimp_item_get_id(first_of(gimp_item_get_image(a), NULL, a, b));
}

GeglRectangle sfm_host_image_area(int id)
{
    GimpImage *image = gimp_image_get_by_id(id);
    return (GeglRectangle){ 0, 0, gimp_image_get_width(image), gimp_image_get_height(image) };
}

bool sfm_host_selection_bounds(int image, GeglRectangle *bounds)
{
    gboolean selected;
    gint x1, y1, x2, y2;
    if (!gimp_selection_bounds(gimp_image_get_by_id(image), &selected, &x1, &y1, &x2, &y2) ||
        !selected)
        return false;
    *bounds = (GeglRectangle){ x1, y1, x2 - x1, y2 - y1 };
    return true;
}

GeglBuffer *sfm_host_selection_buffer(int image)
{
    GimpSelection *selection = gimp_image_get_selection(gimp_image_get_by_id(image));
    return gimp_drawable_get_buffer(GIMP_DRAWABLE(selection));
}

// ---- images and layers that are made ----------------------------------------

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

// The buffers of 3.0 know their colour space, and babl converts; but where babl cannot
// make a space of the profile, such as one of tables, they claim sRGB.
GimpColorProfile *sfm_host_image_profile(int image)
{
    return gimp_image_get_color_profile(gimp_image_get_by_id(image));
}

int sfm_host_layer_new(int image, const char *name, int width, int height, int channels)
{
    static const GimpImageType types[] = { GIMP_GRAY_IMAGE, GIMP_GRAYA_IMAGE, GIMP_RGB_IMAGE,
                                           GIMP_RGBA_IMAGE };
    GimpLayer *layer = gimp_layer_new(gimp_image_get_by_id(image), name, width, height,
                                      types[channels - 1], 100, GIMP_LAYER_MODE_NORMAL);
    return layer ? gimp_item_get_id(GIMP_ITEM(layer)) : -1;
}

int sfm_host_layer_new_like(int id, const char *name)
{
    GimpDrawable *like = gimp_drawable_get_by_id(id);
    GimpLayer *layer = gimp_layer_new(gimp_item_get_image(GIMP_ITEM(like)), name,
                                      gimp_drawable_get_width(like), gimp_drawable_get_height(like),
                                      gimp_drawable_type(like), 100, GIMP_LAYER_MODE_NORMAL);
    return layer ? gimp_item_get_id(GIMP_ITEM(layer)) : -1;
}

int sfm_host_group_new(int image, const char *name)
{
    GimpGroupLayer *group = gimp_group_layer_new(gimp_image_get_by_id(image), name);
    return group ? gimp_item_get_id(GIMP_ITEM(group)) : -1;
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

static GimpItem *first_selected(GimpImage *image)
{
    g_autofree GimpLayer **selected = gimp_image_get_selected_layers(image);
    return GIMP_ITEM(selected[0]); // NULL stays NULL
}

// Above that layer, or where GIMP would put a new one.
static void insert(const SfmHostPlace *place, int layer)
{
    GimpImage *image = gimp_image_get_by_id(place->image);
    GimpItem *beside =
        place->above >= 0 ? gimp_item_get_by_id(place->above) : first_selected(image);
    GimpLayer *parent = beside ? GIMP_LAYER(gimp_item_get_parent(beside)) : NULL;
    const gint position = beside ? gimp_image_get_item_position(image, beside) : 0;
    gimp_image_insert_layer(image, gimp_layer_get_by_id(layer), parent, position);
}

void sfm_host_layers_insert(const SfmHostPlace *place, int group, const int *layers, int num_layers)
{
    GimpImage *image = gimp_image_get_by_id(place->image);
    gimp_image_undo_group_start(image);
    if (group >= 0)
        insert(place, group);
    for (int i = 0; i < num_layers; i++) {
        GimpLayer *layer = gimp_layer_get_by_id(layers[i]);
        gimp_layer_set_offsets(layer, place->x, place->y);
        if (group >= 0)
            gimp_image_insert_layer(image, layer, gimp_layer_get_by_id(group), 0);
        else
            insert(place, layers[i]);
    }
    gimp_image_undo_group_end(image);
}

// ---- widgets ----------------------------------------------------------------

GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing)
{
    return gtk_box_new(orientation, spacing);
}

GtkWidget *sfm_host_scale_new(GtkAdjustment *adjustment)
{
    return gtk_scale_new(GTK_ORIENTATION_HORIZONTAL, adjustment);
}

// ---- what there is ----------------------------------------------------------

// `items` ends with NULL.
static void collect_layers(GimpItem **items, GPtrArray *layers)
{
    for (; items && *items; items++) {
        if (gimp_item_is_group(*items)) {
            g_autofree GimpItem **children = gimp_item_get_children(*items);
            collect_layers(children, layers);
            continue;
        }
        SfmHostLayer *layer = g_new0(SfmHostLayer, 1);
        layer->id = gimp_item_get_id(*items);
        layer->name = gimp_item_get_name(*items);
        g_ptr_array_add(layers, layer);
    }
}

GPtrArray *sfm_host_layers(int image)
{
    GPtrArray *layers = g_ptr_array_new_with_free_func((GDestroyNotify)sfm_host_layer_free);
    g_autofree GimpLayer **top =
        image < 0 ? NULL : gimp_image_get_layers(gimp_image_get_by_id(image));
    collect_layers((GimpItem **)top, layers);
    return layers;
}

char *sfm_host_layer_attached(int layer, const char *name)
{
    GimpParasite *parasite = gimp_item_get_parasite(gimp_item_get_by_id(layer), name);
    if (!parasite)
        return NULL;
    guint32 size;
    const char *data = gimp_parasite_get_data(parasite, &size);
    char *text = g_strndup(data, size);
    gimp_parasite_free(parasite);
    return text;
}

GdkPixbuf *sfm_host_layer_picture(int layer, int size)
{
    return gimp_drawable_get_thumbnail(gimp_drawable_get_by_id(layer), size, size,
                                       GIMP_PIXBUF_SMALL_CHECKS);
}
