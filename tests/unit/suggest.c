// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/suggest.h"

#include <glib.h>

static const char *const names[] = { "ddpm", "ddim", "heun", "scaled-linear", "linear" };

static void asserts(const char *word, const char *want)
{
    g_assert_cmpstr(sfm_suggest(word, names, G_N_ELEMENTS(names)), ==, want);
}

static void finds_the_word_that_was_meant(void)
{
    asserts("dpm", "ddpm");      // a letter left out
    asserts("hevn", "heun");     // a letter wrong
    asserts("LINEAR", "linear"); // case
    asserts("scaledlinear", "scaled-linear");
    asserts("linaer", "linear"); // two letters swapped
    g_assert_cmpstr(sfm_suggest("tpye", (const char *[]){ "tape", "type" }, 2), ==, "type");
}

static void says_nothing_where_no_word_is_near(void)
{
    asserts("karras", NULL);
    asserts("", NULL);
    asserts("x", NULL);
    g_assert_null(sfm_suggest("ddpm", NULL, 0));
}

static void passes_over_words_of_any_length(void)
{
    g_autofree char *endless = g_strnfill(100000, 'd');

    asserts(endless, NULL);
    g_assert_cmpstr(sfm_suggest("ddim", (const char *[]){ endless, "ddim" }, 2), ==, "ddim");
}

static void does_not_depend_on_the_order_of_the_words(void)
{
    g_assert_cmpstr(sfm_suggest("nose", (const char *[]){ "note", "noise" }, 2), ==, "noise");
    g_assert_cmpstr(sfm_suggest("nose", (const char *[]){ "noise", "note" }, 2), ==, "noise");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

#define TEST(name) g_test_add_func("/base/suggest/" #name, name)
    TEST(finds_the_word_that_was_meant);
    TEST(says_nothing_where_no_word_is_near);
    TEST(passes_over_words_of_any_length);
    TEST(does_not_depend_on_the_order_of_the_words);
    return g_test_run();
}
