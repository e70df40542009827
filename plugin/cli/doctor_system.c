// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/translation.h"
#include "doctor.h"

// The folder itself, or the one in which it would be made. The caller frees it.
static char *nearest_that_exists(const char *folder)
{
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    while (!g_file_test(path, G_FILE_TEST_EXISTS) && path[1] != '\0') {
        char *parent = g_path_get_dirname(path);
        g_free(path);
        path = parent;
    }
    return g_steal_pointer(&path);
}

void doctor_check_folder(Report *report, const char *name, const char *folder, const char *purpose)
{
    g_autofree char *nearest = nearest_that_exists(folder);
    const bool is_folder = g_file_test(nearest, G_FILE_TEST_IS_DIR);

    if (is_folder && access(nearest, W_OK | X_OK) == 0) {
        report_add(report, name, CHECK_OK,
                   g_str_equal(nearest, folder) ? _("%s can be written to") : _("%s can be made"),
                   folder);
        return;
    }
    Check *check =
        report_add(report, name, CHECK_BROKEN, _("%s cannot be written to: %s"), folder, purpose);
    check->remedy = is_folder ? g_strdup_printf(_("Make %s yours, with chown or chmod"), nearest)
                              : g_strdup_printf(_("Move %s away: it is no folder"), nearest);
}

static void check_locale(Report *report)
{
    const char *charset;
    const locale_t wanted = newlocale(LC_ALL_MASK, "", (locale_t)0);
    const bool utf8 = g_get_charset(&charset);

    if (wanted)
        freelocale(wanted);
    if (wanted && utf8) {
        report_add(report, N_("locale"), CHECK_OK, _("%s, in UTF-8"), setlocale(LC_CTYPE, NULL));
        return;
    }
    Check *check =
        wanted ? report_add(report, N_("locale"), CHECK_BROKEN,
                            _("Its characters are %s, and files are named in UTF-8"), charset)
               : report_add(report, N_("locale"), CHECK_MISSING,
                            _("The locale that LANG and LC_* ask for is not there"));
    check->remedy =
        g_strdup(_("Set LC_ALL=C.UTF-8, or a locale that \"locale -a\" lists with .utf8"));
}

// The language of the user's texts, "de_AT" or "de"; NULL: English, or none.
static const char *language_wanted(void)
{
    const char *first = g_get_language_names_with_category("LC_MESSAGES")[0];
    const bool none = g_str_equal(first, "C") || g_str_has_prefix(first, "C.");
    return none || g_str_has_prefix(first, "en") ? NULL : first;
}

static bool is_translated(void)
{
    const char *const *names = g_get_language_names_with_category("LC_MESSAGES");

    for (size_t i = 0; names[i]; i++) {
        g_autofree char *path = g_build_filename(sfm_translation_folder(), names[i], "LC_MESSAGES",
                                                 SFM_TRANSLATION_DOMAIN ".mo", NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return true;
    }
    return false;
}

static void check_language(Report *report)
{
    const char *wanted = language_wanted();
    g_autofree char *name = g_strndup(wanted ? wanted : "", wanted ? strcspn(wanted, ".@") : 0);

    if (!wanted || is_translated())
        report_add(report, N_("language"), CHECK_OK, "%s", wanted ? name : _("English"));
    else
        report_add(report, N_("language"), CHECK_MISSING,
                   _("Sfumato speaks no %s; texts are in English"), name);
}

void doctor_check_system(Report *report)
{
    g_autofree char *own = g_build_filename(g_get_user_data_dir(), "sfumato", NULL);

    check_locale(report);
    check_language(report);
    doctor_check_folder(report, N_("your own folder"), own,
                        _("models and scripts of your own have no place there"));
    doctor_check_folder(report, N_("cache"), g_get_user_cache_dir(),
                        _("drivers compile every shader anew each time"));
}
