// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/api.h"

#include <string.h>

#include <glib.h>
#include <lua.h>

static const SfmApiSection sections[] = {
    { "The file", "diffusion", "diffusion.",
      "A file of Lua returns what diffusion.sampler or diffusion.schedule gives; it calls one of "
      "them, once.",
      false, sfm_api_diffusion },
    { "Texts", "", "", "Titles, labels and helps are shown in the language of whoever reads them.",
      false, sfm_api_marks },
    { "What a sampler declares", "sampler", "",
      "The fields of the table that diffusion.sampler is given. An unknown one is an error.", false,
      sfm_api_sampler },
    { "What a schedule declares", "schedule", "",
      "The fields of the table that diffusion.schedule is given. An unknown one is an error.",
      false, sfm_api_schedule },
    { "What a knob declares", "knob", "",
      "An item of params: its first element is the name, then come these fields. What the knobs "
      "are set to, the functions get in the table p, by name.",
      false, sfm_api_knob },
    { "What sigmas may return", "levels", "",
      "Where a list of levels does not say all: their timesteps alone, or both.", false,
      sfm_api_levels },
    { "The model", "model", "model.",
      "What the functions of a schedule are given, and ctx.model. Reading a field that is not here "
      "is an error.",
      false, sfm_api_model },
    { "What a sampler asks of its host", "context",
      "ctx:", "ctx is the first argument of step() and sample().", false, sfm_api_context },
    { "Options of ctx:denoise", "denoise_options", "",
      "What one call uses in place of what was asked for.", false, sfm_api_options },
    { "Operators of tensors", "tensor", "",
      "Element by element, y being the tensor. One value an image, as a reduction gives it, goes "
      "with all elements of that image.",
      false, sfm_api_operators },
    { "Functions of tensors and numbers", "tensor", "y:",
      "Element by element. Numbers have them as well, (2):sqrt(), since a reduction gives a number "
      "or a tensor.",
      false, sfm_api_operations },
    { "Functions of tensors alone", "tensor", "y:",
      "A reduction waits for the device. It gives a number if there is one image, as always in "
      "adaptive samplers; else a tensor of one value an image.",
      false, sfm_api_tensor },
    { "Lua's functions", "", "", "As in the manual of Lua 5.4, but for what is said here.", true,
      sfm_api_globals },
    { "math", "math", "math.",
      "Lua's, without random numbers: those of ctx:noise() can be repeated.", true, sfm_api_math },
    { "string", "string", "string.",
      "Lua's; what one of them makes is 1 MiB long at most. Texts have them as methods: s:upper(). "
      "Sums take no text for a number: tonumber(s) makes it one.",
      true, sfm_api_strings },
    { "table", "table", "table.", "Lua's, but deaf to metamethods.", true, sfm_api_tables },
};

const SfmApiSection *sfm_script_api(size_t *num_sections)
{
    *num_sections = G_N_ELEMENTS(sections);
    return sections;
}

const SfmApiEntry *sfm_api_find(const SfmApiEntry *entries, const char *name)
{
    for (const SfmApiEntry *entry = entries; entry->name; entry++) {
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

void sfm_api_register(lua_State *L, const SfmApiEntry *entries, int lua)
{
    for (const SfmApiEntry *entry = entries; entry->name; entry++) {
        if (entry->function)
            lua_pushcfunction(L, entry->function);
        else if (lua)
            lua_getfield(L, lua, entry->name);
        else
            continue; // a value, which whoever makes the table sets
        lua_setfield(L, -2, entry->name);
    }
}
