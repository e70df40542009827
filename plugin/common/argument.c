// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/argument.h"

#include <string.h>

#include <sfumato/engine.h>

#include "common/form.h"
#include "common/translation.h"

enum {
    MAX_SIZE = 262144, // of an image, in GIMP 2.10
    MAX_STEPS = 100000,
    MAX_GUIDANCE = 100,
    NUM_FIELDS = 12,
    FIRST_OF_SIZE = 2, // and the next; of jobs that start from no picture
    NUM_OF_SIZE = 2,
};

#define INTEGER(limit, field) \
    .type = SFM_ARGUMENT_INTEGER, .offset = offsetof(SfmForm, field), .max = (limit)
#define INTEGER_OF_EACH(limit, field)                              \
    .type = SFM_ARGUMENT_INTEGER, .is_each = true, .max = (limit), \
    .offset = offsetof(SfmFormEach, field)
#define NUMBER(limit, field) \
    .type = SFM_ARGUMENT_NUMBER, .offset = offsetof(SfmForm, field), .max = (limit)
#define TEXT(field) \
    .type = SFM_ARGUMENT_TEXT, .offset = offsetof(SfmForm, field), .default_text = ""

// clang-format off
static const SfmArgument fields[NUM_FIELDS] = {
    { "model", N_("Model"), N_("A model's name, or the path of its folder; empty: what suits the job"), TEXT(model) },
    { "class", N_("Class"), N_("What to make: one of the model's class names, or its number; empty: anything"), TEXT(class_name) },
    { "width", N_("Width"), N_("Width in pixels; 0: the height's; both 0: the selection's or the image's, else the model's own"), INTEGER(MAX_SIZE, width) },
    { "height", N_("Height"), N_("Height in pixels; 0: the width's, or as said there"), INTEGER(MAX_SIZE, height) },
    { "count", N_("Count"), N_("How many pictures, each on a layer of its own; 0: one"), INTEGER_OF_EACH(SFM_MAX_IMAGES, count) },
    { "steps", N_("Steps"), N_("How many steps the sampler takes; 0: the model's choice"), INTEGER_OF_EACH(MAX_STEPS, steps) },
    { "seed", N_("Seed"), N_("The same seed makes the same picture"), INTEGER(SFM_MAX_SEED, seed) },
    { "guidance", N_("Guidance"), N_("How strongly the class is insisted upon, 1: not at all; 0: the model's choice"), NUMBER(MAX_GUIDANCE, guidance) },
    { "schedule", N_("Schedule"), N_("A schedule's name, or the path of a .lua file; empty: the model's choice"), TEXT(schedule) },
    { "sampler", N_("Sampler"), N_("A sampler's name, or the path of a .lua file; empty: the model's choice"), TEXT(sampler) },
    { "script-params", N_("Script parameters"), N_("Settings of the two scripts, as \"sampler.eta=0.3 schedule.spacing=trailing\""), TEXT(script_params) },
    { "device", N_("Device"), N_("Part of a Vulkan device's name, or its number; empty: the fastest"), TEXT(device) },
};
// clang-format on

static bool has_size(SfmJob job)
{
    return sfm_job_info(job)->inputs[0] == NULL;
}

static int num_fields(SfmJob job)
{
    return has_size(job) ? NUM_FIELDS : NUM_FIELDS - NUM_OF_SIZE;
}

int sfm_num_arguments(SfmJob job)
{
    return num_fields(job) + (int)sfm_job_info(job)->num_params;
}

static SfmArgument field_at(SfmJob job, int index)
{
    SfmArgument argument =
        fields[!has_size(job) && index >= FIRST_OF_SIZE ? index + NUM_OF_SIZE : index];
    argument.job = job;
    argument.knob = -1;
    return argument;
}

static SfmArgumentType type_of(const SfmParam *param)
{
    switch (param->type) {
    case SFM_PARAM_NUMBER:
        return SFM_ARGUMENT_NUMBER;
    case SFM_PARAM_INTEGER:
    case SFM_PARAM_BOOLEAN:
        return SFM_ARGUMENT_INTEGER;
    default:
        return SFM_ARGUMENT_TEXT;
    }
}

static SfmArgument knob_at(SfmJob job, int knob)
{
    const SfmParam *param = &sfm_job_info(job)->params[knob];
    return (SfmArgument){
        .name = param->name,
        .label = param->label,
        .help = param->help,
        .type = type_of(param),
        .min = param->min,
        .max = param->type == SFM_PARAM_BOOLEAN ? 1 : param->max,
        .default_number = param->default_number,
        .default_text = param->default_text,
        .choices = param->choices,
        .job = job,
        .knob = knob,
    };
}

SfmArgument sfm_argument(SfmJob job, int index)
{
    const int num = num_fields(job);
    return index < num ? field_at(job, index) : knob_at(job, index - num);
}

bool sfm_find_argument(SfmJob job, const char *name, SfmArgument *argument)
{
    for (int i = 0; i < sfm_num_arguments(job); i++) {
        const SfmArgument at = sfm_argument(job, i);
        if (strcmp(at.name, name) != 0)
            continue;
        *argument = at;
        return true;
    }
    return false;
}

double sfm_field_max(const char *name)
{
    SfmArgument field = { 0 };
    g_return_val_if_fail(sfm_find_argument(SFM_JOB_GENERATE, name, &field), 0);
    return field.max;
}

char *sfm_argument_help(const SfmArgument *argument)
{
    const char *help = _(argument->help);
    if (argument->choices) {
        g_autofree char *choices = g_strjoinv(", ", (char **)argument->choices);
        return g_strdup_printf("%s { %s }", help, choices);
    }
    if (argument->type == SFM_ARGUMENT_TEXT)
        return g_strdup(help);
    return g_strdup_printf("%s (%.10g <= %s <= %.10g)", help, argument->min, argument->name,
                           argument->max);
}
