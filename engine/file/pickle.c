// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must stay true: the machine's memory is bounded by the pickle's length,
// nothing recurses, and no instruction does anything but make one of the values
// in pickle_machine.h.

#include "file/pickle_machine.h"

#include <string.h>

#include "file/source.h"

static void free_value(SfmPickleValue *value)
{
    g_free(value->text);
    g_clear_pointer(&value->items, g_ptr_array_unref);
    g_free(value->tensor);
    g_free(value);
}

bool sfm_pickle_bad(const SfmPickleMachine *m, const char *what, GError **error)
{
    return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: data.pkl: byte %zu: %s", m->path, m->at, what);
}

SfmPickleValue *sfm_pickle_push(SfmPickleMachine *m, SfmPickleKind kind)
{
    SfmPickleValue *value = g_new0(SfmPickleValue, 1);
    value->kind = kind;
    g_ptr_array_add(m->arena, value);
    g_ptr_array_add(m->stack, value);
    return value;
}

// The value on top, or NULL if there is none above the last mark.
SfmPickleValue *sfm_pickle_top(const SfmPickleMachine *m)
{
    SfmPickleValue *value = m->stack->len > 0 ? m->stack->pdata[m->stack->len - 1] : NULL;
    return value && value->kind != SFM_PICKLE_MARK ? value : NULL;
}

SfmPickleValue *sfm_pickle_pop(SfmPickleMachine *m)
{
    SfmPickleValue *value = sfm_pickle_top(m);
    if (value)
        g_ptr_array_set_size(m->stack, (gint)m->stack->len - 1);
    return value;
}

// The next `size` bytes of the program, or NULL.
static const uint8_t *take(SfmPickleMachine *m, size_t size, GError **error)
{
    if (size > m->size - m->at) {
        sfm_pickle_bad(m, "cut off", error);
        return NULL;
    }
    m->at += size;
    return m->bytes + m->at - size;
}

// An unsigned little-endian number of up to eight bytes.
static bool take_number(SfmPickleMachine *m, size_t size, uint64_t *number, GError **error)
{
    const uint8_t *bytes = take(m, size, error);
    *number = 0;
    for (size_t i = size; bytes && i-- > 0;)
        *number = *number << 8 | bytes[i];
    return bytes != NULL;
}

// Up to a newline, which is left out. The caller then owns it.
char *sfm_pickle_take_line(SfmPickleMachine *m, GError **error)
{
    const uint8_t *line = m->bytes + m->at;
    const uint8_t *end = memchr(line, '\n', m->size - m->at);
    if (!end) {
        sfm_pickle_bad(m, "cut off", error);
        return NULL;
    }
    m->at += (size_t)(end - line) + 1;
    return g_strndup((const char *)line, (gsize)(end - line));
}

static bool run_proto(SfmPickleMachine *m, uint8_t code, GError **error)
{
    uint64_t version;
    if (!take_number(m, 1, &version, error))
        return false;
    return version == 2 || sfm_pickle_bad(m, "a pickle protocol other than 2", error);
}

static bool run_stop(SfmPickleMachine *m, uint8_t code, GError **error)
{
    m->stopped = true;
    return true;
}

static bool put(SfmPickleMachine *m, size_t number_size, GError **error)
{
    uint64_t number;
    SfmPickleValue *value = sfm_pickle_top(m);
    if (!take_number(m, number_size, &number, error))
        return false;
    if (!value)
        return sfm_pickle_bad(m, "nothing to remember", error);
    g_hash_table_insert(m->memo, GSIZE_TO_POINTER((gsize)number), value);
    return true;
}

static bool run_binput(SfmPickleMachine *m, uint8_t code, GError **error)
{
    return put(m, 1, error);
}

static bool run_long_binput(SfmPickleMachine *m, uint8_t code, GError **error)
{
    return put(m, 4, error);
}

static bool get(SfmPickleMachine *m, size_t number_size, GError **error)
{
    uint64_t number;
    if (!take_number(m, number_size, &number, error))
        return false;
    SfmPickleValue *value = g_hash_table_lookup(m->memo, GSIZE_TO_POINTER((gsize)number));
    if (!value)
        return sfm_pickle_bad(m, "nothing is remembered under that number", error);
    g_ptr_array_add(m->stack, value);
    return true;
}

static bool run_binget(SfmPickleMachine *m, uint8_t code, GError **error)
{
    return get(m, 1, error);
}

static bool run_long_binget(SfmPickleMachine *m, uint8_t code, GError **error)
{
    return get(m, 4, error);
}

static bool run_mark(SfmPickleMachine *m, uint8_t code, GError **error)
{
    sfm_pickle_push(m, SFM_PICKLE_MARK);
    return true;
}

static bool run_none(SfmPickleMachine *m, uint8_t code, GError **error)
{
    sfm_pickle_push(m, SFM_PICKLE_NONE);
    return true;
}

static bool run_bool(SfmPickleMachine *m, uint8_t code, GError **error)
{
    sfm_pickle_push(m, SFM_PICKLE_BOOL);
    return true;
}

// 'J' is signed, 'K' and 'M' are not.
static bool run_int(SfmPickleMachine *m, uint8_t code, GError **error)
{
    uint64_t number;
    const size_t size = code == 'J' ? 4 : code == 'M' ? 2 : 1;
    if (!take_number(m, size, &number, error))
        return false;
    sfm_pickle_push(m, SFM_PICKLE_INT)->integer =
        code == 'J' ? (int32_t)(uint32_t)number : (int64_t)number;
    return true;
}

// A long of the size in its first byte, two's complement; of up to eight bytes.
static bool run_long1(SfmPickleMachine *m, uint8_t code, GError **error)
{
    uint64_t size, number;
    if (!take_number(m, 1, &size, error))
        return false;
    if (size > 8)
        return sfm_pickle_bad(m, "an integer of more than 64 bits", error);
    if (!take_number(m, (size_t)size, &number, error))
        return false;
    if (size > 0 && size < 8 && number >> (8 * size - 1))
        number |= ~(uint64_t)0 << (8 * size);
    sfm_pickle_push(m, SFM_PICKLE_INT)->integer = (int64_t)number;
    return true;
}

static bool run_binunicode(SfmPickleMachine *m, uint8_t code, GError **error)
{
    uint64_t size;
    if (!take_number(m, 4, &size, error))
        return false;
    const uint8_t *bytes = take(m, (size_t)size, error);
    if (!bytes)
        return false;
    if (memchr(bytes, 0, (size_t)size))
        return sfm_pickle_bad(m, "a text with a zero byte", error);
    sfm_pickle_push(m, SFM_PICKLE_TEXT)->text = g_strndup((const char *)bytes, (gsize)size);
    return true;
}

// A tuple of the topmost `num` values.
static bool make_tuple(SfmPickleMachine *m, guint num, GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    if (num > m->stack->len)
        return sfm_pickle_bad(m, "a tuple of more values than there are", error);
    for (guint i = m->stack->len - num; i < m->stack->len; i++) {
        SfmPickleValue *item = m->stack->pdata[i];
        if (item->kind == SFM_PICKLE_MARK)
            return sfm_pickle_bad(m, "a tuple over a mark", error);
        g_ptr_array_add(items, item);
    }
    g_ptr_array_set_size(m->stack, (gint)(m->stack->len - num));
    sfm_pickle_push(m, SFM_PICKLE_TUPLE)->items = g_steal_pointer(&items);
    return true;
}

// ')' and TUPLE1 to TUPLE3.
static bool run_short_tuple(SfmPickleMachine *m, uint8_t code, GError **error)
{
    return make_tuple(m, code == ')' ? 0 : (guint)code - 0x84, error);
}

// Values above the last mark; false if there is no mark.
static bool count_to_mark(const SfmPickleMachine *m, guint *num, GError **error)
{
    for (*num = 0; *num < m->stack->len; (*num)++) {
        const SfmPickleValue *value = m->stack->pdata[m->stack->len - 1 - *num];
        if (value->kind == SFM_PICKLE_MARK)
            return true;
    }
    return sfm_pickle_bad(m, "no mark", error);
}

static bool run_tuple(SfmPickleMachine *m, uint8_t code, GError **error)
{
    guint num;
    if (!count_to_mark(m, &num, error) || !make_tuple(m, num, error))
        return false;
    // The tuple takes the mark's place.
    g_ptr_array_remove_index(m->stack, m->stack->len - 2);
    return true;
}

static bool run_empty_dict(SfmPickleMachine *m, uint8_t code, GError **error)
{
    sfm_pickle_push(m, SFM_PICKLE_DICT)->items = g_ptr_array_new();
    return true;
}

// Key and value by key and value into the dict below them.
static bool set_items(SfmPickleMachine *m, guint first, guint num, SfmPickleValue *dict,
                      GError **error)
{
    if (!dict || dict->kind != SFM_PICKLE_DICT || num % 2 != 0)
        return sfm_pickle_bad(m, "items without a dict", error);
    for (guint i = first; i < first + num; i++) {
        SfmPickleValue *item = m->stack->pdata[i];
        if (item->kind == SFM_PICKLE_MARK)
            return sfm_pickle_bad(m, "a mark among the items of a dict", error);
        g_ptr_array_add(dict->items, item);
    }
    return true;
}

static bool run_setitem(SfmPickleMachine *m, uint8_t code, GError **error)
{
    if (m->stack->len < 3)
        return sfm_pickle_bad(m, "items without a dict", error);
    const guint first = m->stack->len - 2;
    if (!set_items(m, first, 2, m->stack->pdata[first - 1], error))
        return false;
    g_ptr_array_set_size(m->stack, (gint)first);
    return true;
}

static bool run_setitems(SfmPickleMachine *m, uint8_t code, GError **error)
{
    guint num;
    if (!count_to_mark(m, &num, error))
        return false;
    const guint first = m->stack->len - num;
    SfmPickleValue *dict = first >= 2 ? m->stack->pdata[first - 2] : NULL;
    if (!set_items(m, first, num, dict, error))
        return false;
    g_ptr_array_set_size(m->stack, (gint)first - 1);
    return true;
}

static SfmPickleRun *const instructions[256] = {
    [0x80] = run_proto,
    ['.'] = run_stop,
    ['c'] = sfm_pickle_run_global,
    ['R'] = sfm_pickle_run_reduce,
    ['b'] = sfm_pickle_run_build,
    ['Q'] = sfm_pickle_run_binpersid,
    ['q'] = run_binput,
    ['r'] = run_long_binput,
    ['h'] = run_binget,
    ['j'] = run_long_binget,
    ['('] = run_mark,
    ['t'] = run_tuple,
    [')'] = run_short_tuple,
    [0x85] = run_short_tuple,
    [0x86] = run_short_tuple,
    [0x87] = run_short_tuple,
    ['}'] = run_empty_dict,
    ['s'] = run_setitem,
    ['u'] = run_setitems,
    ['N'] = run_none,
    [0x88] = run_bool,
    [0x89] = run_bool,
    ['K'] = run_int,
    ['M'] = run_int,
    ['J'] = run_int,
    [0x8a] = run_long1,
    ['X'] = run_binunicode,
};

static bool run(SfmPickleMachine *m, GError **error)
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

static bool report(const SfmPickleMachine *m, SfmPickleFound *found, void *user, GError **error)
{
    const SfmPickleValue *dict = sfm_pickle_top(m);
    if (!dict || dict->kind != SFM_PICKLE_DICT)
        return sfm_pickle_bad(m, "not a dict of tensors", error);

    for (guint i = 0; i < dict->items->len; i += 2) {
        const SfmPickleValue *key = dict->items->pdata[i], *value = dict->items->pdata[i + 1];
        if (key->kind != SFM_PICKLE_TEXT || value->kind != SFM_PICKLE_TENSOR) {
            g_autofree char *name =
                sfm_printable(key->kind == SFM_PICKLE_TEXT ? key->text : "a key");
            return sfm_fail(error, SFM_ERROR_UNSUPPORTED, "%s: %s: not a tensor", m->path, name);
        }
        SfmPickledTensor tensor = *value->tensor;
        tensor.name = key->text;
        if (!found(&tensor, user, error))
            return false;
    }
    return true;
}

bool sfm_pickle_read(const char *path, const uint8_t *bytes, size_t size, SfmPickleFound *found,
                     void *user, GError **error)
{
    SfmPickleMachine m = {
        .path = path,
        .bytes = bytes,
        .size = size,
        .arena = g_ptr_array_new_with_free_func((GDestroyNotify)free_value),
        .stack = g_ptr_array_new(),
        .memo = g_hash_table_new(NULL, NULL),
    };
    const bool read = run(&m, error) && report(&m, found, user, error);
    g_hash_table_unref(m.memo);
    g_ptr_array_unref(m.stack);
    g_ptr_array_unref(m.arena);
    return read;
}
