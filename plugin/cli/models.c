// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>

#include "command.h"
#include "common/translation.h"
#include "terminal.h"

static void print_model(const SfmModelInfo *model)
{
    g_autofree char *size = g_strdup(_("any"));

    if (model->broken) {
        printf(_("%-16s cannot be used: %s\n"), model->name, model->broken);
        return;
    }
    if (model->width > 0) {
        g_free(size);
        size = g_strdup_printf("%dx%d", model->width, model->height);
    }
    g_autofree char *classes =
        g_strdup_printf(sfm_translated_plural("%3zu class", "%3zu classes", model->num_classes),
                        model->num_classes);
    g_autofree char *title = terminal_column(model->title, 24);
    printf("%-16s %s %-9s %s  %s\n", model->name, title, size, classes,
           model->license ? model->license : _("licence not said"));
}

static int run(int argc, char **argv)
{
    static const Usage usage = {
        .summary = N_("Lists the models on the search path: name, title, size, classes, licence."),
        .details =
            N_("The folders of SFUMATO_MODELS come first, then sfumato/models in the XDG data\n"
               "folder, then the bundled models; the first of a name wins.\n"),
        .examples = "  sfumato models\n"
                    "  SFUMATO_MODELS=/srv/models sfumato models\n",
        .without_device = true,
    };
    g_auto(CommonOptions) common = { 0 };
    g_autoptr(GError) error = NULL;

    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    g_autoptr(GPtrArray) models = sfm_list_models(common.data_dir, &error);
    if (!models)
        return fail(error);
    for (guint i = 0; i < models->len; i++)
        print_model(models->pdata[i]);
    return STATUS_OK;
}

const Command command_models = { "models", N_("list the models that there are"), run };
