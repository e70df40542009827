// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval_table.h"

#include <math.h>
#include <stdio.h>

#include <sfumato/engine.h>
#include <sfumato/system.h>

#include "terminal.h"

struct EvalTable {
    bool json;
    GArray *rows;   // of EvalRow, whose paths are owned
    GArray *sigmas; // of double, in the order of their first rows
};

EvalTable *eval_table_new(bool json)
{
    EvalTable *table = g_new(EvalTable, 1);

    *table = (EvalTable){ json, g_array_new(FALSE, FALSE, sizeof(EvalRow)),
                          g_array_new(FALSE, FALSE, sizeof(double)) };
    return table;
}

void eval_table_free(EvalTable *table)
{
    if (!table)
        return;
    for (guint i = 0; i < table->rows->len; i++)
        g_free((char *)g_array_index(table->rows, EvalRow, i).path);
    g_array_unref(table->rows);
    g_array_unref(table->sigmas);
    g_free(table);
}

// ---- for people -------------------------------------------------------------

static void print_head(void)
{
    printf("%-24s %6s %14s %14s %21s\n", "", "", "NOISY", "KNOWN SIGMA", "ESTIMATED SIGMA");
    printf("%-24s %6s %7s %6s %7s %6s %6s %7s %6s\n", "PICTURE", "SIGMA", "PSNR", "SSIM", "PSNR",
           "SSIM", "SIGMA", "PSNR", "SSIM");
}

static void print_row(const char *name, const EvalRow *row)
{
    printf("%-24s %6g %7.2f %6.3f %7.2f %6.3f %6.1f %7.2f %6.3f\n", name, row->sigma,
           row->noisy.psnr, row->noisy.ssim, row->known.psnr, row->known.ssim, row->level,
           row->estimated.psnr, row->estimated.ssim);
    fflush(stdout); // each takes a while
}

// ---- means ------------------------------------------------------------------

static void note_sigma(EvalTable *table, double sigma)
{
    for (guint i = 0; i < table->sigmas->len; i++) {
        if (g_array_index(table->sigmas, double, i) == sigma)
            return;
    }
    g_array_append_val(table->sigmas, sigma);
}

static void add_score(EvalScore *sum, const EvalScore *score)
{
    sum->psnr += score->psnr;
    sum->ssim += score->ssim;
}

static void divide(EvalScore *sum, double num)
{
    sum->psnr /= num;
    sum->ssim /= num;
}

static EvalRow mean_of(const EvalTable *table, double sigma)
{
    EvalRow mean = { .sigma = sigma };
    double num = 0.0;

    for (guint i = 0; i < table->rows->len; i++) {
        const EvalRow *row = &g_array_index(table->rows, EvalRow, i);
        if (row->sigma != sigma)
            continue;
        num++;
        mean.level += row->level;
        add_score(&mean.noisy, &row->noisy);
        add_score(&mean.known, &row->known);
        add_score(&mean.estimated, &row->estimated);
    }
    mean.level /= num;
    divide(&mean.noisy, num);
    divide(&mean.known, num);
    divide(&mean.estimated, num);
    return mean;
}

// ---- for programs -----------------------------------------------------------

// JSON knows no infinity and no NaN.
static void append_number(GString *out, const char *key, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(out, "\"%s\": %s", key,
                           isfinite(value) ? g_ascii_formatd(number, sizeof number, "%.6g", value)
                                           : "null");
}

static void append_score(GString *out, const char *key, const EvalScore *score)
{
    g_string_append_printf(out, ", \"%s\": {", key);
    append_number(out, "psnr", score->psnr);
    g_string_append(out, ", ");
    append_number(out, "ssim", score->ssim);
    g_string_append_c(out, '}');
}

static void append_row(GString *out, const EvalRow *row)
{
    g_string_append(out, "\n  {");
    if (row->path) {
        g_string_append(out, "\"picture\": ");
        sfm_json_string(out, row->path);
        g_string_append(out, ", ");
    }
    append_number(out, "sigma", row->sigma);
    append_score(out, "noisy", &row->noisy);
    append_score(out, "known", &row->known);
    g_string_append(out, ", ");
    append_number(out, "estimate", row->level);
    append_score(out, "estimated", &row->estimated);
    g_string_append_c(out, '}');
}

static void print_json(const EvalTable *table, const char *model, const char *device)
{
    g_autoptr(GString) out = g_string_new("{\"version\": ");

    sfm_json_string(out, sfm_version());
    g_string_append(out, ", \"model\": ");
    sfm_json_string(out, model);
    g_string_append(out, ", \"device\": ");
    sfm_json_string(out, device);
    g_string_append(out, ", \"rows\": [");
    for (guint i = 0; i < table->rows->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        append_row(out, &g_array_index(table->rows, EvalRow, i));
    }
    g_string_append(out, "],\n \"means\": [");
    for (guint i = 0; i < table->sigmas->len; i++) {
        const EvalRow mean = mean_of(table, g_array_index(table->sigmas, double, i));
        g_string_append(out, i > 0 ? "," : "");
        append_row(out, &mean);
    }
    g_string_append(out, "]}");
    puts(out->str);
}

void eval_table_add(EvalTable *table, const EvalRow *row)
{
    EvalRow owned = *row;

    owned.path = g_strdup(row->path);
    g_array_append_val(table->rows, owned);
    note_sigma(table, row->sigma);
    if (table->json)
        return;
    if (table->rows->len == 1)
        print_head();
    g_autofree char *base = g_path_get_basename(row->path);
    g_autofree char *name = terminal_text(base);
    print_row(name, row);
}

void eval_table_end(EvalTable *table, const char *model, const char *device)
{
    if (table->json) {
        print_json(table, model, device);
        return;
    }
    for (guint i = 0; i < table->sigmas->len; i++) {
        const EvalRow mean = mean_of(table, g_array_index(table->sigmas, double, i));
        print_row("mean", &mean);
    }
}
