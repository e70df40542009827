// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_TRANSLATION_H
#define SFM_COMMON_TRANSLATION_H

// Texts that scripts mark with _"...", in the user's language. The engine hands
// them out as they are.

// Finds the translations: those in $SFUMATO_LOCALE, else the installed ones. Main
// thread; again does no harm.
void sfm_translation_open(void);

// The text in the user's language, in UTF-8; the text itself where that is not
// known. NULL stays NULL. Lives as long as the program, or the text.
const char *sfm_translated(const char *text);

#endif
