// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: the machine's memory is bounded by the pickle's length,
// nothing recurses, and no instruction does anything but make one of the values
// below. All values live until the end, in an arena, so that they may refer to
// each other freely.

#include "file/pickle.h"

#include <string.h>

#include "file/dtype.h"
#include "file/source.h"

typedef enum {
    KIND_MARK,
    KIND_NONE,
    KIND_BOOL,
    KIND_INT,
    KIND_TEXT,
    KIND_TUPLE,
    KIND_GLOBAL,
    KIND_STORAGE,
    KIND_TENSOR,
    KIND_DICT,
} Kind;

typedef enum {
    GLOBAL_ORDERED_DICT,
    GLOBAL_REBUILD_TENSOR,
    GLOBAL_REBUILD_PARAMETER,
    GLOBAL_STORAGE_CLASS,
} Global;

typedef struct Value Value;
struct Value {
    Kind kind;
    Global global;
    SfmDtype dtype;           // of a storage, or of its class
    int64_t integer;          // an int; a storage's length
    char *text;               // a text; a storage's key; owned
    GPtrArray *items;         // a tuple's; a dict's, key and value in turn; owned
    SfmPickledTensor *tensor; // without a name; owned
};

typedef struct {
    const char *path;
    const uint8_t *bytes;
    size_t size, at;
    GPtrArray *arena; // owns all values
    GPtrArray *stack;
    GHashTable *memo; // from numbers to values
    bool stopped;
} Machine;

// One instruction. `code` is its byte.
typedef bool Run(Machine *m, uint8_t code, GError **error);

static const struct {
    const char *module, *name;
    Global global;
} globals[] = {
    { "collections", "OrderedDict", GLOBAL_ORDERED_DICT },
    { "torch._utils", "_rebuild_tensor_v2", GLOBAL_REBUILD_TENSOR },
    { "torch._utils", "_rebuild_parameter", GLOBAL_REBUILD_PARAMETER },
};

static void free_tensor(SfmPickledTensor *tensor)
{
    if (!tensor)
        return;
    g_free(tensor->name);
    g_free(tensor->storage);
    g_free(tensor);
}

static void free_value(Value *value)
{
    g_free(value->text);
    g_clear_pointer(&value->items, g_ptr_array_unref);
    free_tensor(value->tensor);
    g_free(value);
}

static bool bad(const Machine *m, const char *what, GError **error)
{
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: data.pkl: byte %zu: %s", m->path, m->at, what);
}

static Value *push(Machine *m, Kind kind)
{
    Value *value = g_new0(Value, 1);
    value->kind = kind;
    g_ptr_array_add(m->arena, value);
    g_ptr_array_add(m->stack, value);
    return value;
}

// The value on top, or NULL if there is none above the last mark.
static Value *top(const Machine *m)
{
    Value *value = m->stack->len > 0 ? m->stack->pdata[m->stack->len - 1] : NULL;
    return value && value->kind != KIND_MARK ? value : NULL;
}

static Value *pop(Machine *m)
{
    Value *value = top(m);
    if (value)
        g_ptr_array_set_size(m->stack, (gint)m->stack->len - 1);
    return value;
}

// The next `size` bytes of the program, or NULL.
static const uint8_t *take(Machine *m, size_t size, GError **error)
{
    if (size > m->size - m->at) {
        bad(m, "cut off", error);
        return NULL;
    }
    m->at += size;
    return m->bytes + m->at - size;
}

// An unsigned little-endian number of up to eight bytes.
static bool take_number(Machine *m, size_t size, uint64_t *number, GError **error)
{
    const uint8_t *bytes = take(m, size, error);
    *number = 0;
    for (size_t i = size; bytes && i-- > 0;)
        *number = *number << 8 | bytes[i];
    return bytes != NULL;
}

// Up to a newline, which is left out. The caller then owns it.
static char *take_line(Machine *m, GError **error)
{
    const uint8_t *line = m->bytes + m->at;
    const uint8_t *end = memchr(line, '\n', m->size - m->at);
    if (!end) {
        bad(m, "cut off", error);
        return NULL;
    }
    m->at += (size_t)(end - line) + 1;
    return g_strndup((const char *)line, (gsize)(end - line));
}

static bool run_proto(Machine *m, uint8_t code, GError **error)
{
    uint64_t version;
    if (!take_number(m, 1, &version, error))
        return false;
    return version == 2 || bad(m, "a pickle protocol other than 2", error);
}

static bool run_stop(Machine *m, uint8_t code, GError **error)
{
    m->stopped = true;
    return true;
}

static bool run_global(Machine *m, uint8_t code, GError **error)
{
    g_autofree char *module = take_line(m, error);
    g_autofree char *name = module ? take_line(m, error) : NULL;
    if (!name)
        return false;

    Value *value = push(m, KIND_GLOBAL);
    for (size_t i = 0; i < G_N_ELEMENTS(globals); i++) {
        value->global = globals[i].global;
        if (strcmp(globals[i].module, module) == 0 && strcmp(globals[i].name, name) == 0)
            return true;
    }
    value->global = GLOBAL_STORAGE_CLASS;
    if (strcmp(module, "torch") == 0 && sfm_dtype_from_storage(name, &value->dtype))
        return true;

    g_autofree char *full = g_strdup_printf("%s.%s", module, name);
    g_autofree char *text = sfm_printable(full);
    return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                    "%s: data.pkl: %s: a pickle that needs more than torch's tensors is not run; "
                    "save the weights alone, as safetensors",
                    m->path, text);
}

static bool put(Machine *m, size_t number_size, GError **error)
{
    uint64_t number;
    Value *value = top(m);
    if (!take_number(m, number_size, &number, error))
        return false;
    if (!value)
        return bad(m, "nothing to remember", error);
    g_hash_table_insert(m->memo, GSIZE_TO_POINTER((gsize)number), value);
    return true;
}

static bool run_binput(Machine *m, uint8_t code, GError **error)
{
    return put(m, 1, error);
}

static bool run_long_binput(Machine *m, uint8_t code, GError **error)
{
    return put(m, 4, error);
}

static bool get(Machine *m, size_t number_size, GError **error)
{
    uint64_t number;
    if (!take_number(m, number_size, &number, error))
        return false;
    Value *value = g_hash_table_lookup(m->memo, GSIZE_TO_POINTER((gsize)number));
    if (!value)
        return bad(m, "nothing is remembered under that number", error);
    g_ptr_array_add(m->stack, value);
    return true;
}

static bool run_binget(Machine *m, uint8_t code, GError **error)
{
    return get(m, 1, error);
}

static bool run_long_binget(Machine *m, uint8_t code, GError **error)
{
    return get(m, 4, error);
}

static bool run_mark(Machine *m, uint8_t code, GError **error)
{
    push(m, KIND_MARK);
    return true;
}

static bool run_none(Machine *m, uint8_t code, GError **error)
{
    push(m, KIND_NONE);
    return true;
}

static bool run_bool(Machine *m, uint8_t code, GError **error)
{
    push(m, KIND_BOOL);
    return true;
}

// 'J' is signed, 'K' and 'M' are not.
static bool run_int(Machine *m, uint8_t code, GError **error)
{
    uint64_t number;
    const size_t size = code == 'J' ? 4 : code == 'M' ? 2 : 1;
    if (!take_number(m, size, &number, error))
        return false;
    push(m, KIND_INT)->integer = code == 'J' ? (int32_t)(uint32_t)number : (int64_t)number;
    return true;
}

// A long of the size in its first byte, two's complement; of up to eight bytes.
static bool run_long1(Machine *m, uint8_t code, GError **error)
{
    uint64_t size, number;
    if (!take_number(m, 1, &size, error))
        return false;
    if (size > 8)
        return bad(m, "an integer of more than 64 bits", error);
    if (!take_number(m, (size_t)size, &number, error))
        return false;
    if (size > 0 && size < 8 && number >> (8 * size - 1))
        number |= ~(uint64_t)0 << (8 * size);
    push(m, KIND_INT)->integer = (int64_t)number;
    return true;
}

static bool run_binunicode(Machine *m, uint8_t code, GError **error)
{
    uint64_t size;
    if (!take_number(m, 4, &size, error))
        return false;
    const uint8_t *bytes = take(m, (size_t)size, error);
    if (!bytes)
        return false;
    if (memchr(bytes, 0, (size_t)size))
        return bad(m, "a text with a zero byte", error);
    push(m, KIND_TEXT)->text = g_strndup((const char *)bytes, (gsize)size);
    return true;
}

// A tuple of the topmost `num` values.
static bool make_tuple(Machine *m, guint num, GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    if (num > m->stack->len)
        return bad(m, "a tuple of more values than there are", error);
    for (guint i = m->stack->len - num; i < m->stack->len; i++) {
        Value *item = m->stack->pdata[i];
        if (item->kind == KIND_MARK)
            return bad(m, "a tuple over a mark", error);
        g_ptr_array_add(items, item);
    }
    g_ptr_array_set_size(m->stack, (gint)(m->stack->len - num));
    push(m, KIND_TUPLE)->items = g_steal_pointer(&items);
    return true;
}

// ')' and TUPLE1 to TUPLE3.
static bool run_short_tuple(Machine *m, uint8_t code, GError **error)
{
    return make_tuple(m, code == ')' ? 0 : (guint)code - 0x84, error);
}

// Values above the last mark; false if there is no mark.
static bool count_to_mark(const Machine *m, guint *num, GError **error)
{
    for (*num = 0; *num < m->stack->len; (*num)++) {
        const Value *value = m->stack->pdata[m->stack->len - 1 - *num];
        if (value->kind == KIND_MARK)
            return true;
    }
    return bad(m, "no mark", error);
}

static bool run_tuple(Machine *m, uint8_t code, GError **error)
{
    guint num;
    if (!count_to_mark(m, &num, error) || !make_tuple(m, num, error))
        return false;
    // The tuple takes the mark's place.
    g_ptr_array_remove_index(m->stack, m->stack->len - 2);
    return true;
}

static bool run_empty_dict(Machine *m, uint8_t code, GError **error)
{
    push(m, KIND_DICT)->items = g_ptr_array_new();
    return true;
}

// Key and value by key and value into the dict below them.
static bool set_items(Machine *m, guint first, guint num, Value *dict, GError **error)
{
    if (!dict || dict->kind != KIND_DICT || num % 2 != 0)
        return bad(m, "items without a dict", error);
    for (guint i = first; i < first + num; i++) {
        Value *item = m->stack->pdata[i];
        if (item->kind == KIND_MARK)
            return bad(m, "a mark among the items of a dict", error);
        g_ptr_array_add(dict->items, item);
    }
    return true;
}

static bool run_setitem(Machine *m, uint8_t code, GError **error)
{
    if (m->stack->len < 3)
        return bad(m, "items without a dict", error);
    const guint first = m->stack->len - 2;
    if (!set_items(m, first, 2, m->stack->pdata[first - 1], error))
        return false;
    g_ptr_array_set_size(m->stack, (gint)first);
    return true;
}

static bool run_setitems(Machine *m, uint8_t code, GError **error)
{
    guint num;
    if (!count_to_mark(m, &num, error))
        return false;
    const guint first = m->stack->len - num;
    Value *dict = first >= 2 ? m->stack->pdata[first - 2] : NULL;
    if (!set_items(m, first, num, dict, error))
        return false;
    g_ptr_array_set_size(m->stack, (gint)first - 1);
    return true;
}

// The state of an OrderedDict is what torch notes about versions: not for us.
static bool run_build(Machine *m, uint8_t code, GError **error)
{
    const Value *state = pop(m);
    const Value *object = top(m);
    return (state && object && object->kind == KIND_DICT) ||
           bad(m, "a state for something other than a dict", error);
}

// Item i of a tuple if it is of that kind, else NULL.
static const Value *item_of(const Value *tuple, guint i, Kind kind)
{
    const Value *item = i < tuple->items->len ? tuple->items->pdata[i] : NULL;
    return item && item->kind == kind ? item : NULL;
}

// ("storage", its class, its key, where it was, its length) is a storage.
static bool run_binpersid(Machine *m, uint8_t code, GError **error)
{
    const Value *id = pop(m);
    if (!id || id->kind != KIND_TUPLE)
        return bad(m, "a storage without a description", error);
    const Value *word = item_of(id, 0, KIND_TEXT);
    const Value *class = item_of(id, 1, KIND_GLOBAL);
    const Value *key = item_of(id, 2, KIND_TEXT);
    const Value *length = item_of(id, 4, KIND_INT);
    if (!word || strcmp(word->text, "storage") != 0 || !class ||
        class->global != GLOBAL_STORAGE_CLASS || !key || !length || length->integer < 0)
        return bad(m, "not the description of a storage", error);

    Value *storage = push(m, KIND_STORAGE);
    storage->dtype = class->dtype;
    storage->text = g_strdup(key->text);
    storage->integer = length->integer;
    return true;
}

// A tuple of at most SFM_MAX_RANK integers that are not negative.
static bool read_sizes(const Value *tuple, uint64_t sizes[SFM_MAX_RANK])
{
    if (!tuple || tuple->items->len > SFM_MAX_RANK)
        return false;
    for (guint i = 0; i < tuple->items->len; i++) {
        const Value *size = item_of(tuple, i, KIND_INT);
        if (!size || size->integer < 0)
            return false;
        sizes[i] = (uint64_t)size->integer;
    }
    return true;
}

// (storage, its first element, shape, strides, ...)
static bool rebuild_tensor(Machine *m, const Value *args, GError **error)
{
    const Value *storage = item_of(args, 0, KIND_STORAGE);
    const Value *first = item_of(args, 1, KIND_INT);
    const Value *shape = item_of(args, 2, KIND_TUPLE);
    const Value *strides = item_of(args, 3, KIND_TUPLE);
    uint64_t dim[SFM_MAX_RANK] = { 0 }, stride[SFM_MAX_RANK] = { 0 };

    if (!storage || !first || first->integer < 0 || !read_sizes(shape, dim) ||
        !read_sizes(strides, stride) || shape->items->len != strides->items->len)
        return bad(m, "not the description of a tensor", error);

    SfmPickledTensor *tensor = g_new0(SfmPickledTensor, 1);
    tensor->dtype = storage->dtype;
    tensor->storage = g_strdup(storage->text);
    tensor->length = (uint64_t)storage->integer;
    tensor->first = (uint64_t)first->integer;
    tensor->rank = (int)shape->items->len;
    memcpy(tensor->dim, dim, sizeof(dim));
    memcpy(tensor->stride, stride, sizeof(stride));
    push(m, KIND_TENSOR)->tensor = tensor;
    return true;
}

static bool run_reduce(Machine *m, uint8_t code, GError **error)
{
    const Value *args = pop(m);
    const Value *function = pop(m);
    if (!args || args->kind != KIND_TUPLE || !function || function->kind != KIND_GLOBAL)
        return bad(m, "a call of nothing", error);

    switch (function->global) {
    case GLOBAL_ORDERED_DICT:
        return args->items->len == 0 ? run_empty_dict(m, code, error)
                                     : bad(m, "an OrderedDict with arguments", error);
    case GLOBAL_REBUILD_TENSOR:
        return rebuild_tensor(m, args, error);
    case GLOBAL_REBUILD_PARAMETER:
        if (!item_of(args, 0, KIND_TENSOR))
            return bad(m, "a parameter without a tensor", error);
        g_ptr_array_add(m->stack, args->items->pdata[0]);
        return true;
    case GLOBAL_STORAGE_CLASS:
        break;
    }
    return bad(m, "a call of a storage", error);
}

static Run *const instructions[256] = {
    [0x80] = run_proto,       ['.'] = run_stop,         ['c'] = run_global,
    ['R'] = run_reduce,       ['b'] = run_build,        ['Q'] = run_binpersid,
    ['q'] = run_binput,       ['r'] = run_long_binput,  ['h'] = run_binget,
    ['j'] = run_long_binget,  ['('] = run_mark,         ['t'] = run_tuple,
    [')'] = run_short_tuple,  [0x85] = run_short_tuple, [0x86] = run_short_tuple,
    [0x87] = run_short_tuple, ['}'] = run_empty_dict,   ['s'] = run_setitem,
    ['u'] = run_setitems,     ['N'] = run_none,         [0x88] = run_bool,
    [0x89] = run_bool,        ['K'] = run_int,          ['M'] = run_int,
    ['J'] = run_int,          [0x8a] = run_long1,       ['X'] = run_binunicode,
};

static bool run(Machine *m, GError **error)
{
    while (!m->stopped) {
        const uint8_t *code = take(m, 1, error);
        if (!code)
            return false;
        if (!instructions[*code])
            return sfm_fail(error, SFM_ERROR_UNSUPPORTED,
                            "%s: data.pkl: byte %zu: instruction 0x%02x is not needed for "
                            "tensors, and not run",
                            m->path, m->at, *code);
        if (!instructions[*code](m, *code, error))
            return false;
    }
    return true;
}

static SfmPickledTensor *copy_tensor(const SfmPickledTensor *tensor, const char *name)
{
    SfmPickledTensor *copy = g_new(SfmPickledTensor, 1);
    *copy = *tensor;
    copy->name = g_strdup(name);
    copy->storage = g_strdup(tensor->storage);
    return copy;
}

static GPtrArray *list_tensors(const Machine *m, GError **error)
{
    g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)free_tensor);
    const Value *dict = top(m);
    if (!dict || dict->kind != KIND_DICT) {
        bad(m, "not a dict of tensors", error);
        return NULL;
    }
    for (guint i = 0; i < dict->items->len; i += 2) {
        const Value *key = dict->items->pdata[i], *value = dict->items->pdata[i + 1];
        if (key->kind != KIND_TEXT || value->kind != KIND_TENSOR) {
            g_autofree char *name = sfm_printable(key->kind == KIND_TEXT ? key->text : "a key");
            sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: %s: not a tensor", m->path, name);
            return NULL;
        }
        g_ptr_array_add(tensors, copy_tensor(value->tensor, key->text));
    }
    return g_steal_pointer(&tensors);
}

GPtrArray *sfm_pickle_parse(const char *path, const uint8_t *bytes, size_t size, GError **error)
{
    Machine m = {
        .path = path,
        .bytes = bytes,
        .size = size,
        .arena = g_ptr_array_new_with_free_func((GDestroyNotify)free_value),
        .stack = g_ptr_array_new(),
        .memo = g_hash_table_new(NULL, NULL),
    };
    GPtrArray *tensors = run(&m, error) ? list_tensors(&m, error) : NULL;
    g_hash_table_unref(m.memo);
    g_ptr_array_unref(m.stack);
    g_ptr_array_unref(m.arena);
    return tensors;
}
