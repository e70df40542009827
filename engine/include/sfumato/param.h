// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_PARAM_H
#define SFUMATO_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>
#include <sfumato/error.h>

G_BEGIN_DECLS

// A knob, declared once: by a script in its `params`, or in the engine's own
// table. A shell makes a widget, a flag and a line of help of it.
typedef enum {
    SFM_PARAM_NUMBER,
    SFM_PARAM_INTEGER,
    SFM_PARAM_BOOLEAN,
    SFM_PARAM_CHOICE,
    SFM_PARAM_TEXT,
} SfmParamType;

typedef struct {
    char *name;  // [a-z][a-z0-9_]*, unique within its script
    char *label; // for people, untranslated; NULL: the name
    char *help;  // a sentence; NULL: none
    SfmParamType type;
    double min, max, step; // of numbers and integers; infinite where open; step 0: not said
    double default_number; // of numbers, integers and booleans (0, 1)
    char *default_text;    // of choices and texts
    char **choices;        // NULL-terminated; of choices only; shown translated
} SfmParam;

typedef enum {
    SFM_SCRIPT_SCHEDULE,
    SFM_SCRIPT_SAMPLER,
} SfmScriptKind;

// What a script says of itself.
typedef struct {
    SfmScriptKind kind;
    char *name;    // as in --sampler NAME
    char *title;   // for people, untranslated
    char *license; // an SPDX expression; NULL: not said
    char *path;    // of the file
    char *hash;    // SHA-256 of the file, hex
    int order;     // claimed order of convergence, with the default knobs; 0: none
    int evals;     // calls of the model a step, with the default knobs; 1 unless declared
    bool stochastic, adaptive; // the first with the default knobs
    size_t num_params;
    SfmParam *params; // [num_params]
} SfmScriptInfo;

// NULL is a no-op.
void sfm_script_info_free(SfmScriptInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmScriptInfo, sfm_script_info_free)

G_END_DECLS

#endif
