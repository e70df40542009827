// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in as GIMP 2.10 knows it: arguments by position, images by id.
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/procedure.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/generate.h"

enum {
    NUM_HOST_ARGUMENTS = 3, // run-mode, image, drawable
    NUM_VALUES = 4,         // status, image, num-layers, layers
};

static GimpParamDef argument_def(SfmArgument argument)
{
    static const GimpPDBArgType types[] = {
        [SFM_ARGUMENT_INTEGER] = GIMP_PDB_INT32,
        [SFM_ARGUMENT_NUMBER] = GIMP_PDB_FLOAT,
        [SFM_ARGUMENT_TEXT] = GIMP_PDB_STRING,
    };
    return (GimpParamDef){ types[argument.type], (gchar *)argument.name, (gchar *)argument.help };
}

static void query(void)
{
    static const GimpParamDef values[] = {
        { GIMP_PDB_IMAGE, "image", N_("The image given, or the new one") },
        { GIMP_PDB_INT32, "num-layers", N_("How many layers there are") },
        { GIMP_PDB_INT32ARRAY, "layers", N_("The new layers") },
    };
    static const GimpParamDef host_arguments[NUM_HOST_ARGUMENTS] = {
        { GIMP_PDB_INT32, "run-mode",
          N_("The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1) }") },
        { GIMP_PDB_IMAGE, "image", N_("The image that gets the layers; -1: a new one") },
        { GIMP_PDB_DRAWABLE, "drawable", N_("Not looked at; may be -1") },
    };
    const SfmProcedure *procedure = sfm_procedure(SFM_JOB_GENERATE);
    g_autoptr(GArray) arguments = g_array_new(FALSE, FALSE, sizeof(GimpParamDef));
    g_array_append_vals(arguments, host_arguments, NUM_HOST_ARGUMENTS);
    for (int i = 0; i < sfm_num_arguments(SFM_JOB_GENERATE); i++) {
        const GimpParamDef argument = argument_def(sfm_argument(SFM_JOB_GENERATE, i));
        g_array_append_val(arguments, argument);
    }
    // GIMP translates the procedure's words itself, in the language that it has then.
    gimp_plugin_domain_register(SFM_TRANSLATION_DOMAIN, sfm_translation_folder());
    // Without image types the menu item is there with no image open.
    gimp_install_procedure(procedure->name, procedure->blurb, procedure->help, "Sfumato",
                           "GPL-3.0-or-later", "2026", SFM_GENERATE_LABEL, NULL, GIMP_PLUGIN,
                           (gint)arguments->len, G_N_ELEMENTS(values),
                           (const GimpParamDef *)(void *)arguments->data, values);
    gimp_plugin_menu_register(procedure->name, SFM_GENERATE_MENU);
}

// ---- the last values, which outlive GIMP ------------------------------------

static char *last_values_path(void)
{
    return g_build_filename(gimp_directory(), "sfumato.ini", NULL);
}

static void load_last_values(SfmForm *form)
{
    g_autofree char *path = last_values_path();
    g_autofree char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
        sfm_form_load(form, text);
}

// That a folder cannot be written to is no reason to fail.
static void save_last_values(const SfmForm *form)
{
    g_autofree char *path = last_values_path();
    g_autofree char *text = sfm_form_save(form);
    g_file_set_contents(path, text, -1, NULL);
}

// ---- a call -----------------------------------------------------------------

static void read_arguments(const GimpParam *params, SfmForm *form)
{
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument argument = sfm_argument(form->job, i);
        const GimpParam *param = &params[NUM_HOST_ARGUMENTS + i];
        if (argument.type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(form, &argument, param->data.d_string);
        else if (argument.type == SFM_ARGUMENT_INTEGER)
            sfm_form_set_number(form, &argument, param->data.d_int32);
        else
            sfm_form_set_number(form, &argument, param->data.d_float);
    }
}

// What run() has returned; GIMP reads it after run() is over.
static struct {
    GimpParam values[NUM_VALUES];
    SfmResult result;
    char *message;
} returned;

static void return_result(void)
{
    returned.values[0].data.d_status = GIMP_PDB_SUCCESS;
    returned.values[1] =
        (GimpParam){ .type = GIMP_PDB_IMAGE, .data.d_image = returned.result.image };
    returned.values[2] =
        (GimpParam){ .type = GIMP_PDB_INT32, .data.d_int32 = returned.result.num_layers };
    returned.values[3] =
        (GimpParam){ .type = GIMP_PDB_INT32ARRAY, .data.d_int32array = returned.result.layers };
}

static int return_error(const GError *error)
{
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_CANCELLED)) {
        returned.values[0].data.d_status = GIMP_PDB_CANCEL;
        return 1;
    }
    returned.message = sfm_error_text(error);
    returned.values[1] = (GimpParam){ .type = GIMP_PDB_STRING, .data.d_string = returned.message };
    return 2;
}

static void run(const gchar *name, gint num_params, const GimpParam *params, gint *num_values,
                GimpParam **values)
{
    *values = returned.values;
    *num_values = 1;
    returned.values[0] =
        (GimpParam){ .type = GIMP_PDB_STATUS, .data.d_status = GIMP_PDB_CALLING_ERROR };
    const GimpRunMode mode = params[0].data.d_int32;
    if (mode == GIMP_RUN_NONINTERACTIVE &&
        num_params != NUM_HOST_ARGUMENTS + sfm_num_arguments(SFM_JOB_GENERATE))
        return;
    returned.values[0].data.d_status = GIMP_PDB_EXECUTION_ERROR;

    gegl_init(NULL, NULL);
    if (mode == GIMP_RUN_INTERACTIVE)
        gimp_ui_init("diffusion", FALSE);
    sfm_translation_open(); // after GTK has been at the locale
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    if (mode == GIMP_RUN_NONINTERACTIVE)
        read_arguments(params, &form);
    else
        load_last_values(&form);
    const SfmHostCall call = {
        // From the menu with no image open comes the run mode alone.
        .image = num_params < NUM_HOST_ARGUMENTS ? -1 : params[1].data.d_image,
        .dialog = mode == GIMP_RUN_INTERACTIVE,
        .show = mode != GIMP_RUN_NONINTERACTIVE,
    };
    g_autoptr(GError) error = NULL;
    if (!sfm_plugin_generate(&call, &form, &returned.result, &error)) {
        *num_values = return_error(error);
        return;
    }
    if (mode == GIMP_RUN_INTERACTIVE)
        save_last_values(&form);
    if (mode != GIMP_RUN_NONINTERACTIVE)
        gimp_displays_flush();
    return_result();
    *num_values = NUM_VALUES;
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN()
