// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/model_picker.h"

#include <string.h>

#include "common/form.h"
#include "common/translation.h"
#include "gimp/host.h"

enum { CARD_WIDTH = 320 }; // pixels

struct SfmModelPicker {
    GPtrArray *models; // of SfmModelInfo
    GtkWidget *combo, *card;
    SfmModelPickerFunc changed;
    void *user_data;
    bool setting;
};

// ---- the card ---------------------------------------------------------------

static void add_line(GString *text, const char *line)
{
    if (!line || !*line)
        return;
    if (text->len > 0)
        g_string_append_c(text, '\n');
    g_string_append(text, line);
}

static void add_format(GString *text, const char *format, const char *value)
{
    g_autofree char *line = value && *value ? g_strdup_printf(format, value) : NULL;
    add_line(text, line);
}

static char *size_text(const SfmModelInfo *model)
{
    const bool gray = model->channels == 1;
    if (model->width <= 0 || model->height <= 0)
        return g_strdup(gray ? _("Any size, gray") : _("Any size, in colour"));
    return g_strdup_printf(gray ? _("%d \xc3\x97 %d pixels, gray")
                                : _("%d \xc3\x97 %d pixels, in colour"),
                           model->width, model->height);
}

static char *classes_text(const SfmModelInfo *model)
{
    const unsigned long num = model->num_classes;
    return num == 0 ? NULL
                    : g_strdup_printf(sfm_translated_plural("%lu class", "%lu classes", num), num);
}

static char *scheduler_text(const SfmModelInfo *model)
{
    if (!model->scheduler)
        return NULL;
    if (!model->settings)
        return g_strdup_printf(_("Published with %s, for which there is nothing here"),
                               model->scheduler);
    return g_strdup_printf(_("Published with %s, which is schedule %s with sampler %s"),
                           model->scheduler, model->counterpart_schedule,
                           model->counterpart_sampler);
}

static char *card_text(const SfmModelInfo *model)
{
    g_autofree char *size = model->broken ? NULL : size_text(model);
    g_autofree char *classes = classes_text(model);
    g_autofree char *scheduler = scheduler_text(model);
    GString *text = g_string_new(NULL);
    add_line(text, model->description);
    add_line(text, size);
    add_line(text, classes);
    add_format(text, _("Licence: %s"), model->license);
    add_line(text, scheduler);
    add_line(text, model->attribution);
    return g_string_free(text, FALSE);
}

static void show_card(SfmModelPicker *picker)
{
    const SfmModelInfo *model = sfm_model_picker_get(picker);
    g_autofree char *text = card_text(model);
    gtk_label_set_text(GTK_LABEL(picker->card), text);
    gtk_widget_set_tooltip_text(picker->card, model->path);
}

// ---- the choice -------------------------------------------------------------

static void choose(GtkComboBox *combo, gpointer data)
{
    SfmModelPicker *picker = data;
    show_card(picker);
    if (!picker->setting)
        picker->changed(picker->user_data);
}

SfmModelPicker *sfm_model_picker_new(SfmRows *rows, SfmModelPickerFunc changed, void *user_data,
                                     GError **error)
{
    g_autoptr(SfmModelPicker) picker = g_new0(SfmModelPicker, 1);
    picker->changed = changed;
    picker->user_data = user_data;
    picker->models = sfm_list_models(NULL, error);
    if (!picker->models)
        return NULL;
    if (picker->models->len == 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, "%s",
                    _("there is no model that makes pictures"));
        return NULL;
    }
    picker->combo = sfm_combo_new();
    for (guint i = 0; i < picker->models->len; i++)
        sfm_combo_add(picker->combo, ((SfmModelInfo *)picker->models->pdata[i])->title);
    g_signal_connect(picker->combo, "changed", G_CALLBACK(choose), picker);
    sfm_rows_add_wide(rows, _("_Model:"), _("The network that makes the pictures"), picker->combo,
                      NULL);
    picker->card = sfm_text_new(CARD_WIDTH);
    sfm_rows_add_whole(rows, picker->card);
    return g_steal_pointer(&picker);
}

void sfm_model_picker_free(SfmModelPicker *picker)
{
    if (!picker)
        return;
    g_clear_pointer(&picker->models, g_ptr_array_unref);
    g_free(picker);
}

static int index_of(const SfmModelPicker *picker, const char *name)
{
    for (guint i = 0; i < picker->models->len; i++)
        if (strcmp(((SfmModelInfo *)picker->models->pdata[i])->name, name) == 0)
            return (int)i;
    return -1;
}

static void set(SfmModelPicker *picker, int index)
{
    picker->setting = true;
    sfm_combo_set(picker->combo, index);
    picker->setting = false;
}

bool sfm_model_picker_set(SfmModelPicker *picker, const char *name)
{
    const int index = index_of(picker, name);
    if (index >= 0)
        set(picker, index);
    return index >= 0;
}

void sfm_model_picker_set_for(SfmModelPicker *picker, SfmJob job)
{
    set(picker, MAX(sfm_model_for(picker->models, job), 0));
}

const SfmModelInfo *sfm_model_picker_get(const SfmModelPicker *picker)
{
    return picker->models->pdata[MAX(sfm_combo_get(picker->combo), 0)];
}
