// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_INTERRUPT_H
#define SFM_CLI_INTERRUPT_H

#include <sfumato/engine.h>

// From now on SIGINT, SIGTERM and SIGHUP cancel this engine's job, which then
// ends in order; a second one ends the program at once. NULL: no longer.
void interrupt_watch(SfmEngine *engine);

// The signal that came; 0: none.
int interrupt_signal(void);

#endif
