// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_COMMON_TRANSLATION_H
#define SFM_COMMON_TRANSLATION_H

#include <glib.h>

// The words of the shells, and those that the engine and scripts hand out as they
// are, in the user's language. po/README.md says how a text gets there:
//
//   _("Seed")               is translated where it stands;
//   N_("Seed")              in a table is only marked; _(row->label) translates it;
//   C_("level", "Step")     where one English word is two in other languages; in
//                           a table NC_("level", "Step"), then C_("level", label);
//   sfm_translated_plural("%d layer", "%d layers", n)
//
// A text is a whole sentence or label, never a piece of one. What programs read is
// no text: JSON, key files, recipes, names of options and knobs.
#define _(text)            sfm_translated(text)
#define N_(text)           (text)
#define C_(context, text)  sfm_translated_in(context, text)
#define NC_(context, text) (text)

// The domain of the translations, and the folder in which LANGUAGE/LC_MESSAGES
// has them: $SFUMATO_LOCALE, else where they are installed.
#define SFM_TRANSLATION_DOMAIN "sfumato"
const char *sfm_translation_folder(void);

// Takes words and letters from the user's locale, for the whole program, GLib's and
// GTK's words included. Numbers stay as in C, also where a toolkit has changed that.
// Main thread, while there is no other; again does no harm.
void sfm_translation_open(void);

// From now on no text is translated: for output that programs read. Main thread.
void sfm_translation_close(void);

// The text in the user's language, in UTF-8; the text itself where that is not
// known. NULL stays NULL. Lives as long as the program, or the text. Any thread.
const char *sfm_translated(const char *text) G_GNUC_FORMAT(1);
const char *sfm_translated_in(const char *context, const char *text) G_GNUC_FORMAT(2);

// Likewise, of the forms that the language has for `number` things.
const char *sfm_translated_plural(const char *one, const char *many, unsigned long number)
    G_GNUC_FORMAT(1) G_GNUC_FORMAT(2);

#endif
