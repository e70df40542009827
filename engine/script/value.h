// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_SCRIPT_VALUE_H
#define SFM_SCRIPT_VALUE_H

#include <sfumato/param.h>

// What a knob is set to.
typedef struct {
    double number; // of numbers, integers and booleans
    char *text;    // of choices and texts; owned
} SfmParamValue;

// To its default; `value` is uninitialised memory. Free the text.
void sfm_param_value_init(SfmParamValue *value, const SfmParam *param);

// From text: "0.3", "true", "cosine". False, with SFM_ERROR_BAD_ARGUMENT, if it
// is malformed or out of range; the message has name, range and text.
bool sfm_param_value_set(SfmParamValue *value, const SfmParam *param, const char *text,
                         GError **error);

// "NAME=VALUE", as it can be read again; the caller frees it.
char *sfm_param_value_setting(const SfmParamValue *value, const SfmParam *param);

#endif
