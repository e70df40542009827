// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_EVAL_H
#define SFM_CLI_EVAL_H

#include "command.h"

// What stands behind `sfumato eval`; each is called as one of its words.
extern const Command eval_denoise;

#endif
