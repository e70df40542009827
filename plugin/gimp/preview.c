// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/preview.h"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "gimp/rows.h"

typedef struct {
    GtkWidget *area;
    SfmThumbnail shown;
} Preview;

static const char key[] = "sfm-preview";

static void preview_free(Preview *preview)
{
    sfm_thumbnail_clear(&preview->shown);
    g_free(preview);
}

// The area forgets what was drawn when it gets another size.
static void draw(GtkWidget *area, GdkRectangle *allocation, gpointer data)
{
    const SfmThumbnail *shown = &((Preview *)data)->shown;
    if (shown->width > 0)
        gimp_preview_area_draw(GIMP_PREVIEW_AREA(area), 0, 0, shown->width, shown->height,
                               GIMP_RGB_IMAGE, shown->pixels, shown->width * 3);
}

void sfm_preview_show(GtkWidget *widget, SfmThumbnail *thumbnail)
{
    Preview *preview = g_object_get_data(G_OBJECT(widget), key);
    const bool same_size =
        preview->shown.width == thumbnail->width && preview->shown.height == thumbnail->height;
    sfm_thumbnail_clear(&preview->shown);
    preview->shown = *thumbnail;
    *thumbnail = (SfmThumbnail){ 0 };
    if (same_size) {
        draw(preview->area, NULL, preview);
        return;
    }
    // It then stands in the middle of its frame.
    gimp_preview_area_set_max_size(GIMP_PREVIEW_AREA(preview->area), preview->shown.width,
                                   preview->shown.height);
    gtk_widget_queue_resize(preview->area);
}

GtkWidget *sfm_preview_new(const char *label, const char *help)
{
    Preview *preview = g_new0(Preview, 1);
    GtkWidget *frame = gtk_frame_new(NULL);
    preview->area = gimp_preview_area_new();
    gtk_frame_set_shadow_type(GTK_FRAME(frame), GTK_SHADOW_IN);
    gtk_widget_set_size_request(preview->area, SFM_THUMBNAIL_SIZE, SFM_THUMBNAIL_SIZE);
    gtk_container_add(GTK_CONTAINER(frame), preview->area);
    sfm_describe(preview->area, label, help);
    g_object_set_data_full(G_OBJECT(frame), key, preview, (GDestroyNotify)preview_free);
    g_auto(SfmThumbnail) empty;
    sfm_thumbnail_make_empty(&empty);
    sfm_preview_show(frame, &empty);
    g_signal_connect_after(preview->area, "size-allocate", G_CALLBACK(draw), preview);
    return frame;
}
