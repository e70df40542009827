// SPDX-License-Identifier: GPL-3.0-or-later
#include "gimp/recipe_check.h"

typedef struct {
    SfmRecipe *recipe;
    SfmScriptLibrary *library;
    SfmRecipeCheckFunc func;
    void *user_data;
} Question;

static void question_free(void *data)
{
    Question *question = data;
    sfm_recipe_free(question->recipe);
    sfm_script_library_unref(question->library);
    g_free(question);
}

static void find_out(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Question *question = data;
    GError *error = NULL;
    if (sfm_recipe_check(question->recipe, NULL, NULL, question->library, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void answer(GObject *source, GAsyncResult *result, gpointer data)
{
    const Question *question = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    g_task_propagate_boolean(G_TASK(result), &error);
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        question->func(error, question->user_data);
}

void sfm_recipe_check_start(SfmRecipe *recipe, SfmScriptLibrary *library, GCancellable *cancellable,
                            SfmRecipeCheckFunc func, void *user_data)
{
    Question *question = g_new(Question, 1);
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, answer, NULL);
    *question = (Question){ recipe, sfm_script_library_ref(library), func, user_data };
    g_task_set_task_data(task, question, question_free);
    g_task_run_in_thread(task, find_out);
}
