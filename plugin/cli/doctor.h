// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_CLI_DOCTOR_H
#define SFM_CLI_DOCTOR_H

#include "command.h"

// What `sfumato doctor` looks at: each function adds what it found to a report,
// and never fails.

typedef enum {
    CHECK_OK,
    CHECK_MISSING,
    CHECK_BROKEN,
} CheckState;

// A line of the report.
typedef struct {
    const char *name; // of what was looked at, "Vulkan loader"; static, untranslated
    CheckState state;
    char *finding; // a sentence without its full stop, translated; owned
    char *remedy;  // likewise, what may be done about it; NULL: nothing need be; owned
    bool needed;   // whether a picture can only be made if this is CHECK_OK
} Check;

// An array of Check that frees its elements.
typedef GPtrArray Report;

Report *report_new(void);

// Adds a line, its name untranslated, without remedy and not needed, and lends it to be completed.
Check *report_add(Report *report, const char *name, CheckState state, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

// Whether every line that is needed is CHECK_OK.
bool report_allows_pictures(const Report *report);

// "Run "sudo apt install ..."" where there is apt, else words. The caller frees it.
char *remedy_install(const char *packages);

// Loader, drivers, device, memory. Opens the device and hands its engine over, for
// close_engine(); NULL: there is none.
SfmEngine *doctor_check_vulkan(Report *report, const CommonOptions *common);

// Models and scripts; with an engine (may be NULL) a picture too, if they let it.
void doctor_check_data(Report *report, const CommonOptions *common, SfmEngine *engine);

// Locale, and the folders that are written to.
void doctor_check_system(Report *report);

// Whether files can be written in `folder`, which need not exist yet; `purpose`
// says what is lost where they cannot.
void doctor_check_folder(Report *report, const char *name, const char *folder, const char *purpose);

// The GIMPs in PATH, and whether the plug-in is where each looks for it.
void doctor_check_gimp(Report *report);

#endif
