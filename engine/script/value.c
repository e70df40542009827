// SPDX-License-Identifier: GPL-3.0-or-later
// What a knob is set to, from text and back.
#include "script/value.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "script/params.h"

#define MAX_TEXT 4096 // bytes

void sfm_param_value_init(SfmParamValue *value, const SfmParam *param)
{
    *value = (SfmParamValue){ param->default_number, g_strdup(param->default_text) };
}

// "a number from 0 to 1"
static char *wanted_number(const SfmParam *param)
{
    const char *noun = param->type == SFM_PARAM_INTEGER ? "an integer" : "a number";
    if (isinf(param->min) && isinf(param->max))
        return g_strdup(noun);
    if (isinf(param->max))
        return g_strdup_printf("%s not below %g", noun, param->min);
    if (isinf(param->min))
        return g_strdup_printf("%s not above %g", noun, param->max);
    return g_strdup_printf("%s from %g to %g", noun, param->min, param->max);
}

static bool set_number(SfmParamValue *value, const SfmParam *param, const char *text,
                       GError **error)
{
    char *end = NULL;
    const double number = g_ascii_strtod(text, &end);
    const bool is_decimal = *text && text[strspn(text, "0123456789.eE+-")] == '\0';
    const bool fits = is_decimal && *end == '\0' && isfinite(number) && number >= param->min &&
                      number <= param->max;
    if (fits && (param->type == SFM_PARAM_NUMBER || sfm_param_is_integer(number))) {
        value->number = number;
        return true;
    }
    g_autofree char *wanted = wanted_number(param);
    return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be %s, not '%s'", param->name, wanted,
                    text);
}

static bool set_boolean(SfmParamValue *value, const SfmParam *param, const char *text,
                        GError **error)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be true or false, not '%s'",
                        param->name, text);
    value->number = strcmp(text, "true") == 0;
    return true;
}

static bool set_choice(SfmParamValue *value, const SfmParam *param, const char *text,
                       GError **error)
{
    const char *const *choices = (const char *const *)param->choices;
    if (!g_strv_contains(choices, text)) {
        g_autofree char *list = g_strjoinv(", ", param->choices);
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be one of %s, not '%s'",
                        param->name, list, text);
    }
    g_free(value->text);
    value->text = g_strdup(text);
    return true;
}

static bool set_text(SfmParamValue *value, const SfmParam *param, const char *text, GError **error)
{
    if (strlen(text) > MAX_TEXT || !g_utf8_validate(text, -1, NULL))
        return sfm_fail(error, SFM_ERROR_BAD_ARGUMENT, "%s must be UTF-8 of at most %d bytes",
                        param->name, MAX_TEXT);
    g_free(value->text);
    value->text = g_strdup(text);
    return true;
}

bool sfm_param_value_set(SfmParamValue *value, const SfmParam *param, const char *text,
                         GError **error)
{
    static bool (*const set[])(SfmParamValue *, const SfmParam *, const char *, GError **) = {
        [SFM_PARAM_NUMBER] = set_number,   [SFM_PARAM_INTEGER] = set_number,
        [SFM_PARAM_BOOLEAN] = set_boolean, [SFM_PARAM_CHOICE] = set_choice,
        [SFM_PARAM_TEXT] = set_text,
    };
    return set[param->type](value, param, text, error);
}

// The fewest digits that read back as the same number; 1000 rather than 1e+03.
static char *number_text(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (sfm_param_is_integer(number))
        return g_strdup_printf("%.0f", number);
    for (int digits = 1; digits <= 17; digits++) {
        const char format[] = { '%', '.', (char)('0' + digits / 10), (char)('0' + digits % 10),
                                'g', '\0' };
        g_ascii_formatd(text, sizeof text, format, number);
        if (g_ascii_strtod(text, NULL) == number)
            break;
    }
    return g_strdup(text);
}

char *sfm_param_value_setting(const SfmParamValue *value, const SfmParam *param)
{
    if (value->text)
        return g_strdup_printf("%s=%s", param->name, value->text);
    if (param->type == SFM_PARAM_BOOLEAN)
        return g_strdup_printf("%s=%s", param->name, value->number != 0 ? "true" : "false");
    g_autofree char *number = number_text(value->number);
    return g_strdup_printf("%s=%s", param->name, number);
}
