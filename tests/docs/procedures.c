// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prints docs/manual/procedures.md, from the tables that both GIMPs register
// procedures from.

#include <stdio.h>

#include "common/argument.h"
#include "common/procedure.h"

static const char front[] =
    "# The procedures\n"
    "\n"
    "Five procedures of the PDB, the same in GIMP 2.10 and 3.0, one for each [job](jobs.md). The\n"
    "order is that of GIMP 2.10, which calls by position and wants all of them; GIMP 3.0 calls by\n"
    "name, and what is left out is its default. Later versions add arguments at the end only.\n"
    "[Many pictures](batch.md) shows calls that work.\n"
    "\n"
    "Each returns the image and its new layers, leaves rather than their group. Empty texts and\n"
    "zeros leave the choice to the model's card. This page is made from the program's own tables:\n"
    "`ninja procedures-page`.\n";

static const char *const type_names[] = {
    [SFM_ARGUMENT_INTEGER] = "integer",
    [SFM_ARGUMENT_NUMBER] = "number",
    [SFM_ARGUMENT_TEXT] = "text",
};

static void print_range(const SfmArgument *argument)
{
    if (argument->choices) {
        g_autofree char *choices = g_strjoinv(", ", (char **)argument->choices);
        printf("%s", choices);
    } else if (argument->type != SFM_ARGUMENT_TEXT) {
        printf("%.10g .. %.10g", argument->min, argument->max);
    }
}

static void print_default(const SfmArgument *argument)
{
    if (argument->type == SFM_ARGUMENT_TEXT)
        printf("%s", *argument->default_text ? argument->default_text : "empty");
    else
        printf("%g", argument->default_number);
}

static void print_argument(int number, const SfmArgument *argument)
{
    printf("| %d | %s | %s | ", number, argument->name, type_names[argument->type]);
    print_range(argument);
    printf(" | ");
    print_default(argument);
    printf(" | %s |\n", argument->help);
}

// What GIMP itself hands to a procedure comes first.
static int print_host_arguments(SfmJob job)
{
    const char *const *inputs = sfm_job_info(job)->inputs;
    int number = 0;

    printf("| %d | run-mode | integer | | | RUN-INTERACTIVE asks, RUN-NONINTERACTIVE does not, "
           "RUN-WITH-LAST-VALS does what was done last |\n",
           ++number);
    printf("| %d | image | image | | | %s |\n", ++number,
           inputs[0] ? "The image of the layer" : "-1 or none: a new one is made");
    printf("| %d | drawable | layer | | | %s; in GIMP 3.0 `drawables`, a vector |\n", ++number,
           inputs[0] ? "The layer to start from" : "Is not looked at");
    if (job == SFM_JOB_INTERPOLATE)
        printf("| %d | to | layer | | | The layer to lead to; -1 or none: the one below the other "
               "|\n",
               ++number);
    return number;
}

static void print_procedure(SfmJob job)
{
    const SfmProcedure *procedure = sfm_procedure(job);

    printf("\n## %s\n\n%s. %s\n\n", procedure->name, procedure->blurb, procedure->help);
    puts("| | argument | type | range | default | |\n|---|---|---|---|---|---|");
    const int first = print_host_arguments(job) + 1;
    for (int i = 0; i < sfm_num_arguments(job); i++) {
        const SfmArgument argument = sfm_argument(job, i);
        print_argument(first + i, &argument);
    }
}

int main(void)
{
    static const SfmJob order[] = { SFM_JOB_GENERATE, SFM_JOB_DENOISE, SFM_JOB_VARY,
                                    SFM_JOB_INTERPOLATE, SFM_JOB_INPAINT };

    fputs(front, stdout);
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        print_procedure(order[i]);
    return fflush(stdout) == 0 ? 0 : 1;
}
