// SPDX-License-Identifier: GPL-3.0-or-later
#include <sfumato/library.h>
#include <sfumato/system.h>

#include "common/text.h"
#include "common/translation.h"
#include "doctor.h"

static void check_data(Report *report, const char *data_dir)
{
    static const char *const folders[] = { "lua", "models" };

    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(data_dir, folders[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            continue;
        Check *check = report_add(report, N_("data"), CHECK_MISSING, _("%s is not there"), path);
        check->remedy = g_strdup(_("Install Sfumato once more, or say where the folders lua and "
                                   "models are, with --data or SFUMATO_DATA"));
        return;
    }
    report_add(report, N_("data"), CHECK_OK, "%s", data_dir);
}

static void check_model_folders(Report *report)
{
    const char *variable = g_getenv("SFUMATO_MODELS");
    g_auto(GStrv) folders = g_strsplit(variable ? variable : "", ":", -1);

    for (size_t i = 0; folders[i]; i++) {
        if (!*folders[i] || g_file_test(folders[i], G_FILE_TEST_IS_DIR))
            continue;
        Check *check = report_add(report, N_("models"), CHECK_MISSING,
                                  _("SFUMATO_MODELS names %s, which is no folder"), folders[i]);
        check->remedy = g_strdup(_("Correct it, or make that folder"));
    }
}

static bool model_is_whole(Report *report, const SfmModelInfo *model)
{
    g_autoptr(GError) error = NULL;
    // Listed are configs alone; this looks at the weights too.
    g_autoptr(SfmModelInfo) whole =
        model->broken ? NULL : sfm_find_model(NULL, model->path, &error);
    if (whole)
        return true;
    Check *check = report_add(report, N_("a model"), CHECK_BROKEN, "%s: %s", model->name,
                              model->broken ? model->broken : error->message);
    check->remedy = g_strdup_printf(_("Fetch or copy it again, or remove %s"), model->path);
    return false;
}

// Whether `model` is a better one to try than `other`, which may be NULL: what
// makes no picture, or does not say how large, is none.
static bool is_quicker(const SfmModelInfo *model, const SfmModelInfo *other)
{
    if (model->width <= 0 || (model->channels != 1 && model->channels != 3))
        return false;
    return !other || (int64_t)model->width * model->height < (int64_t)other->width * other->height;
}

// Every model's line; returns one to try, which belongs to `models`, or NULL.
static const SfmModelInfo *check_models(Report *report, const GPtrArray *models)
{
    const SfmModelInfo *quickest = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < models->len; i++) {
        const SfmModelInfo *model = models->pdata[i];
        if (!model_is_whole(report, model))
            continue;
        g_ptr_array_add(names, model->name);
        if (is_quicker(model, quickest))
            quickest = model;
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    Check *check = *list
                       ? report_add(report, N_("models"), CHECK_OK, "%s", list)
                       : report_add(report, N_("models"), CHECK_MISSING, _("There is none to use"));
    check->needed = true;
    if (!*list)
        check->remedy = g_strdup(_("Put a model's folder below sfumato/models in the XDG data "
                                   "folder, ~/.local/share"));
    return quickest;
}

static void check_script(Report *report, const SfmScriptFile *file)
{
    if (!file->error)
        return;
    Check *check =
        report_add(report, N_("a script"), CHECK_BROKEN, "%s: %s", file->path, file->error);
    check->remedy = g_strdup(file->origin == SFM_ORIGIN_USER
                                 ? _("Correct it, with \"sfumato script check\", or remove it")
                                 : _("Install Sfumato once more"));
}

static void check_scripts(Report *report, const char *data_dir)
{
    g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
    g_autoptr(GPtrArray) files = sfm_script_library_files(library);
    int num[2] = { 0 }, own = 0;

    for (guint i = 0; i < files->len; i++) {
        const SfmScriptFile *file = files->pdata[i];
        check_script(report, file);
        num[SFM_SCRIPT_SCHEDULE] += file->info && file->info->kind == SFM_SCRIPT_SCHEDULE;
        num[SFM_SCRIPT_SAMPLER] += file->info && file->info->kind == SFM_SCRIPT_SAMPLER;
        own += file->info && file->origin == SFM_ORIGIN_USER;
    }
    const bool enough = num[SFM_SCRIPT_SCHEDULE] > 0 && num[SFM_SCRIPT_SAMPLER] > 0;
    Check *check = report_add(report, N_("scripts"), enough ? CHECK_OK : CHECK_MISSING,
                              _("%d schedules and %d samplers, %d of them your own"),
                              num[SFM_SCRIPT_SCHEDULE], num[SFM_SCRIPT_SAMPLER], own);
    check->needed = true;
    if (!enough)
        check->remedy =
            g_strdup(_("Install Sfumato once more, or say where its data are, with --data"));
}

// ---- a picture ----------------------------------------------------------------

static void check_picture(Report *report, SfmEngine *engine, const SfmModelInfo *model)
{
    const SfmJobParams params = {
        .model = model->path,
        .num_steps = 1,
        .class_name = model->num_classes > 0 ? model->classes[0] : NULL,
    };
    g_auto(SfmImage) image = { 0 };
    g_autoptr(GError) error = NULL;
    const gint64 began = g_get_monotonic_time();

    Check *check;
    if (sfm_engine_run(engine, &params, &image, &error)) {
        check = report_add(report, N_("a picture"), CHECK_OK,
                           _("%s, %dx%d, a single step, in %.1f s"), model->name, image.width,
                           image.height, (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
    } else {
        g_autofree char *text = sfm_error_text(error);
        check =
            report_add(report, N_("a picture"), CHECK_BROKEN, "%s", g_strdelimit(text, "\n", ' '));
    }
    check->needed = true;
}

void doctor_check_data(Report *report, const CommonOptions *common, SfmEngine *engine)
{
    const char *data_dir = sfm_data_dir(common->data_dir);

    check_data(report, data_dir);
    check_model_folders(report);
    g_autoptr(GPtrArray) models = sfm_list_models(data_dir, NULL);
    const SfmModelInfo *model = check_models(report, models);
    check_scripts(report, data_dir);
    if (engine && model)
        check_picture(report, engine, model);
}
