// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a GIMP looks for plug-ins: in the folders of plug-in-path in its gimprc,
// else in plug-ins of the user's profile, then of the GIMP itself. In each it
// wants NAME/NAME. Of two of a name it takes the first.
#define _GNU_SOURCE // memmem()
#include <string.h>
#include <unistd.h>

#include "common/procedure.h"
#include "common/translation.h"
#include "doctor.h"

typedef struct {
    const char *version;  // of the program, "2.10"
    const char *api;      // of the plug-ins, "2.0": their folder's name
    const char *check;    // names of lines in the report
    const char *plug_in;  // likewise
    const char *profile;  // likewise
    const char *variable; // that moves the profile
    const char *library;  // that a plug-in for it links with
} Gimp;

static const Gimp gimps[] = {
    { "2.10", "2.0", N_("GIMP 2.10"), N_("plug-in for 2.10"), N_("profile of 2.10"),
      "GIMP2_DIRECTORY", "libgimp-2.0.so" },
    { "3.0", "3.0", N_("GIMP 3.0"), N_("plug-in for 3.0"), N_("profile of 3.0"), "GIMP3_DIRECTORY",
      "libgimp-3.0.so" },
};

static char *find_program(const Gimp *gimp)
{
    g_autofree char *console = g_strconcat("gimp-console-", gimp->version, NULL);
    g_autofree char *window = g_strconcat("gimp-", gimp->version, NULL);
    char *path = g_find_program_in_path(console);
    return path ? path : g_find_program_in_path(window);
}

static char *profile_of(const Gimp *gimp)
{
    const char *variable = g_getenv(gimp->variable);
    if (variable && g_path_is_absolute(variable))
        return g_strdup(variable);
    if (variable && *variable) // GIMP takes it from the user's home
        return g_build_filename(g_get_home_dir(), variable, NULL);
    return g_build_filename(g_get_user_config_dir(), "GIMP", gimp->version, NULL);
}

// ---- folders of plug-ins ------------------------------------------------------

// LIB/gimp/API if it is there, else NULL.
static char *gimp_folder(const char *lib, const Gimp *gimp)
{
    g_autofree char *path = g_build_filename(lib, "gimp", gimp->api, NULL);
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&path) : NULL;
}

// As gimp_folder(), in LIB or in one of its folders, as Debian has one an
// architecture.
static char *gimp_folder_within(const char *lib, const Gimp *gimp)
{
    char *found = gimp_folder(lib, gimp);
    g_autoptr(GDir) dir = g_dir_open(lib, 0, NULL);
    const char *name;

    while (!found && dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inner = g_build_filename(lib, name, NULL);
        found = gimp_folder(inner, gimp);
    }
    return found;
}

// What GIMP calls gimp_plug_in_dir, from where its program is: /usr/bin/gimp-3.0
// has /usr/lib/x86_64-linux-gnu/gimp/3.0. NULL: not found.
static char *system_folder(const Gimp *gimp, const char *program)
{
    static const char *const libs[] = { "lib", "lib64" };
    g_autofree char *bin = g_path_get_dirname(program);
    g_autofree char *prefix = g_path_get_dirname(bin);
    char *found = NULL;

    for (size_t i = 0; !found && i < G_N_ELEMENTS(libs); i++) {
        g_autofree char *lib = g_build_filename(prefix, libs[i], NULL);
        found = gimp_folder_within(lib, gimp);
    }
    return found;
}

// The string in a line `(plug-in-path "...")`. NULL: there is none.
static char *path_in_gimprc(const char *profile)
{
    g_autofree char *file = g_build_filename(profile, "gimprc", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(file, &text, NULL, NULL))
        return NULL;

    g_autoptr(GRegex) regex = g_regex_new("^\\s*\\(\\s*plug-in-path\\s+\"((?:[^\"\\\\]|\\\\.)*)\"",
                                          G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, text, 0, &match))
        return NULL;
    g_autofree char *quoted = g_match_info_fetch(match, 1);
    return g_strcompress(quoted);
}

// The folders, first to last, NULL-terminated.
static char **plug_in_folders(const Gimp *gimp, const char *profile, const char *program)
{
    g_autofree char *system = system_folder(gimp, program);
    g_autofree char *own = path_in_gimprc(profile);
    g_autoptr(GString) path =
        g_string_new(own ? own : "${gimp_dir}/plug-ins:${gimp_plug_in_dir}/plug-ins");

    g_string_replace(path, "${gimp_dir}", profile, 0);
    g_string_replace(path, "${gimp_plug_in_dir}", system ? system : "/nowhere", 0);
    return g_strsplit(path->str, ":", -1);
}

// ---- the plug-in --------------------------------------------------------------

static bool has_text(const GString *bytes, const char *text)
{
    return memmem(bytes->str, bytes->len, text, strlen(text)) != NULL;
}

// Of a file that cannot be read there are none.
static GString *read_bytes(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    g_file_get_contents(path, &bytes, &size, NULL);
    return g_string_new_len(bytes ? bytes : "", (gssize)size);
}

// A procedure of which a plug-in knows nothing; NULL: it has all.
static const char *procedure_missing_in(const GString *plug_in)
{
    for (int job = 0; job < SFM_NUM_JOBS; job++) {
        const char *name = sfm_procedure((SfmJob)job)->name;
        if (!has_text(plug_in, name))
            return name;
    }
    return NULL;
}

// What is wrong with FOLDER/diffusion/diffusion, a sentence; NULL: nothing.
static char *fault_of(const Gimp *gimp, const char *folder, const char *program)
{
    g_autofree char *outer = g_path_get_dirname(program);

    if (!g_file_test(outer, G_FILE_TEST_IS_DIR))
        return g_strdup_printf(_("%s is a file, and GIMP looks for diffusion/diffusion"), outer);
    if (!g_file_test(program, G_FILE_TEST_IS_REGULAR))
        return g_strdup_printf(_("%s is not there, though its folder is"), program);
    if (access(program, X_OK) != 0)
        return g_strdup_printf(_("%s is not executable"), program);
    g_autoptr(GString) bytes = read_bytes(program);
    if (!has_text(bytes, gimp->library))
        return g_strdup_printf(_("%s is not for this GIMP: it does not use %s"), program,
                               gimp->library);
    const char *procedure = procedure_missing_in(bytes);
    return procedure
               ? g_strdup_printf(_("%s is of an earlier version: it has no %s"), program, procedure)
               : NULL;
}

static void add_plug_in(Report *report, const Gimp *gimp, const char *folder)
{
    g_autofree char *program = g_build_filename(folder, "diffusion", "diffusion", NULL);
    g_autofree char *fault = fault_of(gimp, folder, program);
    Check *check = report_add(report, gimp->plug_in, fault ? CHECK_BROKEN : CHECK_OK, "%s",
                              fault ? fault : program);
    if (fault)
        check->remedy = g_strdup(_("Take it away, and install the plug-in built for this GIMP"));
}

static void check_plug_in(Report *report, const Gimp *gimp, char *const *folders)
{
    for (size_t i = 0; folders[i]; i++) {
        g_autofree char *path = g_build_filename(folders[i], "diffusion", NULL);
        if (*folders[i] && g_file_test(path, G_FILE_TEST_EXISTS)) {
            add_plug_in(report, gimp, folders[i]);
            return;
        }
    }
    g_autofree char *list = g_strjoinv(", ", (char **)folders);
    Check *check = report_add(report, gimp->plug_in, CHECK_MISSING, _("In none of %s"), list);
    check->remedy =
        g_strdup(_("Install the package gimp-diffusion, or run ./try in Sfumato's source"));
}

static bool check_one(Report *report, const Gimp *gimp)
{
    g_autofree char *program = find_program(gimp);
    if (!program)
        return false;

    g_autofree char *profile = profile_of(gimp);
    g_auto(GStrv) folders = plug_in_folders(gimp, profile, program);
    report_add(report, gimp->check, CHECK_OK, "%s", program);
    check_plug_in(report, gimp, folders);
    doctor_check_folder(report, gimp->profile, profile, _("the last values are not kept"));
    return true;
}

// ---- GIMP in a Flatpak ----------------------------------------------------------

// The folder of an application or extension that is installed, for this user or
// for all; NULL: it is not.
static char *flatpak_folder(const char *kind, const char *id)
{
    g_autofree char *own = g_build_filename(g_get_user_data_dir(), "flatpak", kind, id, NULL);
    g_autofree char *system = g_build_filename("/var/lib/flatpak", kind, id, NULL);
    if (g_file_test(own, G_FILE_TEST_IS_DIR))
        return g_steal_pointer(&own);
    return g_file_test(system, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&system) : NULL;
}

// It looks at plug-ins in extensions of its own alone.
static bool check_flatpak(Report *report)
{
    g_autofree char *gimp = flatpak_folder("app", "org.gimp.GIMP");
    g_autofree char *plug_in = flatpak_folder("runtime", "org.gimp.GIMP.Plugin.Diffusion");
    if (!gimp)
        return false;

    report_add(report, N_("GIMP in Flatpak"), CHECK_OK, "%s", gimp);
    if (plug_in)
        report_add(report, N_("plug-in in Flatpak"), CHECK_OK, "%s", plug_in);
    else
        report_add(report, N_("plug-in in Flatpak"), CHECK_MISSING,
                   _("That GIMP has no extension org.gimp.GIMP.Plugin.Diffusion"))
            ->remedy = g_strdup(_("In Sfumato's source, run \"flatpak-builder --user --install "
                                  "build-flatpak plugin/org.gimp.GIMP.Plugin.Diffusion.json\""));
    return true;
}

void doctor_check_gimp(Report *report)
{
    bool any = check_flatpak(report);
    for (size_t i = 0; i < G_N_ELEMENTS(gimps); i++)
        any = check_one(report, &gimps[i]) || any;
    if (!any)
        report_add(report, "GIMP", CHECK_MISSING,
                   _("Neither 2.10 nor 3.0 is in PATH, nor is one in Flatpak"))
            ->remedy = remedy_install("gimp");
}
