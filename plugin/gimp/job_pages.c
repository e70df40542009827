// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/job_pages.h"

#include <string.h>

#include "common/translation.h"
#include "gimp/knobs.h"

enum {
    FALLBACK = 64, // pixels, where the model takes any size
    BORDER = 12,
};

typedef struct {
    SfmRows rows;
    SfmKnobRows *knobs;
    GtkWidget *count;                      // NULL: the job makes one picture
    GtkWidget *layers[SFM_JOB_MAX_INPUTS]; // NULL: it has no such picture
} Page;

struct SfmJobPages {
    GtkWidget *notebook, *width, *height;
    SfmHostPlace target;
    GPtrArray *choices; // of SfmHostLayer; empty where there is no image
    Page pages[SFM_NUM_JOBS];
    SfmJobPagesFunc switched, changed;
    void *user_data;
    bool setting;
};

static void note_change(GtkWidget *widget, gpointer data)
{
    SfmJobPages *pages = data;
    if (!pages->setting)
        pages->changed(pages->user_data);
}

static void note_knob(void *data)
{
    note_change(NULL, data);
}

static void note_switch(GtkNotebook *notebook, gpointer page, guint index, gpointer data)
{
    SfmJobPages *pages = data;
    if (!pages->setting)
        pages->switched(pages->user_data);
}

// ---- pages ------------------------------------------------------------------

// What a person calls the pictures that a job starts from.
static const struct {
    const char *label, *help;
} inputs[SFM_NUM_JOBS][SFM_JOB_MAX_INPUTS] = {
    [SFM_JOB_VARY] = { { N_("La_yer:"), N_("The layer that the new ones are like") } },
    [SFM_JOB_DENOISE] = { { N_("La_yer:"), N_("The layer that has noise in it") } },
    [SFM_JOB_INTERPOLATE] = { { N_("_From:"), N_("The layer before the first of the new ones") },
                              { N_("T_o:"), N_("The layer after the last of the new ones") } },
    [SFM_JOB_INPAINT] = { { N_("La_yer:"), N_("The layer of which the selection is filled") } },
};

static void add_layers(SfmJobPages *pages, SfmJob job)
{
    Page *page = &pages->pages[job];
    for (int k = 0; k < SFM_JOB_MAX_INPUTS && inputs[job][k].label; k++) {
        page->layers[k] = sfm_combo_new();
        for (guint i = 0; i < pages->choices->len; i++)
            sfm_combo_add(page->layers[k], ((SfmHostLayer *)pages->choices->pdata[i])->name);
        sfm_rows_add_wide(&page->rows, _(inputs[job][k].label), _(inputs[job][k].help),
                          page->layers[k], NULL);
        g_signal_connect(page->layers[k], "changed", G_CALLBACK(note_change), pages);
    }
}

static void add_size(SfmJobPages *pages, Page *page)
{
    pages->width = sfm_spin_new(1, sfm_field_max("width"), 8);
    pages->height = sfm_spin_new(1, sfm_field_max("height"), 8);
    sfm_describe(pages->height, _("Height"), _("Height in pixels"));
    sfm_rows_add(
        &page->rows, _("Si_ze:"), _("Width in pixels"), pages->width,
        sfm_line_new(gtk_label_new("\xc3\x97"), pages->height, gtk_label_new(_("pixels")), NULL));
    g_signal_connect(pages->width, "value-changed", G_CALLBACK(note_change), pages);
    g_signal_connect(pages->height, "value-changed", G_CALLBACK(note_change), pages);
}

static void add_count(SfmJobPages *pages, Page *page)
{
    page->count = sfm_spin_new(1, sfm_field_max("count"), 1);
    sfm_rows_add(&page->rows, _("Num_ber:"), _("How many pictures, each on a layer of its own"),
                 page->count, NULL);
    g_signal_connect(page->count, "value-changed", G_CALLBACK(note_change), pages);
}

static void add_page(SfmJobPages *pages, SfmJob job)
{
    const SfmJobInfo *info = sfm_job_info(job);
    Page *page = &pages->pages[job];
    sfm_rows_init(&page->rows);
    gtk_container_set_border_width(GTK_CONTAINER(page->rows.box), BORDER);
    add_layers(pages, job);
    if (!info->inputs[0])
        add_size(pages, page);
    if (job != SFM_JOB_DENOISE)
        add_count(pages, page);
    page->knobs =
        sfm_knob_rows_new(&page->rows, "job", info->params, info->num_params, note_knob, pages);
    GtkWidget *tab = gtk_label_new_with_mnemonic(_(info->title));
    sfm_describe(tab, _(info->title), _(info->summary));
    gtk_notebook_append_page(GTK_NOTEBOOK(pages->notebook), page->rows.box, tab);
    gtk_widget_set_sensitive(page->rows.box, !info->inputs[0] || pages->choices->len > 0);
}

SfmJobPages *sfm_job_pages_new(const SfmHostPlace *target, SfmJobPagesFunc switched,
                               SfmJobPagesFunc changed, void *user_data)
{
    SfmJobPages *pages = g_new0(SfmJobPages, 1);
    pages->target = *target;
    pages->switched = switched;
    pages->changed = changed;
    pages->user_data = user_data;
    pages->choices = sfm_host_layers(target->image);
    pages->notebook = gtk_notebook_new();
    sfm_describe(pages->notebook, _("Job"), _("What is to be done"));
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        add_page(pages, (SfmJob)job);
    gtk_widget_show_all(pages->notebook); // only then can a page be chosen
    // After, since the page is then the new one.
    g_signal_connect_after(pages->notebook, "switch-page", G_CALLBACK(note_switch), pages);
    return pages;
}

void sfm_job_pages_free(SfmJobPages *pages)
{
    if (!pages)
        return;
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        sfm_knob_rows_free(pages->pages[job].knobs);
        sfm_rows_clear(&pages->pages[job].rows);
    }
    g_ptr_array_unref(pages->choices);
    g_free(pages);
}

GtkWidget *sfm_job_pages_widget(SfmJobPages *pages)
{
    return pages->notebook;
}

SfmJob sfm_job_pages_job(const SfmJobPages *pages)
{
    return (SfmJob)gtk_notebook_get_current_page(GTK_NOTEBOOK(pages->notebook));
}

const char *sfm_job_pages_lack(const SfmJobPages *pages)
{
    const SfmJobInfo *info = sfm_job_info(sfm_job_pages_job(pages));
    if (!info->inputs[0])
        return NULL;
    if (pages->target.image < 0)
        return _("This starts from a layer: open an image first.");
    if (pages->choices->len == 0)
        return _("This starts from a layer, and the image has none: add one first.");
    GeglRectangle selection;
    if (info->masked && !sfm_host_selection_bounds(pages->target.image, &selection))
        return _("First select the part that is to be painted anew.");
    if (info->inputs[1] && !info->masked && pages->choices->len < 2)
        return _("This needs two layers, and the image has one: add another first.");
    return NULL;
}

// ---- the form ---------------------------------------------------------------

static int layer_index(const SfmJobPages *pages, int layer)
{
    for (guint i = 0; i < pages->choices->len; i++)
        if (((SfmHostLayer *)pages->choices->pdata[i])->id == layer)
            return (int)i;
    return -1;
}

static void show_layers(SfmJobPages *pages, const SfmSubject *subject)
{
    const bool said = subject->layer >= 0 || pages->target.image < 0;
    const int layer = said ? subject->layer : sfm_host_active_layer(pages->target.image);
    const int first = MAX(layer_index(pages, layer), 0);
    const int second = layer_index(pages, subject->to);
    const int below = MIN(first + 1, (int)pages->choices->len - 1);
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        const Page *page = &pages->pages[job];
        if (page->layers[0])
            sfm_combo_set(page->layers[0], first);
        if (page->layers[1])
            sfm_combo_set(page->layers[1], second >= 0 ? second : below);
    }
}

static void show_knobs(Page *page, SfmJob job, const SfmForm *form)
{
    const SfmJobInfo *info = sfm_job_info(job);
    g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < info->num_params; i++) {
        SfmArgument argument;
        if (!sfm_find_argument(job, info->params[i].name, &argument))
            continue;
        g_autofree char *value = argument.type == SFM_ARGUMENT_TEXT
                                     ? g_strdup(sfm_form_text(form, &argument))
                                     : sfm_number_text(sfm_form_number(form, &argument));
        g_ptr_array_add(settings, g_strconcat(info->params[i].name, "=", value, NULL));
    }
    g_ptr_array_add(settings, NULL);
    sfm_knob_rows_set(page->knobs, (char **)settings->pdata);
}

void sfm_job_pages_show_size(SfmJobPages *pages, int width, int height)
{
    if (pages->target.image >= 0) {
        width = pages->target.width;
        height = pages->target.height;
    }
    pages->setting = true;
    sfm_spin_set(pages->width, width > 0 ? width : FALLBACK);
    sfm_spin_set(pages->height, height > 0 ? height : FALLBACK);
    pages->setting = false;
}

void sfm_job_pages_show(SfmJobPages *pages, const SfmForm *form, const SfmSubject *subject)
{
    sfm_job_pages_show_size(pages, form->width, form->height);
    pages->setting = true;
    show_layers(pages, subject);
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        Page *page = &pages->pages[job];
        show_knobs(page, (SfmJob)job, form);
        if (page->count)
            sfm_spin_set(page->count, MAX(form->each[job].count, 1));
    }
    gtk_notebook_set_current_page(GTK_NOTEBOOK(pages->notebook), (gint)form->job);
    pages->setting = false;
}

static bool is_true(const char *text)
{
    return strcmp(text, "true") == 0;
}

static void read_knobs(const Page *page, SfmJob job, SfmForm *form)
{
    const SfmJobInfo *info = sfm_job_info(job);
    for (size_t i = 0; i < info->num_params; i++) {
        SfmArgument argument;
        if (!sfm_find_argument(job, info->params[i].name, &argument))
            continue;
        g_autofree char *value = sfm_knob_rows_value(page->knobs, i);
        if (argument.type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(form, &argument, value);
        else if (info->params[i].type == SFM_PARAM_BOOLEAN)
            sfm_form_set_number(form, &argument, is_true(value));
        else
            sfm_form_set_number(form, &argument, g_ascii_strtod(value, NULL));
    }
}

void sfm_job_pages_read(SfmJobPages *pages, SfmForm *form)
{
    form->job = sfm_job_pages_job(pages);
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        const Page *page = &pages->pages[job];
        read_knobs(page, (SfmJob)job, form);
        form->each[job].count = page->count ? (int)sfm_spin_get(page->count) : 1;
    }
    form->width = (int)sfm_spin_get(pages->width);
    form->height = (int)sfm_spin_get(pages->height);
}

static int chosen_layer(const SfmJobPages *pages, GtkWidget *combo)
{
    const int index = combo ? sfm_combo_get(combo) : -1;
    return index < 0 ? -1 : ((SfmHostLayer *)pages->choices->pdata[index])->id;
}

void sfm_job_pages_read_layers(const SfmJobPages *pages, SfmSubject *subject)
{
    const Page *page = &pages->pages[sfm_job_pages_job(pages)];
    subject->layer = chosen_layer(pages, page->layers[0]);
    subject->to = chosen_layer(pages, page->layers[1]);
}
