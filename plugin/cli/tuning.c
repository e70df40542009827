// SPDX-License-Identifier: GPL-3.0-or-later
#include "tuning.h"

#include <stdio.h>

#include <sfumato/system.h>

#include "common/translation.h"
#include "json_fields.h"

char *tuning_text(const SfmDeviceInfo *device)
{
    if (device->num_tuned < 0)
        return g_strdup(_("not tuned; \"sfumato tune\" may make it faster"));
    return g_strdup_printf(sfm_translated_plural("tuned; %d call runs with another kernel",
                                                 "tuned; %d calls run with another kernel",
                                                 (unsigned)device->num_tuned),
                           device->num_tuned);
}

// ---- for people -------------------------------------------------------------

// Of the usual kernel the call is named, of the others what they gain.
static void print_row(const SfmTuneRow *row)
{
    printf("%-56s ", row->usual ? row->call : "");
    if (row->usual)
        printf("%5d", row->count);
    else
        printf("%5s", "");
    printf(" %s %-26s %9.3f %6.2f\n", row->chosen ? "*" : " ", row->kernel, row->milliseconds,
           row->speed);
}

void tuning_print(const Tuned *tuned)
{
    const SfmTune *tune = &tuned->tune;

    // What the engine names stands in columns that it names: English.
    printf("%-56s %5s   %-26s %9s %6s\n", tuned->model, "calls", "kernel", "ms", "speed");
    for (guint i = 0; i < tune->rows->len; i++)
        print_row(tune->rows->pdata[i]);
    printf(sfm_translated_plural("%s: %d call runs with another kernel from now on.",
                                 "%s: %d calls run with another kernel from now on.",
                                 (unsigned)tune->num_tuned),
           tuned->model, tune->num_tuned);
    putchar('\n');
}

// ---- for programs -----------------------------------------------------------

static void append_row(GString *out, const SfmTuneRow *row)
{
    g_string_append_c(out, '{');
    json_add_text(out, "call", row->call);
    json_add_number(out, "calls", row->count);
    g_string_append(out, ", ");
    json_add_text(out, "kernel", row->kernel);
    json_add_number(out, "ms", row->milliseconds);
    json_add_number(out, "speed", row->speed);
    g_string_append_printf(out, ", \"usual\": %s, \"chosen\": %s}", row->usual ? "true" : "false",
                           row->chosen ? "true" : "false");
}

static void append_model(GString *out, const Tuned *tuned)
{
    const GPtrArray *rows = tuned->tune.rows;

    g_string_append_c(out, '{');
    json_add_text(out, "model", tuned->model);
    g_string_append(out, ", \"kernels\": [");
    for (guint i = 0; i < rows->len; i++) {
        g_string_append(out, i > 0 ? ",\n  " : "\n  ");
        append_row(out, rows->pdata[i]);
    }
    g_string_append(out, "\n]}");
}

void tuning_print_json(const char *device, const Tuned *tuned, size_t num)
{
    g_autoptr(GString) out = g_string_new("{");

    json_add_text(out, "version", sfm_version());
    g_string_append(out, ", ");
    json_add_text(out, "device", device);
    if (num > 0) {
        g_string_append(out, ", ");
        json_add_text(out, "file", tuned->tune.path);
    }
    g_string_append(out, ", \"models\": [");
    for (size_t i = 0; i < num; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        append_model(out, &tuned[i]);
    }
    g_string_append(out, "]}");
    puts(out->str);
}
