// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_options.h"

#include <string.h>

#include "common/form.h"
#include "common/recipe_text.h"
#include "common/text.h"
#include "common/translation.h"
#include "png_file.h"
#include "terminal.h"

// Numbers that nobody gives.
static const JobOptions nothing = {
    .steps = G_MININT, .count = G_MININT, .depth = G_MININT, .guidance = -G_MAXDOUBLE
};

void job_options_clear(JobOptions *o)
{
    common_options_clear(&o->common);
    g_free(o->model);
    g_free(o->schedule);
    g_free(o->sampler);
    g_free(o->noise);
    g_free(o->size);
    g_free(o->class_name);
    g_free(o->output);
    g_free(o->memory);
    g_strfreev(o->set);
    g_strfreev(o->settings);
    g_strfreev(o->kernel);
    g_strfreev(o->kernels);
    g_strfreev(o->inputs);
    for (size_t i = 0; i < MAX_KNOBS; i++)
        g_free(o->knobs[i]);
}

// What else is to be said of a job.
static const char *const notes[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] =
        N_("With --frames, what the sampler took the picture for on its way, from the first\n"
           "step to the last, is written beside it: OUT-frame-1.png and so on.\n"),
    [SFM_JOB_DENOISE] =
        N_("One step, which is the default, gives the mean of what may lie behind the noise; more\n"
           "steps draw one such picture, with more detail and less truth.\n"),
    [SFM_JOB_INPAINT] =
        N_("The mask is white where the picture is painted, black where it is kept to the bit,\n"
           "and gray in between.\n"),
};

static const char *const examples[SFM_NUM_JOBS] = {
    [SFM_JOB_GENERATE] =
        "  sfumato generate --model textures --class grass --size 128x128 -o grass.png\n"
        "  sfumato generate --model digits --class 7 --seed 3 --count 4 -o seven-%d.png\n"
        "  sfumato generate --model textures --class wood --sampler ddim --steps 20 \\\n"
        "          --set eta=0.3 -o wood.png\n",
    [SFM_JOB_VARY] =
        "  sfumato vary --model textures --class rock --strength 0.6 wall.png -o rock.png\n"
        "  sfumato vary --model digits --strength 0.4 --count 5 seven.png -o sevens-%d.png\n",
    [SFM_JOB_DENOISE] = "  sfumato denoise night.png -o clean.png\n"
                        "  sfumato denoise --sigma 25 --luminance 0.7 night.png -o clean.png\n",
    [SFM_JOB_INTERPOLATE] =
        "  sfumato interpolate --model digits --count 7 one.png seven.png -o between-%d.png\n"
        "  sfumato interpolate --model textures --level 0.7 --mixing spherical \\\n"
        "          grass.png sand.png -o edge.png\n",
    [SFM_JOB_INPAINT] =
        "  sfumato inpaint --model textures --class rock wall.png hole.png -o whole.png\n"
        "  sfumato inpaint --model photo --rounds 10 --count 3 beach.png hat.png -o bare-%d.png\n",
};

// "Relative error: That a step may make": many a help goes on from its label. A
// label that says what the name says is left out.
static char *knob_text(const SfmParam *param)
{
    g_autofree char *words = g_strdelimit(g_strdup(param->name), "_", ' ');
    const char *help = param->help ? param->help : param->label;

    if (param->help && param->label && g_ascii_strcasecmp(param->label, words) != 0)
        return g_strdup_printf("%s: %s", _(param->label), _(help));
    return g_strdup(help ? _(help) : "");
}

static void add_scripts(GString *text, SfmScriptLibrary *library, SfmScriptKind kind,
                        const char *title)
{
    g_autoptr(GPtrArray) scripts = sfm_script_library_choices(library, kind);

    g_string_append_printf(text, "\n%s\n", title);
    for (guint i = 0; i < scripts->len; i++) {
        const SfmScriptInfo *info = scripts->pdata[i];
        g_string_append_printf(text, "  %-20s%s\n", info->name, _(info->title));
        for (size_t k = 0; k < info->num_params; k++) {
            g_autofree char *help = knob_text(&info->params[k]);
            g_string_append_printf(text, "    %-18s%s\n", info->params[k].name, help);
        }
    }
}

static GString *prose(SfmJob job)
{
    GString *text = g_string_new(
        _("What is not given is as the model's card has it, or else its published scheduler.\n"));

    g_string_append_c(text, '\n');
    g_string_append_printf(
        text,
        // Translators: "%%d" is what a person types; "%s" becomes the name of the text chunk
        _("With --count, picture 2 of OUT.png becomes OUT-2.png; where OUT has a \"%%d\", the\n"
          "number takes its place. The paths are printed. Each picture holds its recipe in a\n"
          "text chunk, \"%s\".\n"),
        SFM_RECIPE_NAME);
    if (sfm_job_info(job)->inputs[0])
        g_string_append_printf(text, "\n%s",
                               _("Pictures are read from PNG files of any kind, by their colour "
                                 "profiles; the result has\n"
                                 "the size, depth, alpha and colour profile of the first.\n"));
    if (notes[job])
        g_string_append_printf(text, "\n%s", _(notes[job]));
    return text;
}

// The text behind the options: with --help the scripts that there are, too.
static char *details(SfmJob job, int argc, char **argv)
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
    GString *text = prose(job);
    g_string_append_printf(text, "\n%s\n%s", _("Examples:"), examples[job]);
    if (help) {
        g_autoptr(SfmScriptLibrary) library = sfm_script_library_new(data_dir);
        add_scripts(text, library, SFM_SCRIPT_SCHEDULE, _("Schedules and their knobs:"));
        add_scripts(text, library, SFM_SCRIPT_SAMPLER, _("Samplers and their knobs:"));
    }
    return g_string_free(text, FALSE);
}

static void add_entry(GArray *entries, const char *name, char letter, GOptionArg type, void *to,
                      const char *help, const char *value)
{
    const GOptionEntry entry = { name, letter, 0, type, to, help, value };
    g_array_append_val(entries, entry);
}

static const char *value_name(const SfmParam *param)
{
    switch (param->type) {
    case SFM_PARAM_NUMBER:
        return "X";
    case SFM_PARAM_INTEGER:
        return "N";
    case SFM_PARAM_BOOLEAN:
        return "true|false";
    default:
        return "WORD";
    }
}

// "Help (0.5)", which the result owns, as it does the option's name.
static void add_knob(GArray *entries, GPtrArray *texts, const SfmParam *param, char **to)
{
    char *name = g_strdelimit(g_strdup(param->name), "_", '-');
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    char *choices = param->choices ? g_strjoinv(", ", param->choices) : NULL;
    char *help = g_strdup_printf(
        "%s%s%s (%s)", _(param->help), choices ? ": " : "", choices ? choices : "",
        param->default_text ? param->default_text
                            : g_ascii_formatd(number, sizeof number, "%g", param->default_number));
    g_free(choices);
    g_ptr_array_add(texts, name);
    g_ptr_array_add(texts, help);
    add_entry(entries, name, 0, G_OPTION_ARG_STRING, to, help, value_name(param));
}

static void add_model_entries(GArray *entries, JobOptions *o)
{
    add_entry(entries, "model", 'm', G_OPTION_ARG_STRING, &o->model,
              N_("A name in \"sfumato models\", or a path to a folder"), "MODEL");
    add_entry(entries, "output", 'o', G_OPTION_ARG_FILENAME, &o->output,
              N_("The PNG file to write"), "OUT.png");
    add_entry(entries, "depth", 0, G_OPTION_ARG_INT, &o->depth,
              N_("Bits a channel, 8 or 16 (those of the first picture, else 8)"), "BITS");
    add_entry(entries, "class", 0, G_OPTION_ARG_STRING, &o->class_name,
              N_("What to make, by name or number, where the model has classes"), "CLASS");
    if (!sfm_job_info(o->job)->inputs[0])
        add_entry(entries, "size", 0, G_OPTION_ARG_STRING, &o->size,
                  N_("In pixels; one number is a square"), "WIDTHxHEIGHT");
    add_entry(entries, "count", 'n', G_OPTION_ARG_INT, &o->count, N_("How many pictures (1)"), "N");
    add_entry(entries, "seed", 0, G_OPTION_ARG_INT64, &o->seed,
              N_("0 .. 2147483647; the same seed gives the same pictures (0)"), "N");
}

static void add_run_entries(GArray *entries, JobOptions *o)
{
    add_entry(entries, "steps", 0, G_OPTION_ARG_INT, &o->steps,
              sfm_job_info(o->job)->inputs[0]
                  ? N_("How many steps lead from where the job begins to the picture; more take "
                       "longer")
                  : N_("How many steps lead from noise to picture; more take longer"),
              "N");
    add_entry(entries, "guidance", 0, G_OPTION_ARG_DOUBLE, &o->guidance,
              N_("How strongly to go towards the class; 1 is plain"), "G");
    add_entry(entries, "schedule", 0, G_OPTION_ARG_STRING, &o->schedule,
              N_("A name below, or a .lua file"), "NAME");
    add_entry(entries, "sampler", 0, G_OPTION_ARG_STRING, &o->sampler,
              N_("A name below, or a .lua file"), "NAME");
    add_entry(entries, "set", 0, G_OPTION_ARG_STRING_ARRAY, &o->set,
              N_("A knob of schedule or sampler: eta=0.3, sampler.eta=0.3; may be repeated"),
              "NAME=VALUE");
    add_entry(entries, "memory", 0, G_OPTION_ARG_STRING, &o->memory,
              N_("How much of the device's memory it may take, such as 512M or 2G (what there is)"),
              "SIZE");
    add_entry(entries, "dry-run", 0, G_OPTION_ARG_NONE, &o->dry_run,
              N_("Check it all, say how much of the device's memory it takes, and make nothing"),
              NULL);
    add_entry(entries, "kernel", 0, G_OPTION_ARG_STRING_ARRAY, &o->kernel,
              N_("A kernel of a recipe; \"usual\": none that has been tuned; may be repeated"),
              "\"CALL = KERNEL\"");
    add_entry(entries, "noise", 0, G_OPTION_ARG_STRING, &o->noise,
              N_("philox (the same on every device) or torch (as torch's CPU generator)"), "KIND");
}

// "PICTURE", "FROM TO"; NULL: the job reads none.
static char *argument_names(const SfmJobInfo *info)
{
    g_autofree char *names = g_strjoinv(" ", (char **)info->inputs);
    return info->inputs[0] ? g_ascii_strup(names, -1) : NULL;
}

static bool parse_options(JobOptions *o, int *argc, char ***argv)
{
    const SfmJobInfo *info = sfm_job_info(o->job);
    const int num_inputs = (int)g_strv_length((char **)info->inputs);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *text = details(o->job, *argc, *argv);
    g_autofree char *arguments = argument_names(info);
    g_autofree char *summary = sfm_sentence(_(info->summary));
    const Usage usage = {
        .arguments = arguments,
        .summary = summary,
        .details = text,
        .min_arguments = num_inputs,
        .max_arguments = num_inputs,
    };

    add_model_entries(entries, o);
    for (size_t i = 0; i < info->num_params; i++)
        add_knob(entries, texts, &info->params[i], &o->knobs[i]);
    add_run_entries(entries, o);
    Usage whole = usage;
    whole.entries = (const GOptionEntry *)(void *)entries->data;
    if (!parse(&whole, &o->common, argc, argv))
        return false;
    o->inputs = g_strdupv(*argv + 1);
    return true;
}

// What --set says, and each knob's own flag.
static void take_settings(JobOptions *o)
{
    const SfmJobInfo *info = sfm_job_info(o->job);
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    if (o->set)
        g_strv_builder_addv(all, (const char **)o->set);
    for (size_t i = 0; i < info->num_params; i++) {
        g_autofree char *setting =
            o->knobs[i] ? g_strdup_printf("job.%s=%s", info->params[i].name, o->knobs[i]) : NULL;
        if (setting)
            g_strv_builder_add(all, setting);
    }
    o->settings = g_strv_builder_end(all);
}

static void take_kernels(JobOptions *o)
{
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    for (char **kernel = o->kernel; kernel && *kernel; kernel++) {
        if (strcmp(*kernel, "usual") != 0)
            g_strv_builder_add(all, *kernel);
    }
    o->kernels = o->kernel ? g_strv_builder_end(all) : NULL;
}

static bool take_noise(const JobOptions *o, SfmNoise *noise)
{
    *noise = SFM_NOISE_PHILOX;
    if (!o->noise || strcmp(o->noise, "philox") == 0)
        return true;
    *noise = SFM_NOISE_TORCH;
    return strcmp(o->noise, "torch") == 0 ||
           refuse(_("noise: \"%s\" is neither philox nor torch"), o->noise);
}

// What the engine takes as "the default" must not be asked for by mistake.
static bool check_given(const JobOptions *o)
{
    if (!o->model)
        return refuse(_("--model is missing"));
    if (!o->dry_run && (!o->output || !*o->output))
        return refuse(_("--output is missing"));
    if (o->output && !check_png_name(o->output))
        return false;
    if (o->steps != nothing.steps && o->steps < 1)
        return refuse(_("steps: %d is less than 1"), o->steps);
    if (o->count != nothing.count && (o->count < 1 || o->count > SFM_MAX_IMAGES))
        return refuse(_("count: %d is not in 1 .. %d"), o->count, SFM_MAX_IMAGES);
    if (o->depth != nothing.depth && o->depth != 8 && o->depth != 16)
        return refuse(_("depth: %d is neither 8 nor 16"), o->depth);
    if (o->guidance != nothing.guidance && !(o->guidance > 0.0))
        return refuse(_("guidance: %g is not above 0"), o->guidance);
    return true;
}

// Photographs have a model of their own; what other jobs make is for a person to say.
static void take_model(JobOptions *o)
{
    if (o->model || !sfm_job_is_of_photographs(o->job))
        return;
    g_autoptr(GPtrArray) models = sfm_list_models(o->common.data_dir, NULL);
    const int index = models ? sfm_model_for(models, o->job) : -1;
    const SfmModelInfo *model = index < 0 ? NULL : models->pdata[index];
    if (model && model->photographs)
        o->model = g_strdup(model->name);
}

bool job_options_parse(JobOptions *o, SfmJob job, int argc, char **argv)
{
    *o = nothing;
    o->job = job;
    if (!parse_options(o, &argc, &argv))
        return false;
    take_model(o);
    if (!check_given(o))
        return false;
    take_settings(o);
    take_kernels(o);
    return true;
}

bool job_options_request(const JobOptions *o, SfmJobParams *params)
{
    *params = (SfmJobParams){
        .job = o->job,
        .model = o->model,
        .schedule = o->schedule,
        .sampler = o->sampler,
        .num_steps = MAX(o->steps, 0),
        .seed = o->seed,
        .num_images = MAX(o->count, 1),
        .class_name = o->class_name,
        .guidance = MAX(o->guidance, 0.0),
        .settings = (const char *const *)o->settings,
        .kernels = (const char *const *)o->kernels,
        .progress = terminal_progress,
    };
    return take_noise(o, &params->noise) &&
           (!o->memory || parse_bytes(o->memory, &params->memory)) &&
           (!o->size || parse_size(o->size, &params->width, &params->height));
}
