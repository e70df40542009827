// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "common/translation.h"
#include "interrupt.h"
#include "terminal.h"

void print_commands(const Command *const *commands, size_t num)
{
    for (size_t i = 0; i < num; i++)
        printf("  %-13s%s\n", commands[i]->name, _(commands[i]->summary));
}

void print_group_help(const char *name, const char *purpose, const Command *const *commands,
                      size_t num, const char *examples)
{
    // Translators: %s is "script" or the like; COMMAND and OPTION may be translated
    printf(_("Usage: sfumato %s COMMAND [OPTION...]\n"), name);
    printf("\n%s\n\n%s\n", purpose, _("Commands:"));
    print_commands(commands, num);
    putchar('\n');
    printf(_("\"sfumato %s COMMAND --help\" explains a command.\n"), name);
    printf("\n%s\n%s", _("Examples:"), examples);
}

bool asks_for_help(int argc, char **argv)
{
    return argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
                        strcmp(argv[1], "help") == 0);
}

int run_command(const char *prefix, const Command *const *commands, size_t num, int argc,
                char **argv)
{
    if (argc < 2) {
        refuse(_("a command is missing"));
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < num; i++) {
        if (strcmp(commands[i]->name, argv[1]) == 0) {
            g_autofree char *name = g_strconcat(prefix, argv[1], NULL);
            argv[1] = name;
            return commands[i]->run(argc - 1, argv + 1);
        }
    }
    refuse(_("there is no command \"%s\""), argv[1]);
    return STATUS_USAGE;
}

void common_options_clear(CommonOptions *options)
{
    g_free(options->device);
    g_free(options->data_dir);
    *options = (CommonOptions){ 0 };
}

// What stands behind the options.
static char *description_of(const Usage *usage)
{
    const bool both = usage->details && usage->examples;
    return g_strconcat(usage->details ? _(usage->details) : "", both ? "\n" : "",
                       usage->examples ? _("Examples:") : "", usage->examples ? "\n" : "",
                       usage->examples ? usage->examples : "", NULL);
}

// As GLib asks for what an option's entry says.
static const char *translate(const char *text, void *unused)
{
    return _(text);
}

static GOptionContext *make_context(const Usage *usage, CommonOptions *common)
{
    const GOptionEntry device_entries[] = {
        { "device", 0, 0, G_OPTION_ARG_STRING, &common->device,
          N_("Part of a device's name, or its number in \"sfumato devices\"; \"reference\" "
             "computes "
             "without Vulkan, slowly"),
          "NAME" },
        { "validate", 0, 0, G_OPTION_ARG_NONE, &common->validate,
          N_("Turn on the Vulkan validation layers; what they say is an error"), NULL },
        { 0 },
    };
    const GOptionEntry entries[] = {
        { "data", 0, 0, G_OPTION_ARG_FILENAME, &common->data_dir,
          N_("Where the folders lua and models are"), "DIR" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &common->quiet, N_("Say nothing but errors"), NULL },
        { 0 },
    };
    GOptionContext *context = g_option_context_new(usage->arguments);

    g_autofree char *description = description_of(usage);

    g_option_context_set_summary(context, _(usage->summary));
    g_option_context_set_description(context, description);
    if (usage->entries)
        g_option_context_add_main_entries(context, usage->entries, NULL);
    if (!usage->without_device)
        g_option_context_add_main_entries(context, device_entries, NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_group_set_translate_func(g_option_context_get_main_group(context), translate, NULL,
                                      NULL);
    return context;
}

// GLib leaves a "--" where it is if what follows begins with "-".
static void drop_separator(int *argc, char **argv)
{
    int at = 1;
    while (at < *argc && strcmp(argv[at], "--") != 0)
        at++;
    if (at == *argc)
        return;
    memmove(argv + at, argv + at + 1, sizeof *argv * (size_t)(*argc - at)); // and the last NULL
    (*argc)--;
}

bool parse(const Usage *usage, CommonOptions *common, int *argc, char ***argv)
{
    g_autofree char *command = g_strconcat("sfumato ", (*argv)[0], NULL);
    g_autoptr(GOptionContext) context = make_context(usage, common);
    g_autoptr(GError) error = NULL;

    g_set_prgname(command); // for the help
    if (!g_option_context_parse(context, argc, argv, &error))
        return refuse("%s", error->message);
    drop_separator(argc, *argv);

    if (*argc - 1 > usage->max_arguments)
        return refuse(_("\"%s\" is one argument too many"), (*argv)[1 + usage->max_arguments]);

    if (*argc - 1 < usage->min_arguments)
        return refuse(_("%s is missing"), usage->arguments);

    terminal_set_quiet(common->quiet);
    return true;
}

static int status_of(const GError *error)
{
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_CANCELLED) && interrupt_signal() != 0)
        return 128 + interrupt_signal();
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_BAD_ARGUMENT))
        return STATUS_USAGE;
    return g_error_matches(error, SFM_ERROR, SFM_ERROR_NO_DEVICE) ? STATUS_NO_DEVICE
                                                                  : STATUS_FAILED;
}

int fail(const GError *error)
{
    g_autofree char *text = sfm_error_text(error);

    terminal_say("sfumato: %s", text);
    return status_of(error);
}

bool refuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);

    g_autofree char *sentence = sfm_sentence(text);
    terminal_say("sfumato: %s", sentence);
    // Translators: %s is a command such as "sfumato generate"
    terminal_say(_("Try \"%s --help\"."), g_get_prgname());
    return false;
}

bool parse_size(const char *text, int *width, int *height)
{
    g_auto(GStrv) sides = g_strsplit(text, "x", 0);
    const guint num = g_strv_length(sides);
    guint64 w = 0, h = 0;

    if (num < 1 || num > 2 || !g_ascii_string_to_unsigned(sides[0], 10, 1, G_MAXINT, &w, NULL) ||
        !g_ascii_string_to_unsigned(sides[num - 1], 10, 1, G_MAXINT, &h, NULL))
        return refuse(_("size: \"%s\" is not WIDTHxHEIGHT in whole pixels, 1 or more"), text);

    *width = (int)w;
    *height = (int)h;
    return true;
}

bool parse_bytes(const char *text, uint64_t *bytes)
{
    static const char units[] = "KMGT";
    const size_t length = strspn(text, "0123456789."); // all that C takes for a number is more
    char *end;
    double number = g_ascii_strtod(text, &end);
    const char *unit = *end ? strchr(units, g_ascii_toupper(*end)) : NULL;

    for (const char *u = units; unit && u <= unit; u++)
        number *= 1024.0;
    if (end != text + length || (*end && !unit) || (unit && end[1]) ||
        !(number >= 1.0 && number <= 0x1p60))
        return refuse(_("memory: \"%s\" is not a size such as 512M or 2G"), text);
    *bytes = (uint64_t)number;
    return true;
}

bool check_png_name(const char *output)
{
    static const char *const others[] = { ".jpg",  ".jpeg", ".jfif", ".webp", ".avif", ".heic",
                                          ".heif", ".jxl",  ".gif",  ".bmp",  ".tif",  ".tiff",
                                          ".tga",  ".exr",  ".xcf",  ".psd",  ".pdf",  ".svg",
                                          ".ppm",  ".pgm",  ".pnm" };
    g_autofree char *lower = g_ascii_strdown(output, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_str_has_suffix(lower, others[i]))
            return refuse(_("output: \"%s\" is not a name for a PNG file, which is what Sfumato "
                            "writes; let it end in .png"),
                          output);
    }
    return true;
}

SfmEngine *open_engine(const CommonOptions *common, GError **error)
{
    const SfmEngineParams params = {
        .device = common->device,
        .data_dir = common->data_dir,
        .validate = common->validate,
    };
    SfmEngine *engine = sfm_engine_new(&params, error);

    if (engine)
        interrupt_watch(engine);
    return engine;
}

void close_engine(SfmEngine *engine)
{
    interrupt_watch(NULL);
    sfm_engine_free(engine);
}
