#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# gui.sh HOST PLUGIN_FOLDER PICTURES
# Opens the dialog in a GIMP on a display of its own, as a person would: Escape,
# Generate, which fails at first, Cancel while it runs, and the same again without
# asking. Leaves screenshots in the folder PICTURES. TAP on stdout.
set -u
host=$1 plugins=$2 pictures=$3
here=$(cd "$(dirname "$0")" && pwd)
case $host in
  2.10) package=gimp-2.0 variable=GIMP2_DIRECTORY quit=(-b '(gimp-quit 1)') ;;
  3.0)  package=gimp-3.0 variable=GIMP3_DIRECTORY quit=(--quit) ;;
  *)    echo "Bail out! no GIMP $host"; exit 2 ;;
esac
for tool in Xvfb xdotool import identify; do
  command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done

work=$(mktemp -d)
mkdir -p "$pictures"
clean_up() {
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT

count=0
# A sentence, and a command that succeeds if it is true.
assert() {
  count=$((count + 1))
  local sentence=$1
  shift
  if "$@"; then echo "ok $count - $sentence"; else
    echo "not ok $count - $sentence"
    grep -Ev '^$|Gtk-WARNING' "$work/log" | tail -20 | sed 's/^/# /'
  fi
}

# Runs a command until it succeeds, for as many seconds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

start_display() {
  mkfifo "$work/display"
  # Without -noreset the server ends with the first program that leaves it.
  Xvfb -displayfd 6 -screen 0 1280x900x24 -nolisten tcp -noreset 6>"$work/display" >/dev/null 2>&1 &
  local number
  read -r number <"$work/display"
  export DISPLAY=:$number NO_AT_BRIDGE=1
}

start_gimp() {
  mkdir -p "$work/profile"/{brushes,dynamics,gradients,palettes,patterns,tool-presets,fonts,sys}
  local system
  system=$(pkg-config --variable=gimplibdir $package)/plug-ins
  ln -sfn "$system/script-fu" "$work/profile/sys/script-fu"
  echo "(plug-in-path \"$plugins:$work/profile/sys\")" >"$work/profile/gimprc"
  if [ "$host" = 3.0 ]; then
    printf '(check-updates no)\n(show-welcome-dialog no)\n' >>"$work/profile/gimprc"
  fi
  env $variable="$work/profile" SFUMATO_WALK="$work/walk" "gimp-$host" -n -s -c -d -f --batch-interpreter=plug-in-script-fu-eval \
    -b "(begin (load \"$here/words-$host.scm\") (load \"$here/gui.scm\"))" "${quit[@]}" \
    >"$work/log" 2>&1 </dev/null &
  gimp_pid=$!
}

dialog_is_open() {
  dialog=$(xdotool search --onlyvisible --name '^Diffusion$' 2>/dev/null | head -1)
  [ -n "$dialog" ]
}
wait_for_dialog() { within 60 dialog_is_open && sleep 0.5; } # it is there, and drawn
press() { xdotool windowfocus --sync "$dialog"; xdotool key --delay 60 "$@"; }
# What the dialog shows, as walk.c writes it down.
shows() { grep -Eq "$1" "$work/walk"; }
told() { grep -q "GUI-$1" "$work/log"; }
told_layers() { grep -q "GUI-$1 $2\$" "$work/log"; }
is_picture() { [ "$(identify -format %k "$1")" -gt 50 ]; } # colours
has_ended() { ! kill -0 $gimp_pid 2>/dev/null; }

start_display
start_gimp
assert "the dialog opens" wait_for_dialog
import -window "$dialog" "$pictures/dialog-$host.png"
assert "the dialog shows something" is_picture "$pictures/dialog-$host.png"
press Escape
assert "Escape closes it" within 20 told ESCAPED
assert "Escape leaves the image alone" told_layers ESCAPED '\[old\]'

wait_for_dialog
press alt+l
press Down Down Down Down Down Down # Any, ramp, vector, over, nan, slow, lost
press alt+g
sleep 1
assert "a failure leaves the dialog open" dialog_is_open
press alt+l
press Up Up Up Up Up
press alt+n
sleep 0.5 # a button takes a moment to be pressed
press alt+g
assert "Generate ends" within 30 told GENERATED
made='\[Generate, Colour, seed [1-9][0-9]*\]' # a new seed
assert "Generate puts a layer on top" told_layers GENERATED "$made \[old\]"

wait_for_dialog
press alt+l
press Down Down Down Down # from ramp to slow
press alt+g
sleep 1.5
import -window "$dialog" "$pictures/running-$host.png"
press alt+c
assert "Cancel ends a job that would take a minute" within 5 shows '^text Cancelled'
press alt+c
assert "Cancel then closes the dialog" within 20 told CANCELLED
assert "Cancel leaves the image alone" told_layers CANCELLED "$made \[old\]"

assert "the last values run again without a dialog" within 30 told REPEATED
layer=$(sed -n 's/.*GUI-GENERATED \[\([^]]*\)\].*/\1/p' "$work/log")
assert "the last values are those of the last success" \
  told_layers REPEATED "\[$layer #1\] \[$layer\] \[old\]"
assert "without an image they open a new one" within 30 told_layers OPENED "\[$layer\]"
assert "GIMP ends by itself" within 30 has_ended
assert "nothing crashed" eval '! grep -Eq "Plug-in crashed|AddressSanitizer|runtime error" "$work/log"'
echo "1..$count"
