// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "common/translation.h"
#include "png_file.h"
#include "terminal.h"

// As the command line has it.
typedef struct {
    CommonOptions common;
    char *model, *schedule, *sampler, *noise, *size, *class_name, *output;
    char **settings;
    int steps, count;
    gint64 seed;
    double guidance;
} Options;

// Numbers that nobody gives.
static const Options nothing = { .steps = G_MININT, .count = G_MININT, .guidance = -G_MAXDOUBLE };

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->model);
    g_free(o->schedule);
    g_free(o->sampler);
    g_free(o->noise);
    g_free(o->size);
    g_free(o->class_name);
    g_free(o->output);
    g_strfreev(o->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

#define EXAMPLES                                                                             \
    "What is not given is as the model's card says, then as its published scheduler says.\n" \
    "\n"                                                                                     \
    "With --count, picture 2 of OUT.png becomes OUT-2.png; where OUT has a \"%d\", the\n"    \
    "number takes its place. The paths are printed. Each picture holds its recipe in a\n"    \
    "text chunk, \"" PNG_RECIPE "\".\n"                                                      \
    "\n"                                                                                     \
    "Examples:\n"                                                                            \
    "  sfumato generate --model textures --class grass --size 128x128 -o grass.png\n"        \
    "  sfumato generate --model digits --class 7 --seed 3 --count 4 -o seven-%d.png\n"       \
    "  sfumato generate --model textures --class wood --sampler ddim --steps 20 \\\n"        \
    "          --set eta=0.3 -o wood.png\n"

static void add_scripts(GString *text, SfmScriptLibrary *library, SfmScriptKind kind,
                        const char *title)
{
    g_autoptr(GPtrArray) scripts = sfm_script_library_choices(library, kind);

    g_string_append_printf(text, "\n%s:\n", title);
    for (guint i = 0; i < scripts->len; i++) {
        const SfmScriptInfo *info = scripts->pdata[i];
        g_string_append_printf(text, "  %-18s%s\n", info->name, sfm_translated(info->title));
        for (size_t k = 0; k < info->num_params; k++) {
            const SfmParam *param = &info->params[k];
            const char *help = param->help ? param->help : param->label;
            g_string_append_printf(text, "    %-16s%s\n", param->name,
                                   help ? sfm_translated(help) : "");
        }
    }
}

// The text behind the options: with --help the scripts that there are, too.
static char *details(int argc, char **argv)
{
    const char *data_dir = NULL;
    bool help = false;

    for (int i = 1; i < argc; i++) {
        help = help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
        if (strcmp(argv[i], "--data") == 0 && i + 1 < argc)
            data_dir = argv[i + 1];
        else if (g_str_has_prefix(argv[i], "--data="))
            data_dir = argv[i] + strlen("--data=");
    }
    GString *text = g_string_new(EXAMPLES);
    if (help) {
        g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
        add_scripts(text, library, SFM_SCRIPT_SCHEDULE, "Schedules and their knobs");
        add_scripts(text, library, SFM_SCRIPT_SAMPLER, "Samplers and their knobs");
    }
    return g_string_free(text, FALSE);
}

static bool parse_options(Options *o, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        { "model", 'm', 0, G_OPTION_ARG_STRING, &o->model,
          "A name in \"sfumato models\", or a path to a folder", "MODEL" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, "The PNG file to write", "OUT.png" },
        { "class", 0, 0, G_OPTION_ARG_STRING, &o->class_name,
          "What to make, by name or number, where the model has classes", "CLASS" },
        { "size", 0, 0, G_OPTION_ARG_STRING, &o->size, "In pixels; one number is a square",
          "WIDTHxHEIGHT" },
        { "count", 'n', 0, G_OPTION_ARG_INT, &o->count, "How many pictures (1)", "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &o->seed,
          "0 .. 2147483647; the same seed gives the same pictures (0)", "N" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &o->steps, "From noise to picture", "N" },
        { "guidance", 0, 0, G_OPTION_ARG_DOUBLE, &o->guidance,
          "How strongly to go towards the class; 1 is plain", "G" },
        { "schedule", 0, 0, G_OPTION_ARG_STRING, &o->schedule, "A name below, or a .lua file",
          "NAME" },
        { "sampler", 0, 0, G_OPTION_ARG_STRING, &o->sampler, "A name below, or a .lua file",
          "NAME" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->settings,
          "A knob of schedule or sampler: eta=0.3, sampler.eta=0.3; may be repeated",
          "NAME=VALUE" },
        { "noise", 0, 0, G_OPTION_ARG_STRING, &o->noise,
          "philox (the same on every device) or torch (as torch's CPU generator)", "KIND" },
        { 0 },
    };
    g_autofree char *text = details(*argc, *argv);
    const Usage usage = {
        .summary = "Makes pictures from noise.",
        .details = text,
        .entries = entries,
    };
    return parse(&usage, &o->common, argc, argv);
}

static bool take_noise(const Options *o, SfmNoise *noise)
{
    *noise = SFM_NOISE_PHILOX;
    if (!o->noise || strcmp(o->noise, "philox") == 0)
        return true;
    *noise = SFM_NOISE_TORCH;
    return strcmp(o->noise, "torch") == 0 ||
           refuse("noise: \"%s\" is neither philox nor torch", o->noise);
}

// A PNG called out.jpg would be one that other programs do not open. Names that
// promise nothing are left alone.
static bool check_extension(const char *output)
{
    static const char *const others[] = { ".jpg",  ".jpeg", ".jfif", ".webp", ".avif", ".heic",
                                          ".heif", ".jxl",  ".gif",  ".bmp",  ".tif",  ".tiff",
                                          ".tga",  ".exr",  ".xcf",  ".psd",  ".pdf",  ".svg",
                                          ".ppm",  ".pgm",  ".pnm" };
    g_autofree char *lower = g_ascii_strdown(output, -1);

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (g_str_has_suffix(lower, others[i]))
            return refuse("output: \"%s\" is not a name for a PNG file, which is what Sfumato "
                          "writes; let it end in .png",
                          output);
    }
    return true;
}

// What the engine takes as "the default" must not be asked for by mistake.
static bool check_given(const Options *o)
{
    if (!o->model)
        return refuse("--model is missing");
    if (!o->output || !*o->output)
        return refuse("--output is missing");
    if (!check_extension(o->output))
        return false;
    if (o->steps != nothing.steps && o->steps < 1)
        return refuse("steps: %d is less than 1", o->steps);
    if (o->count != nothing.count && (o->count < 1 || o->count > SFM_MAX_IMAGES))
        return refuse("count: %d is not in 1 .. %d", o->count, SFM_MAX_IMAGES);
    if (o->guidance != nothing.guidance && !(o->guidance > 0.0))
        return refuse("guidance: %g is not above 0", o->guidance);
    return true;
}

static bool make_request(const Options *o, SfmGenerateParams *params)
{
    *params = (SfmGenerateParams){
        .model = o->model,
        .schedule = o->schedule,
        .sampler = o->sampler,
        .num_steps = MAX(o->steps, 0),
        .seed = o->seed,
        .num_images = MAX(o->count, 1),
        .class_name = o->class_name,
        .guidance = MAX(o->guidance, 0.0),
        .settings = (const char *const *)o->settings,
        .progress = terminal_progress,
    };
    return take_noise(o, &params->noise) &&
           (!o->size || parse_size(o->size, &params->width, &params->height));
}

// "out.png" -> "out-2.png"; "out%d.png" -> "out2.png". `number` counts from 1.
static char *path_of(const char *output, int number, int count)
{
    g_autofree char *digits = g_strdup_printf("%d", number);
    const char *place = strstr(output, "%d");

    if (place)
        return g_strdup_printf("%.*s%s%s", (int)(place - output), output, digits, place + 2);
    if (count == 1)
        return g_strdup(output);
    const char *slash = strrchr(output, '/'), *dot = strrchr(output, '.');
    if (!dot || (slash && dot < slash))
        dot = output + strlen(output);
    return g_strdup_printf("%.*s-%s%s", (int)(dot - output), output, digits, dot);
}

static char **make_paths(const char *output, int count)
{
    char **paths = g_new0(char *, (gsize)count + 1);

    for (int i = 0; i < count; i++)
        paths[i] = path_of(output, i + 1, count);
    return paths;
}

static bool make_and_write(SfmEngine *engine, const SfmGenerateParams *params, char **paths,
                           GError **error)
{
    const int num = params->num_images;
    g_autofree SfmImage *images = g_try_new0(SfmImage, (gsize)num);

    if (!images)
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, "count: no memory for %d pictures", num);
    if (!images || !sfm_engine_generate(engine, params, images, error))
        return false;
    terminal_progress_end();
    const bool written = png_files_write(images, paths, num, error);
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    return written;
}

static int work(const Options *o, const SfmGenerateParams *params)
{
    g_auto(GStrv) paths = make_paths(o->output, params->num_images);
    g_autoptr(GError) error = NULL;

    for (char **path = paths; *path; path++) {
        if (!png_file_check(*path, &error))
            return fail(error);
    }
    SfmEngine *engine = open_engine(&o->common, &error);
    if (!engine)
        return fail(error);
    const bool done = make_and_write(engine, params, paths, &error);
    const int status = done ? STATUS_OK : fail(error);
    close_engine(engine);
    for (int i = 0; done && !o->common.quiet && paths[i]; i++)
        puts(paths[i]);
    return status;
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = nothing;
    SfmGenerateParams params;

    if (!parse_options(&options, &argc, &argv) || !check_given(&options) ||
        !make_request(&options, &params))
        return STATUS_USAGE;
    return work(&options, &params);
}

const Command command_generate = { "generate", "make pictures from noise", run };
