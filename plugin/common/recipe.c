// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/recipe.h"

#include <string.h>

#include "common/translation.h"

static void replace(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text ? text : "");
}

static void take_fields(SfmForm *form, const SfmJobParams *params)
{
    form->job = params->job;
    replace(&form->model, params->model);
    replace(&form->class_name, params->class_name);
    replace(&form->schedule, params->schedule);
    replace(&form->sampler, params->sampler);
    form->width = params->width;
    form->height = params->height;
    form->each[params->job] = (SfmFormEach){ params->num_images, params->num_steps };
    form->seed = (int)params->seed;
    form->guidance = params->guidance;
    replace(&form->made_with, params->maker.family);
    replace(&form->made_on, params->maker.device);
    g_strfreev(form->kernels);
    form->kernels = g_strdupv((char **)params->kernels);
}

// "strength=0.5" of a job.
static bool take_knob(SfmForm *form, const char *setting, GError **error)
{
    const char *equals = strchr(setting, '=');
    g_autofree char *name = g_strndup(setting, (gsize)(equals - setting));
    SfmArgument at;

    if (!sfm_find_argument(form->job, name, &at) || at.knob < 0) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                    _("The recipe has a setting that is not known here: \"%s\""), setting);
        return false;
    }
    const SfmParam *param = &sfm_job_info(form->job)->params[at.knob];
    if (at.type == SFM_ARGUMENT_TEXT)
        sfm_form_set_text(form, &at, equals + 1);
    else if (param->type == SFM_PARAM_BOOLEAN)
        sfm_form_set_number(form, &at, strcmp(equals + 1, "true") == 0);
    else
        sfm_form_set_number(form, &at, g_ascii_strtod(equals + 1, NULL));
    return true;
}

// Those of the scripts go into one line, as a shell would have them.
static bool take_settings(SfmForm *form, const char *const *settings, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (size_t i = 0; settings && settings[i]; i++) {
        if (g_str_has_prefix(settings[i], "job.")) {
            if (!take_knob(form, settings[i] + strlen("job."), error))
                return false;
            continue;
        }
        g_autofree char *quoted = g_shell_quote(settings[i]);
        const bool is_plain = !strpbrk(settings[i], " \t\n\"'\\`$#*?[]{}()<>|&;~!");
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "",
                               is_plain ? settings[i] : quoted);
    }
    replace(&form->script_params, line->str);
    return true;
}

bool sfm_form_take_recipe(SfmForm *form, const SfmRecipe *recipe, GError **error)
{
    const SfmJobParams *params = sfm_recipe_params(recipe);
    g_auto(SfmForm) taken = { 0 };

    if (params->noise == SFM_NOISE_TORCH) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED,
                    _("The recipe asks for the noise of torch, which only the command line has; "
                      "use \"sfumato replay\""));
        return false;
    }
    sfm_form_init(&taken);
    take_fields(&taken, params);
    replace(&taken.device, form->device);
    if (!take_settings(&taken, params->settings, error) || !sfm_form_check(&taken, error))
        return false;
    // The knobs of the other jobs stay what they are.
    form->job = taken.job;
    take_fields(form, params);
    return take_settings(form, params->settings, error);
}
