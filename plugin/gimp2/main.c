// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in as GIMP 2.10 knows it: arguments by position, images by id.
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/procedure.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/plugin.h"

enum {
    NUM_HOST_ARGUMENTS = 3, // run-mode, image, drawable
    NUM_VALUES = 4,         // status, image, num-layers, layers
};

static bool starts_from_layer(SfmJob job)
{
    return sfm_job_info(job)->inputs[0] != NULL;
}

// Jobs between two layers have the second as one more argument of GIMP's own.
static int num_host_arguments(SfmJob job)
{
    return NUM_HOST_ARGUMENTS + (job == SFM_JOB_INTERPOLATE ? 1 : 0);
}

// ---- registration -----------------------------------------------------------

static void add_host_arguments(SfmJob job, GArray *arguments)
{
    const bool from_layer = starts_from_layer(job);
    const GimpParamDef all[] = {
        { GIMP_PDB_INT32, "run-mode",
          N_("The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1) }") },
        { GIMP_PDB_IMAGE, "image",
          from_layer ? N_("The image of the layer")
                     : N_("The image that gets the layers; -1: a new one") },
        { GIMP_PDB_DRAWABLE, "drawable",
          from_layer ? N_("The layer to start from; -1: the active one")
                     : N_("Not looked at; may be -1") },
        { GIMP_PDB_DRAWABLE, "to", N_("The layer to lead to; -1: the one below the other") },
    };
    g_array_append_vals(arguments, all, (guint)num_host_arguments(job));
}

static void add_argument(const SfmArgument *argument, GArray *arguments)
{
    static const GimpPDBArgType types[] = {
        [SFM_ARGUMENT_INTEGER] = GIMP_PDB_INT32,
        [SFM_ARGUMENT_NUMBER] = GIMP_PDB_FLOAT,
        [SFM_ARGUMENT_TEXT] = GIMP_PDB_STRING,
    };
    // GIMP reads it once this process has come to its end.
    const GimpParamDef def = { types[argument->type], (gchar *)argument->name,
                               sfm_argument_help(argument) };
    g_array_append_val(arguments, def);
}

static void install(SfmJob job)
{
    static const GimpParamDef values[] = {
        { GIMP_PDB_IMAGE, "image", N_("The image given, or the new one") },
        { GIMP_PDB_INT32, "num-layers", N_("How many layers there are") },
        { GIMP_PDB_INT32ARRAY, "layers", N_("The new layers") },
    };
    const SfmProcedure *procedure = sfm_procedure(job);
    const bool in_menu = job == SFM_MENU_JOB;
    g_autoptr(GArray) arguments = g_array_new(FALSE, FALSE, sizeof(GimpParamDef));
    add_host_arguments(job, arguments);
    for (int i = 0; i < sfm_num_arguments(job); i++) {
        const SfmArgument argument = sfm_argument(job, i);
        add_argument(&argument, arguments);
    }
    // Without image types the menu item is there with no image open.
    gimp_install_procedure(procedure->name, procedure->blurb, procedure->help, "Sfumato",
                           "GPL-3.0-or-later", "2026", in_menu ? SFM_MENU_LABEL : NULL,
                           in_menu ? NULL : "RGB*, GRAY*", GIMP_PLUGIN, (gint)arguments->len,
                           G_N_ELEMENTS(values), (const GimpParamDef *)(void *)arguments->data,
                           values);
    for (guint i = (guint)num_host_arguments(job); i < arguments->len; i++)
        g_free(g_array_index(arguments, GimpParamDef, i).description);
    if (in_menu)
        gimp_plugin_menu_register(procedure->name, SFM_MENU_PATH);
}

static void query(void)
{
    // GIMP translates the procedures' words itself, in the language that it has then.
    gimp_plugin_domain_register(SFM_TRANSLATION_DOMAIN, sfm_translation_folder());
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        install((SfmJob)job);
}

// ---- a call -----------------------------------------------------------------

static void read_arguments(const GimpParam *params, SfmForm *form)
{
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument argument = sfm_argument(form->job, i);
        const GimpParam *param = &params[num_host_arguments(form->job) + i];
        if (argument.type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(form, &argument, param->data.d_string);
        else if (argument.type == SFM_ARGUMENT_INTEGER)
            sfm_form_set_number(form, &argument, param->data.d_int32);
        else
            sfm_form_set_number(form, &argument, param->data.d_float);
    }
}

// From the menu with no image open comes the run mode alone.
static SfmSubject subject_of(SfmJob job, int num_params, const GimpParam *params)
{
    const bool has_layer = starts_from_layer(job) && num_params > 2;
    const bool has_second = job == SFM_JOB_INTERPOLATE && num_params > NUM_HOST_ARGUMENTS;
    return (SfmSubject){
        .image = num_params > 1 ? params[1].data.d_image : -1,
        .layer = has_layer ? params[2].data.d_drawable : -1,
        .to = has_second ? params[NUM_HOST_ARGUMENTS].data.d_drawable : -1,
    };
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

// How many values are returned.
static int do_job(const SfmHostCall *call, const GimpParam *params)
{
    g_auto(SfmForm) form;
    g_autoptr(GError) error = NULL;
    sfm_form_init(&form);
    form.job = call->job;
    if (call->mode == GIMP_RUN_NONINTERACTIVE)
        read_arguments(params, &form);
    if (!sfm_plugin_run(call, &form, &returned.result, &error))
        return return_error(error);
    if (call->mode != GIMP_RUN_NONINTERACTIVE)
        gimp_displays_flush();
    return_result();
    return NUM_VALUES;
}

static void run(const gchar *name, gint num_params, const GimpParam *params, gint *num_values,
                GimpParam **values)
{
    *values = returned.values;
    *num_values = 1;
    returned.values[0] =
        (GimpParam){ .type = GIMP_PDB_STATUS, .data.d_status = GIMP_PDB_CALLING_ERROR };
    const GimpRunMode mode = params[0].data.d_int32;
    SfmJob job;
    if (!sfm_find_procedure(name, &job) ||
        (mode == GIMP_RUN_NONINTERACTIVE &&
         num_params != num_host_arguments(job) + sfm_num_arguments(job)))
        return;
    returned.values[0].data.d_status = GIMP_PDB_EXECUTION_ERROR;

    gegl_init(NULL, NULL);
    if (mode == GIMP_RUN_INTERACTIVE)
        gimp_ui_init("diffusion", FALSE);
    sfm_translation_open(); // after GTK has been at the locale
    const SfmHostCall call = { job, mode, subject_of(job, num_params, params) };
    *num_values = do_job(&call, params);
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN()
