// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/recipe_chooser.h"

#include <sfumato/error.h>

#include "common/recipe_text.h"
#include "common/translation.h"
#include "gimp/host.h"
#include "gimp/rows.h"

enum { RESPONSE_LAYER = 1 };

static char *recipe_of_layer(int layer, GError **error)
{
    char *text = sfm_host_layer_attached(layer, SFM_RECIPE_NAME);
    if (!text)
        g_set_error_literal(error, SFM_ERROR, SFM_ERROR_NOT_FOUND,
                            _("the layer has no recipe: it was not made here, or was merged since; "
                              "choose another layer, or a file"));
    return text;
}

static GtkWidget *chooser_new(GtkWindow *parent, int layer)
{
    GtkWidget *chooser = gtk_file_chooser_dialog_new(
        _("Load Recipe"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("From the _Layer"),
        RESPONSE_LAYER, _("_Cancel"), GTK_RESPONSE_CANCEL, _("_Open"), GTK_RESPONSE_ACCEPT, NULL);
    GtkFileFilter *filter = gtk_file_filter_new();
    gtk_file_filter_set_name(filter, _("Pictures and recipes (*.png, *.json)"));
    gtk_file_filter_add_pattern(filter, "*.[pP][nN][gG]");
    gtk_file_filter_add_pattern(filter, "*.[jJ][sS][oO][nN]");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), filter);
    gtk_dialog_set_default_response(GTK_DIALOG(chooser), GTK_RESPONSE_ACCEPT);
    gtk_dialog_set_response_sensitive(GTK_DIALOG(chooser), RESPONSE_LAYER, layer >= 0);
    return chooser;
}

char *sfm_recipe_choose(GtkWindow *parent, int layer, GError **error)
{
    GtkWidget *chooser = chooser_new(parent, layer);
    const int response = gtk_dialog_run(GTK_DIALOG(chooser));
    g_autofree char *path = gtk_file_chooser_get_filename(GTK_FILE_CHOOSER(chooser));
    gtk_widget_destroy(chooser);
    if (response == RESPONSE_LAYER)
        return recipe_of_layer(layer, error);
    return response == GTK_RESPONSE_ACCEPT && path ? sfm_recipe_text_read(path, error) : NULL;
}
