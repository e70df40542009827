// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFUMATO_ERROR_H
#define SFUMATO_ERROR_H

#include <glib.h>

G_BEGIN_DECLS

// Why a call of the engine failed. The code is for the program, which may know
// a remedy. The message is for a person: one untranslated line that names the
// thing and the number that is wrong, without a full stop or a newline.
#define SFM_ERROR sfm_error_quark()

typedef enum {
    SFM_ERROR_NO_MEMORY,    // the host's or the device's; the message says which
    SFM_ERROR_BAD_FILE,     // unreadable, truncated, or not what it claims to be
    SFM_ERROR_NOT_FOUND,    // no model, script or file of that name
    SFM_ERROR_NOT_WRITTEN,  // a result could not be stored: full disk, no permission
    SFM_ERROR_UNSUPPORTED,  // well-formed, but asks for what this engine cannot do
    SFM_ERROR_BAD_ARGUMENT, // a parameter of the request; the message has name and range
    SFM_ERROR_BAD_SHAPE,    // tensors that do not fit the operation
    SFM_ERROR_BAD_SCRIPT,   // a Lua error; the message has its file and line
    SFM_ERROR_BAD_NUMBER,   // a network or a script produced NaN or infinity
    SFM_ERROR_NO_DEVICE,    // no Vulkan device that can run the engine
    SFM_ERROR_DEVICE,       // the driver refused a call; the message says which
    SFM_ERROR_DEVICE_LOST,  // the driver gave up; the engine must be freed
    SFM_ERROR_CANCELLED,    // the caller's own wish, not a fault
    SFM_ERROR_BAD_RECIPE,   // none that this version reads; the message has the remedy
} SfmError;

GQuark sfm_error_quark(void);

G_END_DECLS

#endif
