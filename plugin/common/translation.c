// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/translation.h"

#include <libintl.h>
#include <locale.h>

#include <glib.h>

// What must stay true: only these texts change with the user's language while all
// other words are English. So the program's own locale stays, also for GLib, whose
// words would stand between ours.
static const char domain[] = "sfumato";

void sfm_translation_open(void)
{
    const char *folder = g_getenv("SFUMATO_LOCALE");

    bindtextdomain(domain, folder && *folder ? folder : SFM_LOCALE_DIR);
    bind_textdomain_codeset(domain, "UTF-8");
}

const char *sfm_translated(const char *text)
{
    if (!text || !*text) // the translation of the empty text is the file's header
        return text;
    const locale_t users = newlocale(LC_MESSAGES_MASK, "", (locale_t)0);
    if (users == (locale_t)0)
        return text;
    const locale_t before = uselocale(users);
    const char *translated = dgettext(domain, text);
    uselocale(before);
    freelocale(users);
    return translated;
}
