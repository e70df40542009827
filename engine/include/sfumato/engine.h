// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_ENGINE_H
#define SFUMATO_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sfumato/error.h>
#include <sfumato/job.h>
#include <sfumato/library.h>
#include <sfumato/param.h>

G_BEGIN_DECLS

// All that a shell (GIMP 2.10, GIMP 3.0, the command line) may ask of the
// engine. One engine owns one device and the model loaded on it.
//
// Threads: use an engine from one thread at a time. Only sfm_engine_cancel()
// may be called from any thread, and from a signal handler. What needs no
// engine may be called from any thread.
//
// Strings are UTF-8. A struct that is handed out is freed by the function of
// its name; what is in it belongs to it.
typedef struct SfmEngine SfmEngine;

#define SFM_MAX_SEED   2147483647 // seeds are 0 .. this, as GIMP's procedures have them
#define SFM_MAX_IMAGES 10000      // of one job

// ---- what there is ----------------------------------------------------------

// A Vulkan device, whether it will do or not.
typedef struct {
    int index;            // as in --device 1
    char *name;           // as the driver says it
    char *kind;           // "discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other"
    char *driver;         // the driver's name and version
    char *api_version;    // "1.3.230"
    uint64_t memory_size; // bytes of its largest device-local heap
    char *features;       // of those the engine can use, separated by ", "
    char *unusable;       // NULL: it will do; else why it will not, a sentence
    char *identity;       // SHA-256 of device, driver and this build's kernels for it, hex
    int num_tuned; // calls for which `sfumato tune` found a kernel better than the usual one;
                   // -1: it has not been tuned
} SfmDeviceInfo;

// A model on the search path: $SFUMATO_MODELS (folders separated by ':'), the
// XDG data folder's sfumato/models, the bundled models; the first of a name wins.
typedef struct {
    char *name; // of its folder, as in --model NAME
    char *path;
    char *title;                               // from the card; the name where there is none
    char *description, *license, *attribution; // NULL: not said
    int width, height;                         // its own size in pixels; 0: it does not say
    int channels;                              // 1 gray, 3 RGB, else not a picture
    size_t num_classes;                        // of those that can be asked for
    char **classes;   // [num_classes], NULL-terminated; numbers as text where the card names none
    bool guidance;    // whether classifier-free guidance can be used (the card has null_class)
    bool tileable;    // the card says that it was trained for seamless pictures: worth job.seamless
    bool photographs; // the card says that it knows them: the one to denoise and inpaint with
    char *schedule, *sampler; // what the card, or the published scheduler, recommends
    int steps;
    double default_guidance;

    // The published scheduler: its class, and what stands for it here, in a run of
    // `steps` steps: a schedule, a sampler, and settings of both as for --set,
    // NULL-terminated. NULL: nothing does, and `no_counterpart` is a sentence that
    // says so.
    char *scheduler;
    char *counterpart_schedule, *counterpart_sampler;
    char **settings;
    char *no_counterpart;

    char *broken; // NULL: it can be listed; else what is wrong with it, a sentence
} SfmModelInfo;

// What running a model costs; see sfm_engine_model_cost().
typedef struct {
    uint64_t parameters;
    double flop;           // of one evaluation of the network, one image
    uint64_t weight_bytes; // on the device, packed for its kernels
    uint64_t arena_bytes;  // activations on the device
    int kernels;           // calls of kernels in one evaluation
} SfmModelCost;

void sfm_device_info_free(SfmDeviceInfo *info);
void sfm_model_info_free(SfmModelInfo *info);

// Each returns an array of structs that frees its elements, in the order in
// which a person should see them (devices: fastest first). NULL, with `error`
// set, where nothing can be said at all (no Vulkan loader: the message has the
// remedy). `data_dir` is where lua/ and models/ are; NULL: $SFUMATO_DATA, else
// where they were installed. Scripts are listed by their library.
GPtrArray *sfm_list_devices(GError **error);
GPtrArray *sfm_list_models(const char *data_dir, GError **error);

// One model, by its name or by a path to its folder.
SfmModelInfo *sfm_find_model(const char *data_dir, const char *model, GError **error);

// The version of library and recipes, "0.1.0".
const char *sfm_version(void);

// ---- the engine -------------------------------------------------------------

// A zeroed SfmEngineParams asks for the defaults.
typedef struct {
    const char *device;   // part of a device's name, or an index; NULL: $SFUMATO_DEVICE, else the
                          // fastest; "reference": no Vulkan, the plain C that tests compare with
    const char *data_dir; // as in sfm_list_models()

    // Where it looks for scripts; it keeps a reference. NULL: a library of its own.
    SfmScriptLibrary *library;

    bool validate; // turn on the Vulkan validation layers; a message is an error
} SfmEngineParams;

// Opens the device. Returns NULL, with `error` set, if none will do. `params`
// is read during the call only; NULL asks for the defaults. Blocks while the
// driver starts.
SfmEngine *sfm_engine_new(const SfmEngineParams *params, GError **error);

// Waits for the device and frees everything but images. NULL is a no-op.
void sfm_engine_free(SfmEngine *engine);

// The device's name; owned by the engine.
const char *sfm_engine_device(const SfmEngine *engine);

// Makes the running job fail with SFM_ERROR_CANCELLED when the work at hand is
// done: a tenth of a second by estimate, longer where the compilation of a shader
// is. Without a running job, the next
// one fails so. Any thread; signal handlers too.
void sfm_engine_cancel(SfmEngine *engine);

// ---- jobs -------------------------------------------------------------------

// A finished picture, encoded as the model's data was (sRGB), 0 black to 1 white,
// clamped and finite, top row first, rows unpadded. Channel c of pixel (x, y) is
// pixels[(y * width + x) * channels + c]. One that was generated is gray or RGB,
// as the model is; others have the channels of the picture that they came from.
typedef struct {
    int width, height; // in pixels
    int channels;      // 1 .. 4: gray, gray and alpha, RGB, RGBA
    float *pixels;     // owned
    char *recipe;      // JSON: all that is needed to make it again; owned
} SfmImage;

// Frees what the image owns and zeroes the rest. A zeroed image is a no-op.
void sfm_image_clear(SfmImage *image);

typedef enum {
    SFM_STAGE_LOAD,   // reading the model, uploading weights, making pipelines
    SFM_STAGE_SAMPLE, // steps
} SfmStage;

// Where a job stands.
typedef struct {
    SfmStage stage;
    int step, num_steps; // completed steps of all images, those that fill the last batch too; and
                         // how many there will be
    double fraction;     // 0 .. 1 of the whole job, moves within a step too
    double remaining;    // seconds, estimated; negative: not known yet
} SfmProgress;

// Called in the thread that runs the job: at the end of each step, and between
// submissions of work, though there no more than ten times a second. It must not
// call the engine, sfm_engine_cancel() excepted.
typedef void (*SfmProgressFunc)(const SfmProgress *progress, void *user_data);

// Called in the thread that runs the job with the clean estimate that the sampler
// was last given, of the first image at hand, as a picture: made as the results
// are, and without a recipe. It is the engine's, and valid during the call, which
// must not call the engine, sfm_engine_cancel() excepted.
typedef void (*SfmPreviewFunc)(const SfmImage *estimate, void *user_data);

typedef enum {
    SFM_NOISE_PHILOX, // a pure function of seed, image, step, stream and element
    SFM_NOISE_TORCH,  // what torch's CPU generator gives: a batch is drawn as one
} SfmNoise;

// What made a picture: a family of kernels ("gpu", "lavapipe", ...), which are those
// that SFUMATO_KERNELS may name, and "reference"; and a device, by its name.
typedef struct {
    const char *family; // NULL: not known
    const char *device; // NULL: likewise
} SfmMaker;

// Zero, NULL or empty is the default in each field but `model`, for which the
// model's card is asked first, then its published scheduler.
typedef struct {
    SfmJob job;
    SfmPicture inputs[SFM_JOB_MAX_INPUTS]; // as many as the job has; all of one size
    const char *model;                     // a name on the search path, or a path
    const char *schedule;                  // a script's name, or a path to a .lua file
    const char *sampler;                   // likewise
    int num_steps; // that are taken, from the level at which the job enters; 1 .. the
                   // length of the model's training schedule and of `schedule`
    int64_t seed;  // 0 .. SFM_MAX_SEED
    SfmNoise noise;
    int width, height;      // in pixels; one alone: square. 0 where a picture has the size
    int num_images;         // 0: one. Image i of seed s is the same whatever num_images is
    int only;               // 0: all of them; else that one alone is made, counted from 1
    const char *class_name; // a name, or a number; NULL or "": none, where the model allows that
    double guidance;        // 1 none; 0: the card's

    // Bytes of the device's memory that the job may take; 0: what there is. It is kept
    // by fewer images at once, which changes no bit of them, and by smaller tiles where
    // the job has any and nobody says how large: the recipe then has their size.
    uint64_t memory;
    bool keep_tiles; // those of the settings stay, whatever memory allows: a recipe's

    // The knobs of job and scripts as "job.strength=0.5", "sampler.eta=0.3" or,
    // where unambiguous, "eta=0.3"; NULL-terminated. NULL: all have defaults.
    const char *const *settings;

    // What made the picture that is made again, as a recipe has it: its kernels run where
    // the device can run them, unless it is a CPU, and not the maker's, and they are for
    // GPUs. Else, and where it has no family, those that SFUMATO_KERNELS names, or the usual
    // ones.
    SfmMaker maker;

    // Kernels that are to run calls in place of the usual ones, "CALL = KERNEL", as
    // a recipe has them; NULL-terminated. NULL: those that `sfumato tune` chose.
    const char *const *kernels;

    SfmProgressFunc progress; // may be NULL
    SfmPreviewFunc preview;   // likewise; no result depends on it
    double preview_interval;  // seconds between two calls of `preview`, at least; 0: 0.5
    void *user_data;          // of both
} SfmJobParams;

// How many pictures sfm_engine_run() stores for such a request: an image each,
// and with "job.frames=N" among the settings N more for each, its estimates at
// levels from the first to the last, which come directly before it. Reads
// neither model nor scripts; where the request makes no sense, so that the run
// refuses it, at least 1.
int sfm_job_num_pictures(const SfmJobParams *params);

// The family of kernels with which it runs jobs that have this maker; NULL: those that have
// none. Valid as long as the library is.
const char *sfm_engine_family(const SfmEngine *engine, const SfmMaker *maker);

// Does the job: stores sfm_job_num_pictures() pictures in `images`, which the
// caller then owns. On failure, SFM_ERROR_CANCELLED among others, returns false
// and leaves `images` as it was. `params` is read during the call only. Blocks
// to the end.
bool sfm_engine_run(SfmEngine *engine, const SfmJobParams *params, SfmImage *images,
                    GError **error);

// How many bytes of the device's memory the job will take, weights included, as
// planned for this engine's device and for as many images at once as it would
// run; loads no weights. The pictures' pixels may be NULL: their size and
// channels matter. False, for what makes no sense, and with SFM_ERROR_NO_MEMORY,
// the message naming what it takes, where there is not as much.
bool sfm_engine_job_memory(SfmEngine *engine, const SfmJobParams *params, uint64_t *bytes,
                           GError **error);

// Runs the bare network on the tensors of a safetensors file and writes
// another, for comparison with other implementations:
// in: `sample` [B, C, H, W] F32, `timestep` [B] I64 or F32, `class_labels` [B] I64
// or [B, D] F32 where the model has classes. out: `output` [B, C_out, H, W] F32.
// All is in the network's own space: a card's `patch` is not applied.
bool sfm_engine_predict(SfmEngine *engine, const char *model, const char *input, const char *output,
                        GError **error);

// What one evaluation of one image costs at this size in pixels (0: the model's
// own) as planned for this engine's device; loads no weights.
bool sfm_engine_model_cost(SfmEngine *engine, const char *model, int width, int height,
                           SfmModelCost *cost, GError **error);

// One launch of a shader in the benchmark.
typedef struct {
    const char *shader;      // owned by the engine, for good
    double milliseconds;     // by the device's clock where it has one, in a run of all of them
    double cpu_milliseconds; // of all threads of this process, a driver's too; by itself
} SfmBenchLaunch;

// One call of a kernel in the benchmark, in the order in which they run.
typedef struct {
    char *op, *kernel, *shape;             // shape: "128->128 3x3 32x32" and the like
    double milliseconds, cpu_milliseconds; // sums over its launches
    double flop;                           // 0: not counted
    double bytes;                          // read and written, each tensor once
    SfmBenchLaunch *launches;              // [num_launches], in their order; owned
    int num_launches;
} SfmBenchStep;

// What repeated measurements came to, in milliseconds.
typedef struct {
    double median, lower, upper; // and quartiles
    double fastest, slowest;
    double *each; // [num], in their order; owned
    int num;      // 0: nothing was measured
} SfmBenchTimes;

typedef struct {
    int width, height, batch;
    GPtrArray *steps;        // of SfmBenchStep
    SfmBenchTimes wall, cpu; // of an evaluation: by the clock on the wall, and what all threads of
                             // this process spent
    SfmBenchTimes run_wall, run_cpu;      // of a whole run, likewise
    double load_seconds, prepare_seconds; // reading the model; weights and pipelines
    double first_seconds;                 // of the first evaluation, compiling included
    double flop, bytes;                   // of an evaluation; as in SfmBenchStep
    uint64_t parameters;                  //
    uint64_t weight_bytes;                // on the device, packed for its kernels
    uint64_t arena_bytes, arena_floor;    // activations, and what lives at once at most
    int num_dispatches, num_barriers, num_submissions; // of an evaluation
} SfmBench;

// A zeroed field is the default.
typedef struct {
    const char *model;      // as in SfmJobParams, or one of two published networks with random
                            // weights: "cifar10" (NULL), "ddpm256"
    int width, height;      // in pixels; 0: the model's own
    int batch;              // images at once, 1 .. 1024; 0: one
    int repeats;            // evaluations that are timed, 1 .. 1000; 0: five
    int num_steps;          // 0: no whole runs; else each makes `batch` images with so many steps
                            // of "ddim", and as many runs are timed as evaluations. Not for random
                            // weights, which have no noise levels
    bool evaluations_alone; // steps are neither timed nor counted
    uint64_t memory;        // bytes of the device's that it may take; 0: what there is
} SfmBenchParams;

void sfm_bench_clear(SfmBench *bench);

// Times evaluations of the network, after one that is not counted, and each step
// of them, at most five times. Blocks to the end.
bool sfm_engine_bench(SfmEngine *engine, const SfmBenchParams *params, SfmBench *bench,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmEngine, sfm_engine_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmDeviceInfo, sfm_device_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SfmModelInfo, sfm_model_info_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmImage, sfm_image_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmBench, sfm_bench_clear)

G_END_DECLS

#endif
