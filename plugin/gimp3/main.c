// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plug-in as GIMP 3.0 knows it: an object whose procedures have arguments by
// name.
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "common/procedure.h"
#include "common/text.h"
#include "common/translation.h"
#include "gimp/plugin.h"

typedef struct {
    GimpPlugIn parent;
} SfmPlugIn;

typedef struct {
    GimpPlugInClass parent;
} SfmPlugInClass;

GType sfm_plug_in_get_type(void);
G_DEFINE_TYPE(SfmPlugIn, sfm_plug_in, GIMP_TYPE_PLUG_IN)

static GList *query_procedures(GimpPlugIn *plug_in)
{
    GList *names = NULL;
    for (int job = 0; job < SFM_NUM_JOBS; job++)
        names = g_list_append(names, g_strdup(sfm_procedure((SfmJob)job)->name));
    return names;
}

// GIMP gets its words translated, and need not look for a folder of translations.
static gboolean set_i18n(GimpPlugIn *plug_in, const gchar *procedure, gchar **domain,
                         gchar **folder)
{
    return FALSE;
}

// ---- registration -----------------------------------------------------------

// GIMP would refuse what is out of range without a word on what is in it; so it takes
// all numbers, and the form checks them.
static void add_argument(GimpProcedure *procedure, const SfmArgument *argument)
{
    g_autofree char *help = sfm_argument_help(argument);
    const char *label = _(argument->label);
    if (argument->type == SFM_ARGUMENT_TEXT)
        gimp_procedure_add_string_argument(procedure, argument->name, label, help,
                                           argument->default_text, G_PARAM_READWRITE);
    else if (argument->type == SFM_ARGUMENT_INTEGER)
        gimp_procedure_add_int_argument(procedure, argument->name, label, help, G_MININT, G_MAXINT,
                                        (gint)argument->default_number, G_PARAM_READWRITE);
    else
        gimp_procedure_add_double_argument(procedure, argument->name, label, help, -G_MAXDOUBLE,
                                           G_MAXDOUBLE, argument->default_number,
                                           G_PARAM_READWRITE);
}

static void add_arguments(GimpProcedure *procedure, SfmJob job)
{
    // A drawable, not a layer: of a channel GIMP would say no more than that it is none.
    if (job == SFM_JOB_INTERPOLATE)
        gimp_procedure_add_drawable_argument(
            procedure, "to", _("To"), _("The layer to lead to; none: the one below the other"),
            TRUE, G_PARAM_READWRITE);
    for (int i = 0; i < sfm_num_arguments(job); i++) {
        const SfmArgument argument = sfm_argument(job, i);
        add_argument(procedure, &argument);
    }
    gimp_procedure_add_image_return_value(procedure, "new-image", _("Image"),
                                          _("The image given, or the new one"), FALSE,
                                          G_PARAM_READWRITE);
    gimp_procedure_add_core_object_array_return_value(
        procedure, "layers", _("Layers"), _("The new layers"), GIMP_TYPE_LAYER, G_PARAM_READWRITE);
}

// The entry is live with no image open.
static void add_to_menu(GimpProcedure *procedure)
{
    gimp_procedure_set_image_types(procedure, "*");
    gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
    gimp_procedure_set_menu_label(procedure, _(SFM_MENU_LABEL));
    gimp_procedure_add_menu_path(procedure, _(SFM_MENU_PATH));
}

static GimpValueArray *run(GimpProcedure *procedure, GimpRunMode mode, GimpImage *image,
                           GimpDrawable **drawables, GimpProcedureConfig *config,
                           gpointer user_data);

static GimpProcedure *create_procedure(GimpPlugIn *plug_in, const gchar *name)
{
    SfmJob job;
    if (!sfm_find_procedure(name, &job))
        return NULL;
    const SfmProcedure *described = sfm_procedure(job);
    GimpProcedure *procedure = gimp_image_procedure_new(plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                                        run, GINT_TO_POINTER((gint)job), NULL);
    if (job == SFM_MENU_JOB) {
        add_to_menu(procedure);
    } else {
        gimp_procedure_set_image_types(procedure, "RGB*, GRAY*");
        gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE |
                                                           GIMP_PROCEDURE_SENSITIVE_DRAWABLES);
    }
    gimp_procedure_set_documentation(procedure, _(described->blurb), _(described->help), name);
    gimp_procedure_set_attribution(procedure, "Sfumato", "GPL-3.0-or-later", "2026");
    add_arguments(procedure, job);
    return procedure;
}

// ---- a call -----------------------------------------------------------------

static void read_config(GimpProcedureConfig *config, SfmForm *form)
{
    for (int i = 0; i < sfm_num_arguments(form->job); i++) {
        const SfmArgument argument = sfm_argument(form->job, i);
        g_auto(GValue) value = G_VALUE_INIT;
        g_object_get_property(G_OBJECT(config), argument.name, &value);
        if (argument.type == SFM_ARGUMENT_TEXT)
            sfm_form_set_text(form, &argument, g_value_get_string(&value));
        else if (argument.type == SFM_ARGUMENT_INTEGER)
            sfm_form_set_number(form, &argument, g_value_get_int(&value));
        else
            sfm_form_set_number(form, &argument, g_value_get_double(&value));
    }
}

static int id_of(GimpDrawable *drawable)
{
    return drawable ? gimp_item_get_id(GIMP_ITEM(drawable)) : -1;
}

// Which of those that are selected comes first is GIMP's secret, so the upper one does, as
// it does where one alone is.
static SfmSubject subject_of_dialog(GimpImage *image, GimpDrawable **drawables)
{
    SfmSubject subject = { image ? gimp_image_get_id(image) : -1, -1, -1 };
    if (!drawables || !drawables[0])
        return subject;
    subject.layer = id_of(drawables[0]);
    subject.to = id_of(drawables[1]);
    if (subject.to >= 0 && sfm_host_upper_layer(subject.layer, subject.to) == subject.to)
        subject = (SfmSubject){ subject.image, subject.to, subject.layer };
    return subject;
}

// Two layers that a script names are those between which the pictures are.
static SfmSubject subject_of(SfmJob job, GimpImage *image, GimpDrawable **drawables,
                             GimpProcedureConfig *config)
{
    if (job == SFM_MENU_JOB)
        return subject_of_dialog(image, drawables);
    SfmSubject subject = { image ? gimp_image_get_id(image) : -1, -1, -1 };
    const bool has_layer = drawables && drawables[0];
    subject.layer = has_layer ? id_of(drawables[0]) : -1;
    if (job != SFM_JOB_INTERPOLATE)
        return subject;
    g_autoptr(GimpDrawable) to = NULL;
    g_object_get(config, "to", &to, NULL);
    subject.to = !to && has_layer ? id_of(drawables[1]) : id_of(to);
    return subject;
}

static GimpValueArray *return_error(GimpProcedure *procedure, const GError *error)
{
    if (g_error_matches(error, SFM_ERROR, SFM_ERROR_CANCELLED))
        return gimp_procedure_new_return_values(procedure, GIMP_PDB_CANCEL, NULL);
    g_autofree char *text = sfm_error_text(error);
    return gimp_procedure_new_return_values(procedure, GIMP_PDB_EXECUTION_ERROR,
                                            g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, text));
}

static GimpValueArray *return_result(GimpProcedure *procedure, const SfmResult *result)
{
    GimpValueArray *values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, NULL);
    GObject **layers = g_new0(GObject *, (size_t)result->num_layers + 1);
    for (int i = 0; i < result->num_layers; i++)
        layers[i] = G_OBJECT(gimp_layer_get_by_id(result->layers[i]));
    GIMP_VALUES_SET_IMAGE(values, 1, gimp_image_get_by_id(result->image));
    GIMP_VALUES_TAKE_CORE_OBJECT_ARRAY(values, 2, layers);
    return values;
}

static GimpValueArray *run(GimpProcedure *procedure, GimpRunMode mode, GimpImage *image,
                           GimpDrawable **drawables, GimpProcedureConfig *config,
                           gpointer user_data)
{
    const SfmJob job = (SfmJob)GPOINTER_TO_INT(user_data);
    gegl_init(NULL, NULL);
    if (mode == GIMP_RUN_INTERACTIVE)
        gimp_ui_init("diffusion");
    sfm_translation_open(); // once more, after GTK has been at the locale
    g_auto(SfmForm) form;
    sfm_form_init(&form);
    form.job = job;
    if (mode == GIMP_RUN_NONINTERACTIVE)
        read_config(config, &form);
    const SfmHostCall call = { job, mode, subject_of(job, image, drawables, config) };
    g_auto(SfmResult) result = { 0 };
    g_autoptr(GError) error = NULL;
    if (!sfm_plugin_run(&call, &form, &result, &error))
        return return_error(procedure, error);
    if (mode != GIMP_RUN_NONINTERACTIVE)
        gimp_displays_flush();
    return return_result(procedure, &result);
}

static void sfm_plug_in_class_init(SfmPlugInClass *class)
{
    GimpPlugInClass *plug_in = GIMP_PLUG_IN_CLASS(class);
    plug_in->query_procedures = query_procedures;
    plug_in->create_procedure = create_procedure;
    plug_in->set_i18n = set_i18n;
}

static void sfm_plug_in_init(SfmPlugIn *plug_in)
{
    sfm_translation_open();
}

GIMP_MAIN(sfm_plug_in_get_type())
