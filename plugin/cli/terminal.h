// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_TERMINAL_H
#define SFM_CLI_TERMINAL_H

#include <stdbool.h>

#include <sfumato/engine.h>

// What goes to standard error: messages, and progress, which on a terminal is a
// bar that each update draws over, elsewhere a line now and then.

// Nothing but errors from now on: no progress, no notes.
void terminal_set_quiet(bool quiet);

// A line of its own, quiet or not. terminal_note() keeps quiet.
void terminal_say(const char *format, ...) G_GNUC_PRINTF(1, 2);
void terminal_note(const char *format, ...) G_GNUC_PRINTF(1, 2);

// A name or a sentence as a terminal may have it, which obeys control characters:
// one line, UTF-8, "?" for what is neither. The caller frees it.
char *terminal_text(const char *text);

// `text` in a column: as wide as so many letters, where Chinese and Japanese ones
// are two wide, or wider if it does not fit. The caller frees it.
char *terminal_column(const char *text, int width);

// An SfmProgressFunc without user data.
void terminal_progress(const SfmProgress *progress, void *user_data);

// Takes the bar away.
void terminal_progress_end(void);

// Sends what the engine logs through terminal_note().
void terminal_take_log(void);

#endif
