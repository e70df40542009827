#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# undo.sh HOST PLUGIN_FOLDER
# Plays the person in undo.scm, who presses Ctrl+Z and Ctrl+Y: scripts cannot. TAP on
# stdout.
set -u
. "$(dirname "$0")/display.sh" "$@"
need Xvfb xdotool

# The keys that were asked for, and that have been answered.
asked() { grep -c 'UNDO-' "$work/log"; }
answered() { [ "$(asked)" -gt "$1" ] || has_ended; }
image_window() { xdotool search --onlyvisible --name Untitled 2>/dev/null | tail -1; }

start_display
start_gimp "(load \"$here/assert.scm\") (load \"$here/undo.scm\")"
assert "the dialog opens" within 100 dialog_is_open
within 100 shows '^mnemonic'
assert "a letter runs the job" \
  press_until "$dialog" "alt+$(letters_of Generate | tail -1)" told UNDO-

while ! has_ended; do
  number=$(asked)
  case $(grep -o 'UNDO-[A-Z]*' "$work/log" | tail -1) in
    UNDO-AGAIN) key=ctrl+y ;;
    *)          key=ctrl+z ;;
  esac
  press_until "$(image_window)" $key answered "$number" || break
done

while read -r outcome sentence; do
  assert "$sentence" [ "$outcome" = PASSED ]
done < <(sed -n 's/.*TEST-\(PASSED\|FAILED\) /\1 /p' "$work/log")
assert "all of it was told" [ $count -eq 20 ]
echo "1..$count"
