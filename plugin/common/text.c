// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/text.h"

#include <math.h>
#include <string.h>

#include "common/translation.h"

// Where the engine's message has the remedy, or there is none, nothing stands here.
static const struct {
    SfmError code;
    const char *remedy;
} remedies[] = {
    { SFM_ERROR_NO_MEMORY, N_("Choose a smaller size, or smaller tiles.") },
    { SFM_ERROR_BAD_FILE, N_("Fetch or copy that file again, or choose another model.") },
    { SFM_ERROR_NOT_WRITTEN, N_("Make room there, or choose another folder.") },
    { SFM_ERROR_UNSUPPORTED, N_("Choose another model, or leave that out.") },
    { SFM_ERROR_BAD_SCRIPT, N_("Correct the script, or choose another schedule or sampler.") },
    { SFM_ERROR_BAD_NUMBER, N_("Try another sampler, more steps or less guidance; if that does not "
                               "help, the model's weights are damaged.") },
    { SFM_ERROR_NO_DEVICE, N_("\"sfumato devices\" shows what there is, and why it will not do.") },
    { SFM_ERROR_DEVICE, N_("Update the graphics driver, or choose another device.") },
    { SFM_ERROR_DEVICE_LOST, N_("Run it again, at a smaller size or on another device.") },
};

// A message that goes on behind a semicolon says itself what may be done.
static const char *remedy_of(const GError *error)
{
    if (error->domain != SFM_ERROR || strchr(error->message, ';'))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++)
        if (error->code == (int)remedies[i].code)
            return _(remedies[i].remedy);
    return NULL;
}

char *sfm_sentence(const char *text)
{
    static const char *const ends[] = { ".", "?", "\u3002", "\uff1f" }; // the last two: Chinese

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (g_str_has_suffix(text, ends[i]))
            return g_strdup(text);
    }
    // Translators: a sentence and its full stop
    return g_strdup_printf(_("%s."), text);
}

char *sfm_error_text(const GError *error)
{
    const char *remedy = remedy_of(error);
    g_autofree char *sentence = sfm_sentence(error->message);
    return g_strconcat(sentence, remedy ? "\n" : NULL, remedy, NULL);
}

char *sfm_progress_text(const SfmProgress *progress)
{
    if (progress->stage == SFM_STAGE_LOAD)
        return g_strdup(_("Loading the model"));
    if (progress->fraction <= 0) // drivers compile the shaders when they first run
        return g_strdup(_("Preparing the first step"));
    if (progress->remaining < 0)
        return g_strdup_printf(_("Step %d of %d"), progress->step, progress->num_steps);
    return g_strdup_printf(_("Step %d of %d, %.0f s left"), progress->step, progress->num_steps,
                           ceil(progress->remaining));
}

char *sfm_result_name(SfmJob job, const char *model, int seed)
{
    // Translators: the name of a layer: what was done, the model's title, the seed
    return g_strdup_printf(_("%s, %s, seed %d"), _(sfm_job_info(job)->title), model, seed);
}

char *sfm_layer_name(SfmJob job, const char *model, int seed, int number, int frame)
{
    const char *title = _(sfm_job_info(job)->title);
    if (frame == 0)
        // Translators: likewise, and its number of several
        return g_strdup_printf(_("%s, %s, seed %d, number %d"), title, model, seed, number);
    // Translators: likewise, and the number of an estimate on the way to it
    return g_strdup_printf(_("%s, %s, seed %d, number %d, frame %d"), title, model, seed, number,
                           frame);
}
