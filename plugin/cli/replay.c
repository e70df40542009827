// SPDX-License-Identifier: GPL-3.0-or-later
//
// A picture made again from its recipe.

#include <stdio.h>
#include <string.h>

#include <sfumato/recipe.h>

#include "command.h"
#include "common/translation.h"
#include "png_file.h"
#include "png_read.h"
#include "recipe_file.h"
#include "terminal.h"

typedef struct {
    CommonOptions common;
    char *file, *output;
    char *model, *schedule, *sampler; // NULL: as the recipe calls them
    char *memory;                     // NULL: not given
    uint64_t most_memory;             // bytes; 0: what there is
    char **inputs;                    // NULL: none was given
    int depth;                        // 0: not given
    SfmRecipe *recipe;
    PngPicture pictures[SFM_JOB_MAX_INPUTS];
} Replay;

static void replay_clear(Replay *r)
{
    char *const texts[] = { r->file, r->output, r->model, r->schedule, r->sampler, r->memory };

    common_options_clear(&r->common);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(r->inputs);
    sfm_recipe_free(r->recipe);
    for (size_t i = 0; i < SFM_JOB_MAX_INPUTS; i++)
        png_picture_clear(&r->pictures[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Replay, replay_clear)

static bool parse_options(Replay *r, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &r->output, N_("The PNG file to write"),
          "OUT.png" },
        { "input", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &r->inputs,
          N_("A picture that the job started from; again for a second one"), "PICTURE" },
        { "depth", 0, 0, G_OPTION_ARG_INT, &r->depth,
          N_("8 or 16 bits a channel (as FILE has, else the first picture)"), "BITS" },
        { "model", 'm', 0, G_OPTION_ARG_STRING, &r->model, N_("Where the recipe's model is"),
          "FOLDER" },
        { "schedule", 0, 0, G_OPTION_ARG_FILENAME, &r->schedule, N_("Where its schedule is"),
          "FILE.lua" },
        { "sampler", 0, 0, G_OPTION_ARG_FILENAME, &r->sampler, N_("Where its sampler is"),
          "FILE.lua" },
        { "memory", 0, 0, G_OPTION_ARG_STRING, &r->memory,
          N_("How much of the device's memory it may take, such as 512M or 2G (what there is)"),
          "SIZE" },
        { 0 },
    };
    const Usage usage = {
        .arguments = "FILE",
        .summary = N_("Makes a picture again from its recipe."),
        .details = N_(
            "FILE is a PNG file that Sfumato wrote, or a recipe in JSON; \"-\" is standard input.\n"
            "On the same device and with the same build the result has the same bytes.\n"
            "\n"
            "A recipe knows models, scripts and pictures by name and hash, and holds none of "
            "them.\n"
            "Pictures are given with --input, in the order in which their job reads them: "
            "picture;\n"
            "from, to; picture, mask. A model or a script that does not lie where \"sfumato "
            "models\"\n"
            "and \"sfumato script list\" look is given by its path.\n"),
        .examples = "  sfumato replay grass.png -o again.png\n"
                    "  sfumato replay clean.png --input night.png -o again.png\n"
                    "  sfumato replay odd.png --sampler ~/odd.lua -o again.png\n",
        .entries = entries,
        .min_arguments = 1,
        .max_arguments = 1,
    };
    if (!parse(&usage, &r->common, &argc, &argv))
        return false;
    r->file = g_strdup(argv[1]);
    if (!r->output || !*r->output)
        return refuse(_("--output is missing"));
    if (r->depth != 0 && r->depth != 8 && r->depth != 16)
        return refuse(_("depth: %d is neither 8 nor 16"), r->depth);
    if (r->memory && !parse_bytes(r->memory, &r->most_memory))
        return false;
    return check_png_name(r->output);
}

// The recipe's request, with what the command line has to say about where things
// are; its pictures belong to `r`.
static bool make_request(Replay *r, SfmJobParams *params, GError **error)
{
    const SfmRecipeInfo *info = sfm_recipe_info(r->recipe);
    const SfmJobInfo *job = sfm_job_info(sfm_recipe_params(r->recipe)->job);
    const size_t num = r->inputs ? g_strv_length(r->inputs) : 0;

    *params = *sfm_recipe_params(r->recipe);
    params->model = r->model ? r->model : params->model;
    params->schedule = r->schedule ? r->schedule : params->schedule;
    params->sampler = r->sampler ? r->sampler : params->sampler;
    params->progress = terminal_progress;
    params->memory = r->most_memory;
    params->keep_tiles = true; // others would make other bytes
    for (size_t i = 0; i < MIN(num, info->num_inputs); i++) {
        const bool is_mask = job->masked && i + 1 == info->num_inputs;
        if (!png_file_read(r->inputs[i], is_mask ? PNG_NUMBERS : PNG_COLOURS, &r->pictures[i],
                           error))
            return false;
        params->inputs[i] = r->pictures[i].picture;
    }
    return sfm_recipe_check_inputs(r->recipe, params->inputs, num, error) &&
           sfm_recipe_check(r->recipe, params, r->common.data_dir, NULL, error);
}

// Bytes may differ where this is not what made the picture.
static void compare_makers(const Replay *r, const SfmEngine *engine)
{
    const SfmRecipeInfo *info = sfm_recipe_info(r->recipe);
    const char *family = sfm_engine_family(engine, &sfm_recipe_params(r->recipe)->maker);

    if (strcmp(info->engine, sfm_version()) != 0)
        terminal_note(_("The picture was made by Sfumato %s, and this is %s: it may come out "
                        "different."),
                      info->engine, sfm_version());
    if (strcmp(info->device, sfm_engine_device(engine)) != 0)
        terminal_note(
            _("The picture was made on %s, and this is %s: it may differ in its last bits."),
            info->device, sfm_engine_device(engine));
    if (info->family && strcmp(info->family, family) != 0)
        terminal_note(
            _("The picture was made with the kernels \"%s\", and %s runs \"%s\": it may come "
              "out different."),
            info->family, sfm_engine_device(engine), family);
}

static bool make_and_write(const Replay *r, SfmEngine *engine, const SfmJobParams *params,
                           GError **error)
{
    const int num = sfm_job_num_pictures(params);
    g_autofree SfmImage *images = g_new0(SfmImage, (gsize)num);
    const PngPicture *first = r->pictures[0].pixels ? &r->pictures[0] : NULL;
    const PngStyle style = { r->depth, first };
    char *const paths[] = { r->output };

    if (!sfm_engine_run(engine, params, images, error))
        return false;
    terminal_progress_end();
    const bool written =
        png_files_write(&images[sfm_recipe_info(r->recipe)->picture], paths, 1, style, error);
    for (int i = 0; i < num; i++)
        sfm_image_clear(&images[i]);
    return written;
}

static bool work(Replay *r, GError **error)
{
    int depth = 0;
    g_autofree char *json = recipe_file_read(r->file, &depth, error);
    SfmJobParams params;

    if (!json)
        return false;
    if (!(r->recipe = sfm_recipe_parse(json, error)) || !make_request(r, &params, error) ||
        !png_file_check(r->output, error))
        return false;
    if (r->depth == 0)
        r->depth = MAX(depth > 0 ? depth : r->pictures[0].depth, 8);
    SfmEngine *engine = open_engine(&r->common, error);
    if (!engine)
        return false;
    compare_makers(r, engine);
    const bool done = make_and_write(r, engine, &params, error);
    close_engine(engine);
    return done;
}

static int run(int argc, char **argv)
{
    g_auto(Replay) replay = { 0 };
    g_autoptr(GError) error = NULL;

    if (!parse_options(&replay, argc, argv))
        return STATUS_USAGE;
    if (!work(&replay, &error))
        return fail(error);
    if (!replay.common.quiet)
        puts(replay.output);
    return STATUS_OK;
}

const Command command_replay = { "replay", N_("make a picture again from its recipe"), run };
