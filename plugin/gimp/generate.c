// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/generate.h"

#include "gimp/batch.h"
#include "gimp/dialog.h"

// A form that does not say which model asks for the first that makes pictures.
static SfmModelInfo *first_model(GError **error)
{
    g_autoptr(GPtrArray) models = sfm_list_models(NULL, error);
    if (!models)
        return NULL;
    const int index = sfm_first_model(models);
    if (index >= 0)
        return g_ptr_array_steal_index(models, (guint)index);
    g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, "there is no model that makes pictures");
    return NULL;
}

static SfmModelInfo *model_of(const SfmForm *form, GError **error)
{
    return form->model[0] ? sfm_find_model(NULL, form->model, error) : first_model(error);
}

static bool run_batch(const SfmHostPlace *target, const SfmForm *form, char **title,
                      SfmPictures *pictures, GError **error)
{
    g_auto(SfmForm) whole;
    sfm_form_init(&whole);
    sfm_form_copy(form, &whole);
    if (!sfm_form_check(&whole, error))
        return false;
    g_autoptr(SfmModelInfo) model = model_of(&whole, error);
    if (!model || !sfm_model_check(model, error))
        return false;
    SfmArgument argument;
    if (!whole.model[0] && sfm_find_argument(whole.job, "model", &argument))
        sfm_form_set_text(&whole, &argument, model->name);
    if (whole.width == 0 && whole.height == 0) {
        whole.width = target->width;
        whole.height = target->height;
    }
    *title = g_strdup(model->title);
    return sfm_batch_run(&whole, pictures, error);
}

bool sfm_plugin_generate(const SfmHostCall *call, SfmForm *form, SfmResult *result, GError **error)
{
    SfmHostPlace target;
    if (!sfm_host_target(call->image, &target, error))
        return false;
    g_auto(SfmPictures) pictures = { 0 };
    g_autofree char *title = NULL;
    if (!(call->dialog ? sfm_dialog_run(&target, form, &title, &pictures, error)
                       : run_batch(&target, form, &title, &pictures, error)))
        return false;
    if (!sfm_place(&target, title, form->seed, &pictures, result, error))
        return false;
    if (target.image < 0)
        sfm_host_image_finish(result->image, call->show);
    return true;
}
