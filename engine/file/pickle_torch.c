// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a state dict's pickle says beyond plain data: it names globals, calls
// some of them, and refers to storages outside of itself.

#include <string.h>

#include "file/dtype.h"
#include "file/pickle_machine.h"
#include "file/source.h"

#define MAX_KEY 100 // torch counts storages: 0, 1, 2, ...

static const struct {
    const char *module, *name;
    SfmPickleGlobal global;
} globals[] = {
    { "collections", "OrderedDict", SFM_PICKLE_ORDERED_DICT },
    { "torch._utils", "_rebuild_tensor_v2", SFM_PICKLE_REBUILD_TENSOR },
    { "torch._utils", "_rebuild_parameter", SFM_PICKLE_REBUILD_PARAMETER },
};

bool sfm_pickle_run_global(SfmPickleMachine *m, uint8_t code, GError **error)
{
    g_autofree char *module = sfm_pickle_take_line(m, error);
    g_autofree char *name = module ? sfm_pickle_take_line(m, error) : NULL;
    if (!name)
        return false;

    SfmPickleValue *value = sfm_pickle_push(m, SFM_PICKLE_GLOBAL);
    for (size_t i = 0; i < G_N_ELEMENTS(globals); i++) {
        value->global = globals[i].global;
        if (strcmp(globals[i].module, module) == 0 && strcmp(globals[i].name, name) == 0)
            return true;
    }
    value->global = SFM_PICKLE_STORAGE_CLASS;
    if (strcmp(module, "torch") == 0 && sfm_dtype_from_storage(name, &value->dtype))
        return true;

    g_autofree char *full = g_strdup_printf("%s.%s", module, name);
    g_autofree char *text = sfm_printable(full);
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "%s: data.pkl: %s: a pickle that needs more than torch's tensors is not run; "
                    "save the weights alone, as safetensors",
                    m->path, text);
}

// Item i of a tuple if it is of that kind, else NULL.
static const SfmPickleValue *item_of(const SfmPickleValue *tuple, guint i, SfmPickleKind kind)
{
    const SfmPickleValue *item = i < tuple->items->len ? tuple->items->pdata[i] : NULL;
    return item && item->kind == kind ? item : NULL;
}

// ("storage", its class, its key, where it was, its length) is a storage.
bool sfm_pickle_run_binpersid(SfmPickleMachine *m, uint8_t code, GError **error)
{
    const SfmPickleValue *id = sfm_pickle_pop(m);
    if (!id || id->kind != SFM_PICKLE_TUPLE)
        return sfm_pickle_bad(m, "a storage without a description", error);
    const SfmPickleValue *word = item_of(id, 0, SFM_PICKLE_TEXT);
    const SfmPickleValue *class = item_of(id, 1, SFM_PICKLE_GLOBAL);
    const SfmPickleValue *key = item_of(id, 2, SFM_PICKLE_TEXT);
    const SfmPickleValue *length = item_of(id, 4, SFM_PICKLE_INT);
    if (!word || strcmp(word->text, "storage") != 0 || !class ||
        class->global != SFM_PICKLE_STORAGE_CLASS || !key || strlen(key->text) > MAX_KEY ||
        !length || length->integer < 0)
        return sfm_pickle_bad(m, "not the description of a storage", error);

    SfmPickleValue *storage = sfm_pickle_push(m, SFM_PICKLE_STORAGE);
    storage->dtype = class->dtype;
    storage->key = key->text;
    storage->integer = length->integer;
    return true;
}

// A tuple of at most SFM_MAX_RANK integers that are not negative.
static bool read_sizes(const SfmPickleValue *tuple, uint64_t sizes[SFM_MAX_RANK])
{
    if (!tuple || tuple->items->len > SFM_MAX_RANK)
        return false;
    for (guint i = 0; i < tuple->items->len; i++) {
        const SfmPickleValue *size = item_of(tuple, i, SFM_PICKLE_INT);
        if (!size || size->integer < 0)
            return false;
        sizes[i] = (uint64_t)size->integer;
    }
    return true;
}

// (storage, its first element, shape, strides, ...)
static bool rebuild_tensor(SfmPickleMachine *m, const SfmPickleValue *args, GError **error)
{
    const SfmPickleValue *storage = item_of(args, 0, SFM_PICKLE_STORAGE);
    const SfmPickleValue *first = item_of(args, 1, SFM_PICKLE_INT);
    const SfmPickleValue *shape = item_of(args, 2, SFM_PICKLE_TUPLE);
    const SfmPickleValue *strides = item_of(args, 3, SFM_PICKLE_TUPLE);
    uint64_t dim[SFM_MAX_RANK] = { 0 }, stride[SFM_MAX_RANK] = { 0 };

    if (!storage || !first || first->integer < 0 || !read_sizes(shape, dim) ||
        !read_sizes(strides, stride) || shape->items->len != strides->items->len)
        return sfm_pickle_bad(m, "not the description of a tensor", error);

    SfmPickledTensor *tensor = g_new0(SfmPickledTensor, 1);
    tensor->dtype = storage->dtype;
    tensor->storage = storage->key;
    tensor->length = (uint64_t)storage->integer;
    tensor->first = (uint64_t)first->integer;
    tensor->rank = (int)shape->items->len;
    memcpy(tensor->dim, dim, sizeof(dim));
    memcpy(tensor->stride, stride, sizeof(stride));
    sfm_pickle_push(m, SFM_PICKLE_TENSOR)->tensor = tensor;
    return true;
}

bool sfm_pickle_run_reduce(SfmPickleMachine *m, uint8_t code, GError **error)
{
    const SfmPickleValue *args = sfm_pickle_pop(m);
    const SfmPickleValue *function = sfm_pickle_pop(m);
    if (!args || args->kind != SFM_PICKLE_TUPLE || !function || function->kind != SFM_PICKLE_GLOBAL)
        return sfm_pickle_bad(m, "a call of nothing", error);

    switch (function->global) {
    case SFM_PICKLE_ORDERED_DICT:
        if (args->items->len > 0)
            return sfm_pickle_bad(m, "an OrderedDict with arguments", error);
        sfm_pickle_push(m, SFM_PICKLE_DICT)->items = g_ptr_array_new();
        return true;
    case SFM_PICKLE_REBUILD_TENSOR:
        return rebuild_tensor(m, args, error);
    case SFM_PICKLE_REBUILD_PARAMETER:
        if (!item_of(args, 0, SFM_PICKLE_TENSOR))
            return sfm_pickle_bad(m, "a parameter without a tensor", error);
        g_ptr_array_add(m->stack, args->items->pdata[0]);
        return true;
    case SFM_PICKLE_STORAGE_CLASS:
        break;
    }
    return sfm_pickle_bad(m, "a call of a storage", error);
}

// The state of an OrderedDict is what torch notes about versions: not for us.
bool sfm_pickle_run_build(SfmPickleMachine *m, uint8_t code, GError **error)
{
    const SfmPickleValue *state = sfm_pickle_pop(m);
    const SfmPickleValue *object = sfm_pickle_top(m);
    return (state && object && object->kind == SFM_PICKLE_DICT) ||
           sfm_pickle_bad(m, "a state for something other than a dict", error);
}
