// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clean pictures, noise of a known strength, and how near denoising comes to
// what was clean.

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>
#include <sfumato/measure.h>

#include "common/translation.h"
#include "eval.h"
#include "eval_table.h"
#include "png_file.h"
#include "png_read.h"

enum { MULTIPLE = 16, MOST_SIGMA = 255, DEFAULT_CROP = 384 };

// What the command line says.
typedef struct {
    CommonOptions common;
    char *model, *sigma, *keep, *memory;
    char **set;
    int steps, crop;
    gint64 seed;
    gboolean open, json;
    GArray *sigmas;       // of double
    uint64_t most_memory; // bytes; 0: what there is
} Options;

static void options_clear(Options *o)
{
    common_options_clear(&o->common);
    g_free(o->model);
    g_free(o->sigma);
    g_free(o->keep);
    g_free(o->memory);
    g_strfreev(o->set);
    if (o->sigmas)
        g_array_unref(o->sigmas);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool take_sigmas(Options *o)
{
    g_auto(GStrv) words = g_strsplit(o->sigma ? o->sigma : "15,25,50", ",", 0);

    o->sigmas = g_array_new(FALSE, FALSE, sizeof(double));
    for (char **word = words; *word; word++) {
        char *end = NULL;
        const double sigma = g_ascii_strtod(*word, &end);
        if (end == *word || *end || !(sigma > 0.0 && sigma <= MOST_SIGMA))
            return refuse(_("sigma: \"%s\" is not a number above 0 and up to %d"), *word,
                          MOST_SIGMA);
        g_array_append_val(o->sigmas, sigma);
    }
    return true;
}

static bool check_options(const Options *o)
{
    if (o->steps < 1)
        return refuse(_("steps: %d is less than 1"), o->steps);
    if (o->crop != 0 && o->crop < MULTIPLE)
        return refuse(_("crop: %d is neither 0 nor %d or more"), o->crop, MULTIPLE);
    if (o->seed < 0 || o->seed > SFM_MAX_SEED)
        return refuse(_("seed: %lld is not in 0 .. %d"), (long long)o->seed, SFM_MAX_SEED);
    if (o->open && o->keep)
        return refuse(_("keep: noise beyond black and white does not go into a PNG file; leave out "
                        "--open"));
    // It would stand in for the known sigma and for the estimated one alike.
    for (char **set = o->set; set && *set; set++) {
        if (g_str_has_prefix(*set, "sigma=") || g_str_has_prefix(*set, "job.sigma="))
            return refuse(_("\"%s\" is one argument too many"), *set);
    }
    return true;
}

// ---- pictures ---------------------------------------------------------------

static gint compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// The PNG files of a folder by name.
static bool add_folder(GPtrArray *paths, const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const guint before = paths->len;
    const char *name;

    if (!dir)
        return false;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *lower = g_ascii_strdown(name, -1);
        if (g_str_has_suffix(lower, ".png"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    if (paths->len == before) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_FOUND, _("%s: holds no PNG file"), folder);
        return false;
    }
    qsort(paths->pdata + before, paths->len - before, sizeof *paths->pdata, compare_paths);
    return true;
}

static bool find_pictures(char **arguments, GPtrArray *paths, GError **error)
{
    for (char **argument = arguments; *argument; argument++) {
        if (!g_file_test(*argument, G_FILE_TEST_IS_DIR))
            g_ptr_array_add(paths, g_strdup(*argument));
        else if (!add_folder(paths, *argument, error))
            return false;
    }
    return true;
}

// How much of a side is taken.
static int cut_side(int side, int crop)
{
    return crop == 0 || side < MULTIPLE ? side : MIN(side, crop) / MULTIPLE * MULTIPLE;
}

// The top left of the picture, in place.
static void cut(PngPicture *p, int crop)
{
    const int width = cut_side(p->picture.width, crop), height = cut_side(p->picture.height, crop);
    const size_t row = (size_t)width * (size_t)p->picture.channels;
    const size_t stride = (size_t)p->picture.width * (size_t)p->picture.channels;

    for (size_t y = 0; y < (size_t)height; y++)
        memmove(p->pixels + y * row, p->pixels + y * stride, row * sizeof *p->pixels);
    p->picture.width = width;
    p->picture.height = height;
}

// As a file of 8 bits has it.
static void close_range(float *pixels, size_t num)
{
    for (size_t i = 0; i < num; i++)
        pixels[i] = roundf(255.0F * CLAMP(pixels[i], 0.0F, 1.0F)) / 255.0F;
}

// ---- one trial --------------------------------------------------------------

typedef struct {
    const Options *options;
    SfmEngine *engine;
    const char *path;
    SfmPicture clean, noisy;
    bool denoises; // the job has been asked for
} Trial;

// As NAME-SIGMA-KIND.png.
static bool keep(const Trial *t, double sigma, const char *kind, const SfmPicture *picture,
                 GError **error)
{
    if (!t->options->keep)
        return true;

    g_autofree char *base = g_path_get_basename(t->path);
    char *const dot = strrchr(base, '.');
    if (dot)
        *dot = '\0';
    g_autofree char *name = g_strdup_printf("%s-%g-%s.png", base, sigma, kind);
    g_autofree char *path = g_build_filename(t->options->keep, name, NULL);
    const SfmImage image = { picture->width, picture->height, picture->channels,
                             (float *)picture->pixels, NULL };
    return png_files_write(&image, &path, 1, (PngStyle){ 8, NULL }, error);
}

// Denoised as noise of `level`, where 1 is white.
static bool denoise(Trial *t, double level, SfmImage *image, GError **error)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *sigma = g_strdup_printf(
        "job.sigma=%s", g_ascii_dtostr(number, sizeof number, MAX(level * 255.0, 1e-3)));
    g_autoptr(GStrvBuilder) settings = g_strv_builder_new();

    g_strv_builder_add(settings, sigma);
    if (t->options->set)
        g_strv_builder_addv(settings, (const char **)t->options->set);
    g_auto(GStrv) all = g_strv_builder_end(settings);
    const SfmJobParams params = {
        .job = SFM_JOB_DENOISE,
        .inputs = { t->noisy },
        .model = t->options->model ? t->options->model : "photo",
        .num_steps = t->options->steps,
        .seed = t->options->seed,
        .settings = (const char *const *)all,
        .memory = t->options->most_memory,
    };
    t->denoises = true;
    return sfm_engine_run(t->engine, &params, image, error);
}

static EvalScore score(const Trial *t, const SfmPicture *picture)
{
    return (EvalScore){ sfm_picture_psnr(&t->clean, picture),
                        sfm_picture_ssim(&t->clean, picture) };
}

static bool try_level(Trial *t, double sigma, double level, const char *kind, EvalScore *result,
                      GError **error)
{
    g_auto(SfmImage) image = { 0 };

    if (!denoise(t, level, &image, error))
        return false;
    const SfmPicture made = { image.width, image.height, image.channels, image.pixels };
    *result = score(t, &made);
    return keep(t, sigma, kind, &made, error);
}

static bool try_sigma(Trial *t, double sigma, float *pixels, EvalRow *row, GError **error)
{
    const size_t num = (size_t)t->clean.width * (size_t)t->clean.height * (size_t)t->clean.channels;

    *row = (EvalRow){ .path = t->path, .sigma = sigma };
    t->noisy = t->clean;
    t->noisy.pixels = pixels;
    if (!sfm_picture_add_noise(&t->clean, sigma / 255.0, t->options->seed, pixels, error))
        return false;
    if (!t->options->open)
        close_range(pixels, num);
    if (!sfm_picture_noise(&t->noisy, &row->level, error))
        return false;
    row->noisy = score(t, &t->noisy);
    const bool done = keep(t, sigma, "clean", &t->clean, error) &&
                      keep(t, sigma, "noisy", &t->noisy, error) &&
                      try_level(t, sigma, sigma / 255.0, "known", &row->known, error) &&
                      try_level(t, sigma, row->level, "estimated", &row->estimated, error);
    row->level *= 255.0;
    return done;
}

static bool try_picture(Trial *t, EvalTable *table, GError **error)
{
    g_auto(PngPicture) png = { 0 };

    t->denoises = false;
    if (!png_file_read(t->path, PNG_COLOURS, &png, error))
        return false;
    cut(&png, t->options->crop);
    t->clean = png.picture;
    g_autofree float *pixels = g_try_new(
        float, (size_t)t->clean.width *(size_t)t->clean.height *(size_t)t->clean.channels);
    if (!pixels) {
        g_set_error(error, SFM_ERROR, SFM_ERROR_NO_MEMORY, _("%s: no memory for its noise"),
                    t->path);
        return false;
    }
    for (guint i = 0; i < t->options->sigmas->len; i++) {
        EvalRow row;
        if (!try_sigma(t, g_array_index(t->options->sigmas, double, i), pixels, &row, error)) {
            g_prefix_error(error, "%s: ", t->path);
            return false;
        }
        eval_table_add(table, &row);
    }
    return true;
}

// ---- the command ------------------------------------------------------------

static bool make_folder(const Options *o, GError **error)
{
    if (!o->keep || g_mkdir_with_parents(o->keep, 0777) == 0)
        return true;
    g_set_error(error, SFM_ERROR, SFM_ERROR_NOT_WRITTEN, "%s: %s", o->keep, g_strerror(errno));
    return false;
}

// Whether one picture alone is to blame: it could not be read or measured, or is too large.
static bool is_of_picture(const Trial *t, const GError *error)
{
    return (!t->denoises && !g_error_matches(error, SFM_ERROR, SFM_ERROR_NOT_WRITTEN)) ||
           g_error_matches(error, SFM_ERROR, SFM_ERROR_NO_MEMORY);
}

// Says what is wrong with a picture and goes on with the others: the last such status; those of a
// picture's numbers that there are stay in the table.
static int measure(const Options *o, SfmEngine *engine, const GPtrArray *paths)
{
    Trial trial = { .options = o, .engine = engine };
    g_autoptr(EvalTable) table = eval_table_new(o->json);
    int status = STATUS_OK;

    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GError) error = NULL;
        trial.path = paths->pdata[i];
        if (try_picture(&trial, table, &error))
            continue;
        status = fail(error);
        if (!is_of_picture(&trial, error))
            return status;
    }
    eval_table_end(table, o->model ? o->model : "photo", sfm_engine_device(engine));
    return status;
}

static int work(const Options *o, char **arguments)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    if (!find_pictures(arguments, paths, &error) || !make_folder(o, &error))
        return fail(error);
    SfmEngine *engine = open_engine(&o->common, &error);
    if (!engine)
        return fail(error);
    const int status = measure(o, engine, paths);
    close_engine(engine);
    return status;
}

static int run(int argc, char **argv)
{
    g_auto(Options) o = { .crop = DEFAULT_CROP, .steps = 1 };
    const GOptionEntry entries[] = {
        { "model", 'm', 0, G_OPTION_ARG_STRING, &o.model,
          N_("A name in \"sfumato models\", or a path to a folder (photo)"), "MODEL" },
        { "sigma", 0, 0, G_OPTION_ARG_STRING, &o.sigma,
          N_("Standard deviations of the noise, of 255 (15,25,50)"), "X,..." },
        { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, N_("From noisy to clean (1)"), "N" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.set,
          N_("A knob of denoise or of a script: strength=0.8; may be repeated"), "NAME=VALUE" },
        { "crop", 0, 0, G_OPTION_ARG_INT, &o.crop,
          N_("Width and height, in pixels, of what is taken at the top left, rounded down to a "
             "multiple of 16; 0: all (384)"),
          "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, N_("Of the noise (0)"), "N" },
        { "memory", 0, 0, G_OPTION_ARG_STRING, &o.memory,
          N_("How much of the device's memory it may take, such as 512M or 2G (what there is)"),
          "SIZE" },
        { "open", 0, 0, G_OPTION_ARG_NONE, &o.open, N_("Let noise go beyond black and white"),
          NULL },
        { "keep", 0, 0, G_OPTION_ARG_FILENAME, &o.keep, N_("Leave the pictures in this folder"),
          "DIR" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, N_("Print JSON, for programs"), NULL },
        { 0 },
    };
    const Usage usage = {
        .arguments = "PICTURE|FOLDER...",
        .summary = N_("Adds noise to clean pictures, denoises them, and compares."),
        .details = N_("PSNR is in dB, SSIM at most 1; each of the noisy picture, of the one that "
                      "was denoised by\n"
                      "the sigma that is known, and of the one whose sigma was estimated.\n"
                      "\n"
                      "Noise is cut off at black and white, and rounded, as a file has it; --open "
                      "leaves it as\n"
                      "it is, which is the custom of papers and gives higher numbers. --keep "
                      "leaves pictures as\n"
                      "NAME-SIGMA-clean.png, -noisy.png, -known.png and -estimated.png, so that "
                      "other programs\n"
                      "can be measured on the very same noise.\n"),
        .examples =
            "  sfumato eval denoise photographs/\n"
            "  sfumato eval denoise --sigma 25 --set average=4 --keep kept face.png wall.png\n",
        .entries = entries,
        .min_arguments = 1,
        .max_arguments = G_MAXINT - 1,
    };

    if (!parse(&usage, &o.common, &argc, &argv) || !check_options(&o) || !take_sigmas(&o) ||
        (o.memory && !parse_bytes(o.memory, &o.most_memory)))
        return STATUS_USAGE;
    return work(&o, argv + 1);
}

const Command eval_denoise = { "denoise", N_("noise that is known, taken out again"), run };
