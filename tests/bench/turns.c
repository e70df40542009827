// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sfumato's side of a comparison in turns, as peer.py is PyTorch's: the network
// stays loaded, and each line of standard input, a number of evaluations, is
// answered by what they took. Run by tests/bench/compare.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sfumato/engine.h>

static void check(const GError *error)
{
    if (!error)
        return;
    fprintf(stderr, "turns: %s\n", error->message);
    exit(1);
}

static void print_each(const char *key, const SfmBenchTimes *times)
{
    printf("\"%s\": [", key);
    for (int i = 0; i < times->num; i++)
        printf("%s%.6f", i > 0 ? ", " : "", times->each[i]);
    putchar(']');
}

static void introduce(SfmEngine *engine, const SfmBench *bench)
{
    printf("{\"name\": \"sfumato %s\", \"device\": \"%s\", \"parameters\": %lld, "
           "\"arena_bytes\": %lld}\n",
           sfm_version(), sfm_engine_device(engine), (long long)bench->parameters,
           (long long)bench->arena_bytes);
    fflush(stdout);
}

static void evaluate(SfmEngine *engine, SfmBenchParams *params, int num, bool first)
{
    GError *error = NULL;
    g_auto(SfmBench) bench = { 0 };

    params->repeats = num;
    sfm_engine_bench(engine, params, &bench, &error);
    check(error);
    if (first) {
        introduce(engine, &bench);
        return;
    }
    putchar('{');
    print_each("wall_ms", &bench.wall);
    printf(", ");
    print_each("cpu_ms", &bench.cpu);
    puts("}");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    char line[32];

    if (argc < 3 || argc > 4) {
        fprintf(stderr, "turns MODEL BATCH [SIDE]\n");
        return 2;
    }
    SfmBenchParams params = { .model = argv[1],
                              .batch = atoi(argv[2]),
                              .width = argc > 3 ? atoi(argv[3]) : 0,
                              .evaluations_alone = true };
    params.height = params.width;
    SfmEngine *engine = sfm_engine_new(NULL, &error);
    check(error);
    evaluate(engine, &params, 1, true);
    while (fgets(line, sizeof line, stdin))
        evaluate(engine, &params, MAX(atoi(line), 1), false);
    sfm_engine_free(engine);
    return 0;
}
