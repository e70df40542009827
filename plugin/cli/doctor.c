// SPDX-License-Identifier: GPL-3.0-or-later
#include "doctor.h"
#include "common/text.h"
#include "common/translation.h"

#include <stdio.h>

#include <sfumato/system.h>

#include "interrupt.h"
#include "terminal.h"

static const char *const state_names[] = {
    [CHECK_OK] = N_("ok"),
    [CHECK_MISSING] = N_("missing"),
    [CHECK_BROKEN] = N_("broken"),
};

// ---- the report -------------------------------------------------------------

static void free_check(gpointer data)
{
    Check *check = data;
    g_free(check->finding);
    g_free(check->remedy);
    g_free(check);
}

Report *report_new(void)
{
    return g_ptr_array_new_with_free_func(free_check);
}

Check *report_add(Report *report, const char *name, CheckState state, const char *format, ...)
{
    Check *check = g_new0(Check, 1);
    va_list args;

    check->name = name;
    check->state = state;
    va_start(args, format);
    check->finding = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(report, check);
    return check;
}

static bool is_in_the_way(const Check *check)
{
    return check->needed && check->state != CHECK_OK;
}

bool report_allows_pictures(const Report *report)
{
    for (guint i = 0; i < report->len; i++) {
        if (is_in_the_way(report->pdata[i]))
            return false;
    }
    return true;
}

char *remedy_install(const char *packages)
{
    g_autofree char *apt = g_find_program_in_path("apt-get");
    return apt ? g_strdup_printf(_("Run \"sudo apt install %s\""), packages)
               : g_strdup_printf(_("Install what your system calls %s"), packages);
}

// ---- for people -------------------------------------------------------------

static void print_check(const Check *check)
{
    g_autofree char *state = terminal_column(_(state_names[check->state]), 8);
    g_autofree char *name = terminal_column(_(check->name), 18);
    g_autofree char *finding = terminal_text(check->finding);
    g_autofree char *found = sfm_sentence(finding);
    printf("%s %s %s", state, name, found);
    if (check->remedy) {
        g_autofree char *remedy = terminal_text(check->remedy);
        g_autofree char *sentence = sfm_sentence(remedy);
        printf(" %s", sentence);
    }
    putchar('\n');
}

static void print_verdict(const Report *report)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < report->len; i++) {
        Check *check = report->pdata[i];
        if (is_in_the_way(check))
            g_ptr_array_add(names, (gpointer)_(check->name));
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    if (*list)
        printf(_("Pictures cannot be made. In the way: %s.\n"), list);
    else
        puts(_("Pictures can be made."));
}

static void print_report(const Report *report, bool quiet)
{
    for (guint i = 0; i < report->len; i++) {
        const Check *check = report->pdata[i];
        if (!quiet || check->state != CHECK_OK)
            print_check(check);
    }
    if (!quiet)
        print_verdict(report);
}

// ---- for programs -----------------------------------------------------------

static void append_member(GString *out, const char *key, const char *text)
{
    g_string_append_printf(out, "\"%s\": ", key);
    if (text)
        sfm_json_string(out, text);
    else
        g_string_append(out, "null");
}

static void append_check(GString *out, const Check *check)
{
    g_string_append_c(out, '{');
    append_member(out, "name", check->name);
    g_string_append(out, ", ");
    append_member(out, "state", state_names[check->state]);
    g_string_append_printf(out, ", \"needed\": %s, ", check->needed ? "true" : "false");
    append_member(out, "finding", check->finding);
    g_string_append(out, ", ");
    append_member(out, "remedy", check->remedy);
    g_string_append_c(out, '}');
}

static void print_json(const Report *report)
{
    g_autoptr(GString) out = g_string_new("{");
    append_member(out, "version", sfm_version());
    g_string_append_printf(out, ", \"pictures\": %s, \"checks\": [",
                           report_allows_pictures(report) ? "true" : "false");
    for (guint i = 0; i < report->len; i++) {
        g_string_append(out, i > 0 ? ",\n  " : "\n  ");
        append_check(out, report->pdata[i]);
    }
    g_string_append(out, "\n]}");
    puts(out->str);
}

// ---- the command ------------------------------------------------------------

static int run(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Say it as JSON, for programs"), NULL },
        { 0 },
    };
    const Usage usage = {
        .summary = N_("Says what works on this machine, and how to mend the rest: Vulkan, device, "
                      "models, scripts,\na small picture, GIMP and its plug-in, folders, locale."),
        .details = N_("A line each: \"ok\", \"missing\" or \"broken\", what it is, what was found, "
                      "what may be done\n"
                      "about it. With --quiet only those that are not ok.\n"
                      "\n"
                      "The exit status is 0 when pictures can be made, else 1.\n"),
        .examples = "  sfumato doctor\n"
                    "  sfumato doctor --device 1\n"
                    "  sfumato doctor --json\n",
        .entries = entries,
    };
    g_auto(CommonOptions) common = { 0 };

    if (!parse(&usage, &common, &argc, &argv))
        return STATUS_USAGE;
    if (json)
        sfm_translation_close();
    g_autoptr(GPtrArray) report = report_new();
    report_add(report, N_("program"), CHECK_OK, "sfumato %s", sfm_version());
    SfmEngine *engine = doctor_check_vulkan(report, &common);
    doctor_check_data(report, &common, engine);
    close_engine(engine);
    if (interrupt_signal() != 0) // while it made a picture
        return 128 + interrupt_signal();
    doctor_check_gimp(report);
    doctor_check_system(report);
    if (json)
        print_json(report);
    else
        print_report(report, common.quiet);
    return report_allows_pictures(report) ? STATUS_OK : STATUS_FAILED;
}

const Command command_doctor = { "doctor", N_("say what works here, and how to mend the rest"),
                                 run };
