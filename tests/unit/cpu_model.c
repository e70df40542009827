// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cpu_model.h"

#include <glib.h>
#include <glib/gstdio.h>

static void assert_model(const char *text, const char *wanted)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "cpuinfo-XXXXXX", NULL);
    char model[16];

    g_close(g_mkstemp(path), NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    sfm_cpu_model_in(path, model, sizeof model);
    g_assert_cmpstr(model, ==, wanted);
    g_unlink(path);
}

static void the_first_processor_names_it(void)
{
    assert_model("processor\t: 0\nmodel\t\t: 97\nmodel name\t: Fast 9 \n\n"
                 "processor\t: 1\nmodel name\t: Slow 1\n",
                 "Fast 9");
}

static void a_long_name_is_cut(void)
{
    assert_model("model name\t: 0123456789abcdefgh\n", "0123456789abcde");
}

// As on ARM.
static void it_may_be_without_a_name(void)
{
    assert_model("processor\t: 0\nBogoMIPS\t: 108.00\n", "");
    assert_model("model name", "");
    assert_model("", "");
}

static void there_may_be_no_such_file(void)
{
    char model[16] = "before";

    sfm_cpu_model_in("/nonexistent/cpuinfo", model, sizeof model);
    g_assert_cmpstr(model, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cpu_model/the_first_processor_names_it", the_first_processor_names_it);
    g_test_add_func("/cpu_model/a_long_name_is_cut", a_long_name_is_cut);
    g_test_add_func("/cpu_model/it_may_be_without_a_name", it_may_be_without_a_name);
    g_test_add_func("/cpu_model/there_may_be_no_such_file", there_may_be_no_such_file);
    return g_test_run();
}
