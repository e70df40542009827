// SPDX-License-Identifier: GPL-3.0-or-later
// string.format, with fields of at most two digits and no addresses.
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "script/sandbox.h"
#include "script/state.h"
#include "script/strings.h"

#define MAX_FIELD 512 // bytes of a number: 1e308 has 309 digits, and 99 may follow

// One conversion: "%-8.3f" without its letter, and the letter.
typedef struct {
    char spec[16]; // with room for a length modifier and the letter
    char letter;
} Conversion;

// Copies flags, width and precision behind the '%' and returns what follows.
static const char *read_spec(lua_State *L, const char *at, Conversion *conversion)
{
    const char *start = at;
    at += strspn(at, "-+ #0");
    for (int i = 0; i < 2 && g_ascii_isdigit(*at); i++)
        at++;
    if (*at == '.') {
        at++;
        for (int i = 0; i < 2 && g_ascii_isdigit(*at); i++)
            at++;
    }
    if (at - start > 10 || !strchr("diuxXocsfFeEgGaA", *at) || *at == '\0')
        luaL_error(L, "format: '%%%s' is not understood", start);
    conversion->spec[0] = '%';
    memcpy(conversion->spec + 1, start, (size_t)(at - start));
    conversion->spec[at - start + 1] = '\0';
    conversion->letter = *at;
    return at + 1;
}

// Appends the length modifier and the letter.
static const char *finish_spec(Conversion *conversion, const char *modifier)
{
    const char letter[2] = { conversion->letter, '\0' };
    strcat(conversion->spec, modifier);
    return strcat(conversion->spec, letter);
}

// The specification is checked above: it takes one argument of the type given.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void add_number(lua_State *L, luaL_Buffer *buffer, int index, Conversion *conversion)
{
    char field[MAX_FIELD];
    int size = 0;
    if (strchr("fFeEgGaA", conversion->letter))
        size =
            snprintf(field, sizeof field, finish_spec(conversion, ""), luaL_checknumber(L, index));
    else if (conversion->letter == 'c')
        size = snprintf(field, sizeof field, finish_spec(conversion, ""),
                        (int)luaL_checkinteger(L, index));
    else
        size = snprintf(field, sizeof field, finish_spec(conversion, "ll"),
                        (long long)luaL_checkinteger(L, index));
    luaL_addlstring(buffer, field, (size_t)CLAMP(size, 0, MAX_FIELD - 1));
}

static void add_text(lua_State *L, luaL_Buffer *buffer, int index, Conversion *conversion)
{
    size_t size = 0;
    const char *text = sfm_sandbox_text(L, index, &size); // pushes it
    sfm_state_spend(L, 1 + size / 16);
    if (luaL_bufflen(buffer) + size > SFM_SANDBOX_MAX_TEXT)
        luaL_error(L, "the text is longer than %d bytes", (int)SFM_SANDBOX_MAX_TEXT);
    if (strcmp(conversion->spec, "%") == 0) {
        luaL_addvalue(buffer);
        return;
    }
    char field[MAX_FIELD];
    luaL_argcheck(L, size < MAX_FIELD, index, "too long for a field with a width");
    const int printed = snprintf(field, sizeof field, finish_spec(conversion, ""), text);
    lua_pop(L, 1);
    luaL_addlstring(buffer, field, (size_t)CLAMP(printed, 0, MAX_FIELD - 1));
}

#pragma GCC diagnostic pop

// string.format(template, ...)
int sfm_string_format(lua_State *L)
{
    size_t size = 0;
    const char *at = sfm_string_check(L, 1, &size);
    const char *end = at + size;
    int index = 1;
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    while (at < end) {
        if (*at != '%') {
            luaL_addchar(&buffer, *at++);
        } else if (*++at == '%') {
            luaL_addchar(&buffer, *at++);
        } else {
            Conversion conversion;
            at = read_spec(L, at, &conversion);
            luaL_argcheck(L, ++index <= lua_gettop(L), index, "no value");
            if (conversion.letter == 's')
                add_text(L, &buffer, index, &conversion);
            else
                add_number(L, &buffer, index, &conversion);
        }
    }
    luaL_pushresult(&buffer);
    return 1;
}
