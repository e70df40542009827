// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_TESTS_UNIT_FORM_TRIAL_H
#define SFM_TESTS_UNIT_FORM_TRIAL_H

// A form's arguments by their names.

#include "common/form.h"

static inline SfmArgument argument(SfmJob job, const char *name)
{
    SfmArgument found = { 0 };
    g_assert_true(sfm_find_argument(job, name, &found));
    return found;
}

static inline void set_text(SfmForm *form, const char *name, const char *text)
{
    const SfmArgument at = argument(form->job, name);
    sfm_form_set_text(form, &at, text);
}

static inline void set_number(SfmForm *form, const char *name, double number)
{
    const SfmArgument at = argument(form->job, name);
    sfm_form_set_number(form, &at, number);
}

#endif
