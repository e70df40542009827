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
} SfmHostPlace;

// The target in `image`: its selection's bounds, else all of it. -1 asks for a
// new image. Refuses indexed images, which cannot hold what the models make.
bool sfm_host_target(int image, SfmHostPlace *target, GError **error);

// A new image without a view, which remembers no undo steps until it is
// finished; channels 1 gray, 3 RGB. -1 on failure.
int sfm_host_image_new(int width, int height, int channels);
void sfm_host_image_delete(int image);
// `show` opens a window on it, which then owns it.
void sfm_host_image_finish(int image, bool show);
bool sfm_host_image_is_gray(int image);

// The profile that the pixels must be converted to by hand; NULL: none is
// needed. The caller unrefs.
GimpColorProfile *sfm_host_image_profile(int image);

// A layer that is not yet in the image; channels 1 and 3 without, 2 and 4 with
// alpha. -1 on failure.
int sfm_host_layer_new(int image, const char *name, int width, int height, int channels);
void sfm_host_layer_delete(int layer);        // one that is not yet in the image
GeglBuffer *sfm_host_layer_buffer(int layer); // the caller unrefs, which writes
void sfm_host_layer_attach(int layer, const char *name, const char *text); // as a parasite

// Puts the layers above the active one, their corners at x and y, in one undo
// step. Then the image owns them.
void sfm_host_layers_insert(const SfmHostPlace *target, const int *layers, int num_layers);

// An empty box that lines its children up.
GtkWidget *sfm_host_box_new(GtkOrientation orientation, int spacing);

#endif
