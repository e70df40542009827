// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_HOST_H
#define SFM_GIMP_HOST_H

#include <stdbool.h>

#include <gegl.h>
#include <glib.h>
#include <gtk/gtk.h>
#include <libgimp/gimp.h>
#include <sfumato/engine.h>

// What the two GIMPs do differently: gimp2/host.c and gimp3/host.c each
// implement all of it. Images and layers go by their ids, which both have.
// Main thread only.

// Where the pictures go.
typedef struct {
    int image;         // -1: a new one
    int x, y;          // of the layers, in pixels of the image
    int width, height; // of the layers where the form leaves it open; 0: the model's own
    int above;         // the layer above which they come; -1: the active one, else on top
} SfmHostPlace;

// The target in `image`: its selection's bounds, else all of it. -1 asks for a
// new image. Refuses indexed images, which cannot hold what the models make.
bool sfm_host_target(int image, SfmHostPlace *target, GError **error);

// ---- layers that are there --------------------------------------------------

typedef enum {
    SFM_HOST_NOTHING, // nothing has that id
    SFM_HOST_LAYER,
    SFM_HOST_GROUP,
    SFM_HOST_MASK,
    SFM_HOST_CHANNEL, // the selection, too
    SFM_HOST_FLOATING,
} SfmHostKind;

// What can be drawn on.
typedef struct {
    SfmHostKind kind;
    int image;
    GeglRectangle area; // in pixels of the image
} SfmHostItem;

SfmHostItem sfm_host_item(int id);
char *sfm_host_item_name(int id); // the caller's; NULL: nothing has that id

int sfm_host_active_layer(int image); // or what else is chosen; -1: nothing, or more than one
int sfm_host_layer_below(int layer);  // the next one on its level that is no group; -1: none is
int sfm_host_upper_layer(int layer, int other); // of the two, of one image

GeglRectangle sfm_host_image_area(int image);
bool sfm_host_selection_bounds(int image, GeglRectangle *bounds); // false: nothing is selected
GeglBuffer *sfm_host_selection_buffer(int image);                 // the caller unrefs

// ---- images and layers that are made ----------------------------------------

// A new image without a view, which remembers no undo steps until it is
// finished; channels 1 gray, 3 RGB. -1 on failure.
int sfm_host_image_new(int width, int height, int channels);
void sfm_host_image_delete(int image);
// `show` opens a window on it, which then owns it.
void sfm_host_image_finish(int image, bool show);
bool sfm_host_image_is_gray(int image);

// The image's own; NULL: it has none. The caller unrefs.
GimpColorProfile *sfm_host_image_profile(int image);

// A layer that is not yet in the image; channels 1 and 3 without, 2 and 4 with
// alpha. -1 on failure.
int sfm_host_layer_new(int image, const char *name, int width, int height, int channels);
// Likewise, of type and size of a layer of the image.
int sfm_host_layer_new_like(int layer, const char *name);
int sfm_host_group_new(int image, const char *name); // likewise
void sfm_host_layer_delete(int layer);               // one that is not yet in the image
GeglBuffer *sfm_host_layer_buffer(int layer);        // the caller unrefs, which writes
void sfm_host_layer_attach(int layer, const char *name, const char *text); // as a parasite

// Puts the layers where they are to be, the last on top, their corners at x and y,
// in one undo step; into `group`, which is not yet in the image either, unless that
// is -1. Then the image owns all.
void sfm_host_layers_insert(const SfmHostPlace *place, int group, const int *layers,
                            int num_layers);

// ---- widgets ----------------------------------------------------------------

// A layer that a job may start from.
typedef struct {
    int id;
    char *name; // as the person gave it
} SfmHostLayer;

void sfm_host_layer_free(SfmHostLayer *layer);

// The image's layers, those in groups too but not the groups, the topmost first:
// an array that frees its elements. Empty where `image` is -1.
GPtrArray *sfm_host_layers(int image);

// What is attached to a layer under that name, the caller's; NULL: nothing.
char *sfm_host_layer_attached(int layer, const char *name);

// The layer as it looks, at most `size` pixels wide and high; NULL: it cannot be
// had. The caller unrefs.
GdkPixbuf *sfm_host_layer_picture(int layer, int size);

// An empty box that lines its children up.
GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing);

// A slider for the adjustment, lying.
GtkWidget *sfm_host_scale_new(GtkAdjustment *adjustment);

#endif
