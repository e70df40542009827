// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/translation.h"

#include <libintl.h>
#include <locale.h>

const char *sfm_translation_folder(void)
{
    const char *folder = g_getenv("SFUMATO_LOCALE");
    return folder && *folder ? folder : SFM_LOCALE_DIR;
}

void sfm_translation_open(void)
{
    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    setlocale(LC_NUMERIC, "C");
    bindtextdomain(SFM_TRANSLATION_DOMAIN, sfm_translation_folder());
    bind_textdomain_codeset(SFM_TRANSLATION_DOMAIN, "UTF-8");
}

void sfm_translation_close(void)
{
    setlocale(LC_MESSAGES, "C");
}

const char *sfm_translated(const char *text)
{
    if (!text || !*text) // the translation of the empty text is the file's header
        return text;
    return dgettext(SFM_TRANSLATION_DOMAIN, text);
}

// gettext's files have context and text as one, with this between them.
const char *sfm_translated_in(const char *context, const char *text)
{
    g_autofree char *both = g_strconcat(context, "\004", text, NULL);
    const char *translated = dgettext(SFM_TRANSLATION_DOMAIN, both);
    return translated == both ? text : translated;
}

const char *sfm_translated_plural(const char *one, const char *many, unsigned long number)
{
    return dngettext(SFM_TRANSLATION_DOMAIN, one, many, number);
}
