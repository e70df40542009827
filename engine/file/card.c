// SPDX-License-Identifier: GPL-3.0-or-later
//
// sfumato.json: what a published folder does not say, but a person who uses the
// model wants to know.

#include <string.h>

#include "file/config.h"
#include "file/field.h"

#define MAX_CLASSES (1 << 20)
#define MAX_SIDE    65536

static const SfmWord channels[] = { { "rgb", false }, { "gray", true }, { NULL, 0 } };
static const SfmWord colour_spaces[] = { { "srgb", 0 }, { NULL, 0 } };

// What has no member of its own type in SfmCard.
typedef struct {
    SfmCard card; // first, so that the rows' offsets hold for both
    int gray;
    int colour_space; // read to refuse what is not supported
} Draft;

#define OF(member) offsetof(SfmCard, member)

// clang-format off
static const SfmField fields[] = {
    { "title", SFM_FIELD_TEXT, OF(title), .nullable = true },
    { "description", SFM_FIELD_TEXT, OF(description), .nullable = true },
    { "license", SFM_FIELD_TEXT, OF(license), .nullable = true },
    { "attribution", SFM_FIELD_TEXT, OF(attribution), .nullable = true },
    { "patch", SFM_FIELD_UINT, OF(patch), .min = 1, .max = 16, .otherwise = 1 },
    { "channels", SFM_FIELD_WORD, offsetof(Draft, gray), .words = channels },
    { "null_class", SFM_FIELD_INT, OF(null_class), .min = -1, .max = MAX_CLASSES, .otherwise = -1 },
    { "tileable", SFM_FIELD_BOOL, OF(tileable), .otherwise = false },
    { "photographs", SFM_FIELD_BOOL, OF(photographs), .otherwise = false },
    { "colour_space", SFM_FIELD_WORD, offsetof(Draft, colour_space), .words = colour_spaces },
    { "width", SFM_FIELD_UINT, OF(width), .min = 0, .max = MAX_SIDE },
    { "height", SFM_FIELD_UINT, OF(height), .min = 0, .max = MAX_SIDE },
    { "schedule", SFM_FIELD_TEXT, OF(schedule), .nullable = true },
    { "sampler", SFM_FIELD_TEXT, OF(sampler), .nullable = true },
    { "steps", SFM_FIELD_UINT, OF(steps), .min = 0, .max = 100000 },
    { "guidance", SFM_FIELD_REAL, OF(guidance), .min = 0, .max = 1000 },
};
// clang-format on

// Whoever asks for a class by its name, in any case of letters, must mean one.
static bool check_class(const char *path, const char *key, GHashTable *names, const char *name,
                        GError **error)
{
    if (name[strspn(name, " ")] == '\0')
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: name %u is empty", path, key,
                        g_hash_table_size(names));
    return g_hash_table_add(names, g_ascii_strdown(name, -1)) ||
           sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: \"%s\" stands there twice", path, key,
                    name);
}

static bool read_classes(const char *path, const json_t *root, SfmCard *card, GError **error)
{
    const char *key = "classes";
    const json_t *list = json_object_get(root, key);
    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > MAX_CLASSES)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: not a list of names", path, key);

    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    card->classes = g_new0(char *, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        card->classes[i] = sfm_text_read(path, key, json_array_get(list, i), error);
        if (!card->classes[i] || !check_class(path, key, names, card->classes[i], error))
            return false;
    }
    return true;
}

// Whether they are within the classes is known with the network.
static bool read_untrained(const char *path, const json_t *root, SfmCard *card, GError **error)
{
    const char *key = "untrained_classes";
    const json_t *list = json_object_get(root, key);
    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > MAX_CLASSES)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s: not a list of numbers", path, key);

    card->num_untrained = json_array_size(list);
    card->untrained = g_new0(uint32_t, card->num_untrained);
    for (size_t i = 0; i < card->num_untrained; i++) {
        if (!sfm_uint_read(path, key, json_array_get(list, i), 0, MAX_CLASSES, &card->untrained[i],
                           error))
            return false;
    }
    return true;
}

// A name, not a path: whoever made a model must not choose a file of this system.
static bool check_script(const char *path, const char *key, const char *name, GError **error)
{
    const char *letters = G_CSET_a_2_z G_CSET_DIGITS "-";
    if (!name || (*name && name[strspn(name, letters)] == '\0'))
        return true;
    return sfm_fail(error, SFM_ERROR_BAD_FILE,
                    "%s: %s: '%s' is not a script's name, of a-z, 0-9 and -", path, key, name);
}

void sfm_card_default(SfmCard *card)
{
    Draft draft = { 0 };
    sfm_fields_default(fields, G_N_ELEMENTS(fields), &draft);
    *card = draft.card;
}

bool sfm_card_read(const char *path, SfmCard *card, GError **error)
{
    g_autoptr(json_t) root = sfm_json_read(path, error);
    if (!root)
        return false;

    Draft draft = { 0 };
    sfm_fields_default(fields, G_N_ELEMENTS(fields), &draft);
    if (!sfm_fields_read(path, root, fields, G_N_ELEMENTS(fields), &draft, error) ||
        !read_classes(path, root, &draft.card, error) ||
        !read_untrained(path, root, &draft.card, error) ||
        !check_script(path, "schedule", draft.card.schedule, error) ||
        !check_script(path, "sampler", draft.card.sampler, error)) {
        sfm_card_clear(&draft.card);
        return false;
    }
    draft.card.gray = draft.gray;
    *card = draft.card;
    return true;
}

void sfm_card_clear(SfmCard *card)
{
    g_free(card->title);
    g_free(card->description);
    g_free(card->license);
    g_free(card->attribution);
    g_strfreev(card->classes);
    g_free(card->untrained);
    g_free(card->schedule);
    g_free(card->sampler);
    *card = (SfmCard){ 0 };
}
