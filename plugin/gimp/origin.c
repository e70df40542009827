// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/origin.h"

#include "common/translation.h"

// Pixels around what is selected that a network is shown, too.
enum { CONTEXT = 64 };

// ---- what was pointed at ----------------------------------------------------

// Each sentence takes the name of the layer.
static const char *const refusals[] = {
    [SFM_HOST_GROUP] = N_("\"%s\" is a layer group; choose a layer in it, or merge it by "
                          "Layer > Merge Layer Group"),
    [SFM_HOST_MASK] = N_("\"%s\" is a layer mask; choose the layer itself"),
    [SFM_HOST_CHANNEL] = N_("\"%s\" is a channel; choose a layer"),
    [SFM_HOST_FLOATING] = N_("\"%s\" is a floating selection; anchor it first by "
                             "Layer > Anchor Layer"),
    [SFM_HOST_NOTHING] = NULL,
    [SFM_HOST_LAYER] = NULL,
};

static bool refuse(GError **error, const char *sentence, const char *name)
{
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _(sentence), name);
    return false;
}

// Whether it is a layer of the image that shows something.
static bool check_layer(const SfmHostItem *item, int id, int image, GError **error)
{
    g_autofree char *name = sfm_host_item_name(id);
    if (item->kind == SFM_HOST_NOTHING) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("there is no layer %d"), id);
        return false;
    }
    if (refusals[item->kind])
        return refuse(error, refusals[item->kind], name);
    if (item->image != image)
        return refuse(error, N_("\"%s\" belongs to another image; choose a layer of this one"),
                      name);
    if (gegl_rectangle_is_empty(&item->area))
        return refuse(error, N_("the layer \"%s\" has no pixels; choose another"), name);
    const GeglRectangle whole = sfm_host_image_area(image);
    if (!gegl_rectangle_intersect(NULL, &item->area, &whole))
        return refuse(error,
                      N_("the layer \"%s\" lies outside the image; move it there, or "
                         "enlarge the image by Image > Fit Canvas to Layers"),
                      name);
    return true;
}

static bool find_layer(const SfmSubject *subject, int *layer, GError **error)
{
    *layer = subject->layer >= 0 ? subject->layer : sfm_host_active_layer(subject->image);
    if (*layer >= 0)
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                _("no layer is chosen; choose the one to start from"));
    return false;
}

static bool find_second(const SfmSubject *subject, int first, int *second, GError **error)
{
    *second = subject->to >= 0 ? subject->to : sfm_host_layer_below(first);
    g_autofree char *name = sfm_host_item_name(first);
    if (*second < 0)
        return refuse(error, N_("there is no layer below \"%s\" to lead to; choose another"), name);
    if (*second == first)
        return refuse(error, N_("\"%s\" was chosen twice; choose two layers"), name);
    return true;
}

static bool check_sizes(int first, const SfmHostItem *a, int second, const SfmHostItem *b,
                        GError **error)
{
    if (a->area.width == b->area.width && a->area.height == b->area.height)
        return true;
    g_autofree char *from = sfm_host_item_name(first), *to = sfm_host_item_name(second);
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                _("\"%s\" has %d x %d pixels and \"%s\" has %d x %d; give them one size by "
                  "Layer > Scale Layer or Layer > Layer Boundary Size"),
                from, a->area.width, a->area.height, to, b->area.width, b->area.height);
    return false;
}

// ---- pixels -----------------------------------------------------------------

// `area` in pixels of the image.
static bool read_layer(int image, int layer, const SfmHostItem *item, GeglRectangle area,
                       SfmPixels *out, GError **error)
{
    area.x -= item->area.x;
    area.y -= item->area.y;
    g_autoptr(GObject) profile = (GObject *)sfm_host_image_profile(image);
    g_autoptr(GeglBuffer) buffer = sfm_host_layer_buffer(layer);
    if (sfm_pixels_read(buffer, &area, (GimpColorProfile *)profile, out, error))
        return true;
    g_autofree char *name = sfm_host_item_name(layer);
    g_prefix_error(error, "%s: ", name);
    return false;
}

static bool is_black(const SfmPixels *mask)
{
    const size_t num = (size_t)mask->area.width * (size_t)mask->area.height;
    for (size_t i = 0; i < num; i++)
        if (mask->pixels[i] > 0)
            return false;
    return true;
}

static bool read_selection(int image, const GeglRectangle *area, SfmPixels *mask, GError **error)
{
    g_autoptr(GeglBuffer) selection = sfm_host_selection_buffer(image);
    return sfm_pixels_read_mask(selection, area, mask, error);
}

static bool refuse_unselected(int layer, GError **error)
{
    g_autofree char *name = sfm_host_item_name(layer);
    return refuse(error, N_("nothing of the layer \"%s\" is selected; select some of it"), name);
}

// What is selected and CONTEXT around it, painting anew looks further: half of
// what is painted.
// False: nothing of the layer is selected.
static bool find_part(SfmJob job, const GeglRectangle *bounds, const GeglRectangle *layer,
                      GeglRectangle *area)
{
    GeglRectangle selected;
    if (!gegl_rectangle_intersect(&selected, bounds, layer))
        return false;
    const int half = MAX(selected.width, selected.height) / 2;
    const int by = job == SFM_JOB_INPAINT ? MAX(half, CONTEXT) : CONTEXT;
    const GeglRectangle around = { selected.x - by, selected.y - by, selected.width + 2 * by,
                                   selected.height + 2 * by };
    return gegl_rectangle_intersect(area, &around, layer);
}

// The part of the layer that changes, and the mask of it.
static bool read_part(SfmOrigin *origin, const SfmHostItem *item, const GeglRectangle *bounds,
                      GError **error)
{
    const int image = origin->place.image;
    GeglRectangle area;
    if (!find_part(origin->job, bounds, &item->area, &area))
        return refuse_unselected(origin->layer, error);
    if (!read_selection(image, &area, &origin->mask, error))
        return false;
    if (is_black(&origin->mask))
        return refuse_unselected(origin->layer, error);
    return read_layer(image, origin->layer, item, area, &origin->pictures[0], error);
}

static bool read_one(SfmOrigin *origin, const SfmHostItem *item, GError **error)
{
    GeglRectangle bounds;
    if (sfm_host_selection_bounds(origin->place.image, &bounds))
        return read_part(origin, item, &bounds, error);
    if (origin->job == SFM_JOB_INPAINT) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    _("nothing is selected; select what is to be painted anew"));
        return false;
    }
    return read_layer(origin->place.image, origin->layer, item, item->area, &origin->pictures[0],
                      error);
}

static bool read_two(const SfmSubject *subject, SfmOrigin *origin, const SfmHostItem *first,
                     GError **error)
{
    int to;
    if (!find_second(subject, origin->layer, &to, error))
        return false;
    const SfmHostItem second = sfm_host_item(to);
    if (!check_layer(&second, to, subject->image, error) ||
        !check_sizes(origin->layer, first, to, &second, error) ||
        !read_layer(subject->image, origin->layer, first, first->area, &origin->pictures[0],
                    error) ||
        !read_layer(subject->image, to, &second, second.area, &origin->pictures[1], error))
        return false;
    origin->place.above = sfm_host_upper_layer(origin->layer, to);
    return true;
}

static bool read_layers(const SfmSubject *subject, SfmOrigin *origin, GError **error)
{
    if (!find_layer(subject, &origin->layer, error))
        return false;
    const SfmHostItem item = sfm_host_item(origin->layer);
    if (!check_layer(&item, origin->layer, subject->image, error))
        return false;
    origin->place = (SfmHostPlace){ .image = subject->image,
                                    .x = item.area.x,
                                    .y = item.area.y,
                                    .width = item.area.width,
                                    .height = item.area.height,
                                    .above = origin->layer };
    return origin->job == SFM_JOB_INTERPOLATE ? read_two(subject, origin, &item, error)
                                              : read_one(origin, &item, error);
}

bool sfm_origin_read(const SfmSubject *subject, SfmJob job, SfmOrigin *origin, GError **error)
{
    const bool needs_layer = sfm_job_info(job)->inputs[0] != NULL;
    origin->job = job;
    origin->layer = -1;
    if (!sfm_host_target(subject->image, &origin->place, error))
        return false;
    if (!needs_layer)
        return true;
    if (subject->image < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    _("there is no image; open one and choose the layer to start from"));
        return false;
    }
    return read_layers(subject, origin, error);
}

bool sfm_origin_area(const SfmSubject *subject, SfmJob job, GeglRectangle *area)
{
    int layer;
    GeglRectangle bounds;
    if (!find_layer(subject, &layer, NULL))
        return false;
    *area = sfm_host_item(layer).area;
    if (job == SFM_JOB_INTERPOLATE || !sfm_host_selection_bounds(subject->image, &bounds))
        return true;
    const GeglRectangle whole = *area;
    return find_part(job, &bounds, &whole, area);
}

void sfm_origin_clear(SfmOrigin *origin)
{
    for (int i = 0; i < SFM_JOB_MAX_INPUTS; i++)
        sfm_pixels_clear(&origin->pictures[i]);
    sfm_pixels_clear(&origin->mask);
}

void sfm_origin_complete(const SfmOrigin *origin, SfmJobParams *params)
{
    const SfmJobInfo *info = sfm_job_info(origin->job);
    for (int i = 0; info->inputs[i]; i++) {
        const bool is_mask = info->masked && !info->inputs[i + 1];
        params->inputs[i] = sfm_pixels_picture(is_mask ? &origin->mask : &origin->pictures[i]);
    }
    if (!info->inputs[0] && params->width == 0 && params->height == 0) {
        params->width = origin->place.width;
        params->height = origin->place.height;
    }
}
