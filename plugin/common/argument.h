// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_ARGUMENT_H
#define SFM_COMMON_ARGUMENT_H

#include <stddef.h>

// The arguments of plug-in-diffusion-generate, declared once: the procedure of
// both GIMPs, what is checked, and what is remembered come from this table.
// GIMP 2.10 calls by position, so rows are only ever added at the end.
typedef enum {
    SFM_ARGUMENT_INTEGER,
    SFM_ARGUMENT_NUMBER,
    SFM_ARGUMENT_TEXT,
} SfmArgumentType;

typedef struct {
    const char *name;  // as the procedure has it
    const char *label; // for people, without a mnemonic, untranslated as is the help
    const char *help;  // a sentence without its full stop
    SfmArgumentType type;
    size_t offset;   // of its field in SfmForm: int, double or char *
    double min, max; // of integers and numbers; the default is 0, of texts ""
} SfmArgument;

enum { SFM_NUM_ARGUMENTS = 12 };
extern const SfmArgument sfm_arguments[SFM_NUM_ARGUMENTS];

#endif
