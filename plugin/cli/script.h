// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_SCRIPT_H
#define SFM_CLI_SCRIPT_H

#include "command.h"

// The words behind `sfumato script`: what each is in command.h.
extern const Command script_new, script_check, script_test, script_list, script_api, script_plot;

// Lines of texts, each behind `kind`: what is wrong with a script.
void print_sentences(const GPtrArray *sentences, const char *kind);

#endif
