// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the colour profiles that the assertions assign: profiles FOLDER
#include <stdio.h>

#include <libgimp/gimp.h>

static int save(GimpColorProfile *profile, const char *folder, const char *name)
{
    gsize size;
    const guint8 *data = gimp_color_profile_get_icc_profile(profile, &size);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents(path, (const char *)data, (gssize)size, &error))
        return 0;
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    return save(gimp_color_profile_new_rgb_adobe(), argv[1], "adobe.icc") |
           save(gimp_color_profile_new_rgb_srgb(), argv[1], "srgb.icc");
}
