// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/form.h"

#include <string.h>

#include "common/translation.h"

static const char group[] = "diffusion"; // of what all jobs have, in a saved form

// ---- fields and knobs -------------------------------------------------------

static SfmKnobValue *knob_of(const SfmForm *form, const SfmArgument *argument)
{
    return &form->knobs[argument->job][argument->knob];
}

static void *field_of(const SfmForm *form, const SfmArgument *argument)
{
    char *fields = argument->is_each ? (char *)&form->each[argument->job] : (char *)form;
    return fields + argument->offset;
}

static char **text_of(const SfmForm *form, const SfmArgument *argument)
{
    g_assert(argument->type == SFM_ARGUMENT_TEXT);
    return argument->knob < 0 ? field_of(form, argument) : &knob_of(form, argument)->text;
}

const char *sfm_form_text(const SfmForm *form, const SfmArgument *argument)
{
    return *text_of(form, argument);
}

double sfm_form_number(const SfmForm *form, const SfmArgument *argument)
{
    g_assert(argument->type != SFM_ARGUMENT_TEXT);
    if (argument->knob >= 0)
        return knob_of(form, argument)->number;
    const void *field = field_of(form, argument);
    return argument->type == SFM_ARGUMENT_INTEGER ? *(const int *)field : *(const double *)field;
}

void sfm_form_set_text(SfmForm *form, const SfmArgument *argument, const char *text)
{
    char *copy = g_strdup(text ? text : "");
    g_free(*text_of(form, argument));
    *text_of(form, argument) = copy;
}

void sfm_form_set_number(SfmForm *form, const SfmArgument *argument, double number)
{
    g_assert(argument->type != SFM_ARGUMENT_TEXT);
    if (argument->knob >= 0)
        knob_of(form, argument)->number = number;
    else if (argument->type == SFM_ARGUMENT_INTEGER)
        *(int *)field_of(form, argument) = (int)number;
    else
        *(double *)field_of(form, argument) = number;
}

// ---- all of them ------------------------------------------------------------

typedef void (*ArgumentFunc)(const SfmArgument *argument, void *data);

static bool is_common(const SfmArgument *argument)
{
    return argument->knob < 0 && !argument->is_each;
}

// Calls `func` for what all jobs have in common, and for what each has of its own.
static void for_each(ArgumentFunc func, void *data)
{
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        for (int i = 0; i < sfm_num_arguments((SfmJob)job); i++) {
            const SfmArgument argument = sfm_argument((SfmJob)job, i);
            if (!is_common(&argument) || argument.job == SFM_JOB_GENERATE) // which has all fields
                func(&argument, data);
        }
}

static void set_default(const SfmArgument *argument, void *form)
{
    if (argument->type == SFM_ARGUMENT_TEXT)
        sfm_form_set_text(form, argument, argument->default_text);
    else
        sfm_form_set_number(form, argument, argument->default_number);
    if (argument->knob >= 0 && argument->type != SFM_ARGUMENT_TEXT)
        knob_of(form, argument)->text = g_strdup("");
}

void sfm_form_init(SfmForm *form)
{
    memset(form, 0, sizeof(*form));
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        form->knobs[job] = g_new0(SfmKnobValue, sfm_job_info((SfmJob)job)->num_params);
    for_each(set_default, form);
}

static void clear_argument(const SfmArgument *argument, void *form)
{
    if (argument->type == SFM_ARGUMENT_TEXT)
        g_clear_pointer(text_of(form, argument), g_free);
    else if (argument->knob >= 0)
        g_clear_pointer(&knob_of(form, argument)->text, g_free);
}

void sfm_form_clear(SfmForm *form)
{
    if (!form->model) // zeroed
        return;
    for_each(clear_argument, form);
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        g_clear_pointer(&form->knobs[job], g_free);
    g_clear_pointer(&form->kernels, g_strfreev);
    g_clear_pointer(&form->made_with, g_free);
    g_clear_pointer(&form->made_on, g_free);
}

typedef struct {
    const SfmForm *from;
    SfmForm *to;
} Pair;

static void copy_argument(const SfmArgument *argument, void *data)
{
    const Pair *pair = data;
    if (argument->type == SFM_ARGUMENT_TEXT)
        sfm_form_set_text(pair->to, argument, sfm_form_text(pair->from, argument));
    else
        sfm_form_set_number(pair->to, argument, sfm_form_number(pair->from, argument));
}

void sfm_form_copy(const SfmForm *from, SfmForm *to)
{
    Pair pair = { from, to };
    to->job = from->job;
    for_each(copy_argument, &pair);
    g_strfreev(to->kernels);
    to->kernels = g_strdupv(from->kernels);
    g_free(to->made_with);
    g_free(to->made_on);
    to->made_with = g_strdup(from->made_with);
    to->made_on = g_strdup(from->made_on);
}

// ---- checks -----------------------------------------------------------------

static bool in_range(const SfmArgument *argument, double number)
{
    return number >= argument->min && number <= argument->max; // NaN is not
}

static bool check_number(const SfmForm *form, const SfmArgument *argument, GError **error)
{
    const double number = sfm_form_number(form, argument);
    if (in_range(argument, number))
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("%s must be %.10g to %.10g, but is %g"),
                argument->name, argument->min, argument->max, number);
    return false;
}

// Empty is the default.
static bool is_choice(const SfmArgument *argument, const char *text)
{
    return !argument->choices || !*text ||
           g_strv_contains((const char *const *)argument->choices, text);
}

static bool check_text(const SfmForm *form, const SfmArgument *argument, GError **error)
{
    const char *text = sfm_form_text(form, argument);
    if (is_choice(argument, text))
        return true;
    g_autofree char *choices = g_strjoinv(", ", (char **)argument->choices);
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("%s must be one of %s, but is \"%s\""),
                argument->name, choices, text);
    return false;
}

bool sfm_form_check(const SfmForm *form, GError **error)
{
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument argument = sfm_argument(form->job, i);
        if (!(argument.type == SFM_ARGUMENT_TEXT ? check_text(form, &argument, error)
                                                 : check_number(form, &argument, error)))
            return false;
    }
    g_auto(GStrv) settings = sfm_form_settings(form, error);
    return settings != NULL;
}

// ---- models -----------------------------------------------------------------

bool sfm_model_check(const SfmModelInfo *model, GError **error)
{
    if (model->broken)
        g_set_error_literal(error, SFM_ERROR, SFM_ERROR_BAD_FILE, model->broken);
    else if (model->channels != 1 && model->channels != 3)
        g_set_error(error, SFM_ERROR, SFM_ERROR_UNSUPPORTED,
                    _("%s has %d channels, which is no picture"), model->name, model->channels);
    else
        return true;
    return false;
}

bool sfm_job_is_of_photographs(SfmJob job)
{
    return job == SFM_JOB_DENOISE || job == SFM_JOB_INPAINT;
}

int sfm_model_for(const GPtrArray *models, SfmJob job)
{
    int first = -1;

    for (guint i = 0; i < models->len; i++) {
        const SfmModelInfo *model = models->pdata[i];
        if (!sfm_model_check(model, NULL))
            continue;
        if (model->photographs && sfm_job_is_of_photographs(job))
            return (int)i;
        if (first < 0)
            first = (int)i;
    }
    return first;
}

static void replace(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text ? text : "");
}

void sfm_form_take_steps(SfmForm *form, const SfmModelInfo *model)
{
    enum { STEPS_OF_MEAN = 1 }; // the mean of what may lie behind noise takes one
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        if (form->each[job].steps == 0)
            form->each[job].steps = job == SFM_JOB_DENOISE ? STEPS_OF_MEAN : model->steps;
}

void sfm_form_take_card(SfmForm *form, const SfmModelInfo *model)
{
    const bool needs_class = model->num_classes > 0 && !model->guidance;
    replace(&form->model, model->name);
    replace(&form->class_name, needs_class ? model->classes[0] : "");
    replace(&form->schedule, model->schedule);
    replace(&form->sampler, model->sampler);
    replace(&form->script_params, "");
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        form->each[job].steps = 0;
    sfm_form_take_steps(form, model);
    form->guidance = model->guidance ? model->default_guidance : 0;
}

// ---- the request ------------------------------------------------------------

// A shell's words; none is an error to GLib, but not to us.
static bool split(const char *text, char ***words, GError **error)
{
    if (text[strspn(text, " \t\n")] == '\0') {
        *words = g_new0(char *, 1);
        return true;
    }
    g_autoptr(GError) cause = NULL;
    if (g_shell_parse_argv(text, NULL, words, &cause))
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT, _("script-params cannot be read: %s"),
                cause->message);
    return false;
}

static bool check_word(const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    if (equals && equals != word)
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT,
                _("script-params: \"%s\" is not of the form name=value"), word);
    return false;
}

// "job.strength=0.5", as the engine reads it; NULL where the default is to be.
static char *setting_of(const SfmForm *form, const SfmArgument *argument)
{
    if (argument->type == SFM_ARGUMENT_TEXT) {
        const char *text = sfm_form_text(form, argument);
        return *text ? g_strdup_printf("job.%s=%s", argument->name, text) : NULL;
    }
    const SfmParam *param = &sfm_job_info(argument->job)->params[argument->knob];
    const double number = sfm_form_number(form, argument);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (param->type == SFM_PARAM_BOOLEAN)
        return g_strdup_printf("job.%s=%s", argument->name, number != 0 ? "true" : "false");
    return g_strdup_printf("job.%s=%s", argument->name,
                           g_ascii_dtostr(digits, sizeof digits, number));
}

char **sfm_form_settings(const SfmForm *form, GError **error)
{
    g_auto(GStrv) words = NULL;
    if (!split(form->script_params, &words, error))
        return NULL;
    g_autoptr(GStrvBuilder) settings = g_strv_builder_new();
    for (char **word = words; *word; word++) {
        if (!check_word(*word, error))
            return NULL;
        g_strv_builder_add(settings, *word);
    }
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument argument = sfm_argument(form->job, i);
        g_autofree char *setting = argument.knob >= 0 ? setting_of(form, &argument) : NULL;
        if (setting)
            g_strv_builder_add(settings, setting);
    }
    return g_strv_builder_end(settings);
}

SfmJobParams sfm_form_request(const SfmForm *form, char **settings)
{
    const bool sized = sfm_job_info(form->job)->inputs[0] == NULL;
    const SfmFormEach *each = &form->each[form->job];
    return (SfmJobParams){
        .job = form->job,
        .model = form->model,
        .schedule = form->schedule,
        .sampler = form->sampler,
        .num_steps = each->steps,
        .seed = form->seed,
        .width = sized ? form->width : 0,
        .height = sized ? form->height : 0,
        .num_images = MAX(each->count, 1),
        .class_name = form->class_name,
        .guidance = form->guidance,
        .settings = (const char *const *)settings,
        .maker = { .family = form->made_with, .device = form->made_on },
        .kernels = (const char *const *)form->kernels,
    };
}

// ---- what is remembered -----------------------------------------------------

static const char *group_of(const SfmArgument *argument)
{
    return is_common(argument) ? group : sfm_job_info(argument->job)->name;
}

typedef struct {
    SfmForm *form;
    GKeyFile *file;
} Saved;

static void save_argument(const SfmArgument *argument, void *data)
{
    const Saved *saved = data;
    const char *in = group_of(argument);
    if (argument->type == SFM_ARGUMENT_TEXT)
        g_key_file_set_string(saved->file, in, argument->name,
                              sfm_form_text(saved->form, argument));
    else
        g_key_file_set_double(saved->file, in, argument->name,
                              sfm_form_number(saved->form, argument));
}

char *sfm_form_save(const SfmForm *form)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    Saved saved = { (SfmForm *)form, file };
    g_key_file_set_string(file, group, "job", sfm_job_info(form->job)->name);
    for_each(save_argument, &saved);
    return g_key_file_to_data(file, NULL, NULL);
}

static void load_argument(const SfmArgument *argument, void *data)
{
    const Saved *saved = data;
    const char *in = group_of(argument);
    g_autoptr(GError) error = NULL;
    if (argument->type == SFM_ARGUMENT_TEXT) {
        g_autofree char *text = g_key_file_get_string(saved->file, in, argument->name, &error);
        if (text && is_choice(argument, text))
            sfm_form_set_text(saved->form, argument, text);
        return;
    }
    const double number = g_key_file_get_double(saved->file, in, argument->name, &error);
    if (!error && in_range(argument, number))
        sfm_form_set_number(saved->form, argument, number);
}

void sfm_form_load(SfmForm *form, const char *text)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
        return;
    g_autofree char *job = g_key_file_get_string(file, group, "job", NULL);
    for (int i = 0; job && i < SFM_NUM_JOBS; i++)
        if (strcmp(job, sfm_job_info((SfmJob)i)->name) == 0)
            form->job = (SfmJob)i;
    Saved saved = { form, file };
    for_each(load_argument, &saved);
}
