// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/argument.h"

#include <sfumato/engine.h>

#include "common/form.h"
#include "common/translation.h"

enum {
    MAX_SIZE = 262144, // of an image, in GIMP 2.10
    MAX_COUNT = 1000,
    MAX_STEPS = 100000,
    MAX_GUIDANCE = 100,
};

#define INTEGER(max, field) SFM_ARGUMENT_INTEGER, offsetof(SfmForm, field), 0, max
#define NUMBER(max, field)  SFM_ARGUMENT_NUMBER, offsetof(SfmForm, field), 0, max
#define TEXT(field)         SFM_ARGUMENT_TEXT, offsetof(SfmForm, field), 0, 0

// clang-format off
const SfmArgument sfm_arguments[SFM_NUM_ARGUMENTS] = {
    { "model", N_("Model"), N_("A model's name, or the path of its folder; empty: the first there is"), TEXT(model) },
    { "class", N_("Class"), N_("What to make: one of the model's class names, or its number; empty: anything"), TEXT(class_name) },
    { "width", N_("Width"), N_("Width in pixels; 0: the height's; both 0: the selection's or the image's, else the model's own"), INTEGER(MAX_SIZE, width) },
    { "height", N_("Height"), N_("Height in pixels; 0: the width's, or as said there"), INTEGER(MAX_SIZE, height) },
    { "count", N_("Count"), N_("How many pictures, each on a layer of its own; 0: one"), INTEGER(MAX_COUNT, count) },
    { "steps", N_("Steps"), N_("How many steps the sampler takes; 0: the model's choice"), INTEGER(MAX_STEPS, steps) },
    { "seed", N_("Seed"), N_("The same seed makes the same picture"), INTEGER(SFM_MAX_SEED, seed) },
    { "guidance", N_("Guidance"), N_("How strongly the class is insisted upon, 1: not at all; 0: the model's choice"), NUMBER(MAX_GUIDANCE, guidance) },
    { "schedule", N_("Schedule"), N_("A schedule's name, or the path of a .lua file; empty: the model's choice"), TEXT(schedule) },
    { "sampler", N_("Sampler"), N_("A sampler's name, or the path of a .lua file; empty: the model's choice"), TEXT(sampler) },
    { "script-params", N_("Script parameters"), N_("Settings of the two scripts, as \"sampler.eta=0.3 schedule.spacing=trailing\""), TEXT(script_params) },
    { "device", N_("Device"), N_("Part of a Vulkan device's name, or its number; empty: the fastest"), TEXT(device) },
};
// clang-format on
