#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# picture.sh HOST PLUGIN_FOLDER FILE
# A picture of the dialog, for docs/pictures, from a plug-in as it was built:
#   SFUMATO_DATA=. tests/gimp/picture.sh 2.10 build/plugin/gimp2 docs/pictures/dialog-2.10.png
set -eu
file=$3
. "$(dirname "$0")/display.sh" "$@"
export SFUMATO_DATA=${SFUMATO_DATA:+$(realpath "$SFUMATO_DATA")}
start_display
start_gimp '(call-procedure RUN-INTERACTIVE -1 (quote ()))'
within 60 dialog_is_open
sleep 4 # the devices are listed, and the memory is known
import -window "$dialog" "$file"
