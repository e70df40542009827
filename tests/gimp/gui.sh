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
    grep -Ev '^$|Gtk-WARNING|leak|^ *#' "$work/log" | tail -8 | sed 's/^/# /'
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

# ---- the dialog, as walk.c writes it down -----------------------------------

dialog_is_open() {
  dialog=$(xdotool search --onlyvisible --name '^Diffusion$' 2>/dev/null | head -1)
  [ -n "$dialog" ]
}
shows() { grep -Eq "$1" "$work/walk" 2>/dev/null; }
wait_for_dialog() { # it is there, and drawn
  rm -f "$work/walk"
  within 60 dialog_is_open && within 10 shows '^page' && sleep 0.5
}
press() { xdotool windowfocus --sync "$dialog"; xdotool key --delay 60 "$@"; }
# The letter of the label with that text.
letter_of() {
  awk -F ' [|] ' -v want="$1" '/^mnemonic/ { text = $2; gsub("_", "", text)
    if (text == want) print substr($1, length($1)) }' "$work/walk" | head -1
}
pick() { press "alt+$(letter_of "$1")"; }
value_of() { awk -F ' [|] ' -v want="value $1" '$1 == want { print $2 }' "$work/walk" | head -1; }
# Chooses the class of that name, from whichever is chosen.
classes=(Any ramp vector over nan slow lost full killed)
choose_class() {
  local from=0 to=0 i
  for i in "${!classes[@]}"; do
    [ "${classes[i]}" != "$(value_of Class)" ] || from=$i
    [ "${classes[i]}" != "$1" ] || to=$i
  done
  pick Class:
  for ((; from < to; from++)); do press Down; done
  for ((; from > to; from--)); do press Up; done
  within 5 shows "^value Class [|] $1\$"
}
told() { grep -q "GUI-$1" "$work/log"; }
told_layers() { grep -q "GUI-$1 $2\$" "$work/log"; }
is_picture() { [ "$(identify -format %k "$1")" -gt 50 ]; } # colours
fits() { # on a screen of 1280 x 800, with a title and a border
  local size
  size=$(identify -format '%w %h' "$1")
  [ "${size% *}" -le 1260 ] && [ "${size#* }" -le 760 ]
}
has_ended() { ! kill -0 $gimp_pid 2>/dev/null; }
letters_are_unique() {
  ! sed -n 's/^mnemonic \([^-]\) .*/\1/p' "$work/walk" | sort | uniq -d | grep -q .
}
every_control_speaks() { # name and tooltip
  ! grep '^control' "$work/walk" | grep -E '[|]  ?[|]' >>"$work/log"
}

start_display
start_gimp
assert "the dialog opens" wait_for_dialog
import -window "$dialog" "$pictures/dialog-$host.png"
assert "the dialog shows something" is_picture "$pictures/dialog-$host.png"
press Escape
assert "Escape closes it" within 20 told ESCAPED
assert "Escape leaves the image alone" told_layers ESCAPED '\[old\]'

# ---- every tab, by its letter -----------------------------------------------

wait_for_dialog
number=0
for tab in Generate Vary Denoise Interpolate Inpaint; do
  letter=$(letter_of $tab) # the tab comes before the button that has the same word
  press "alt+$letter"
  assert "a letter opens the tab $tab" within 5 shows "^page $number\$"
  sleep 0.5
  import -window "$dialog" "$pictures/$tab-$host.png"
  assert "$tab fits the screen" fits "$pictures/$tab-$host.png"
  assert "$tab gives no letter to two labels" letters_are_unique
  assert "$tab has a name and a tooltip on every control" every_control_speaks
  assert "$tab stands on the button" shows "^control GtkButton [|] $tab [|]"
  number=$((number + 1))
done
assert "without a selection Inpaint asks for one" shows '^text First select'
assert "and cannot be run" shows '^control GtkButton [|] Inpaint [|] .* [|] off$'
press "alt+$(letter_of Generate)"
within 5 shows '^page 0$'
assert "how much memory it takes is said" within 10 shows '^text Takes about 123'

press "alt+$(letter_of Vary)" 
within 5 shows '^page 1$'
pick Sampler:
press Down
within 5 shows '^value Sampler [|] DDPM'
press Tab space # the expander below
assert "knobs of a script unfold" within 5 shows '^control GtkEntry [|] Note [|]'
assert "they give no letter to two labels" letters_are_unique
assert "they have a name and a tooltip each" every_control_speaks
sleep 0.5
import -window "$dialog" "$pictures/options-$host.png"
assert "the dialog with knobs fits the screen" fits "$pictures/options-$host.png"
press Tab Tab Tab Tab Tab Tab Tab Down # past four controls of numbers, an open end and a check box
within 5 shows '^value Variant [|] second'
pick 'Copy as Command'
assert "the command has the knob that was turned" \
  within 5 shows '^clipboard sfumato vary .*--set sampler.variant=second'
pick Sampler:
press Up
within 5 shows '^value Sampler [|] DDIM'
pick Sampler:
press Down
assert "who comes back to a sampler finds its knobs as they were" \
  within 5 shows '^value Variant [|] second'
pick Sampler:
press Up
press "alt+$(letter_of Generate)"
within 5 shows '^page 0$'

# ---- runs -------------------------------------------------------------------

choose_class lost
press alt+g
assert "a failure is told in the dialog" within 10 shows '^text the device was lost'
assert "and leaves it open" dialog_is_open
choose_class ramp
pick 'New Seed'
sleep 0.5 # a button takes a moment to be pressed
press alt+g
assert "Generate ends" within 30 told GENERATED
made='\[Generate, Colour, seed [1-9][0-9]*\]' # a new seed
assert "Generate puts a layer on top" told_layers GENERATED "$made \[old\]"

wait_for_dialog
assert "the last values are there" shows '^value Class [|] ramp'
seed=$(value_of Seed)
pick 'New Seed'
within 5 eval '! shows "^value Seed [|] $seed\$"'
pick 'Load Recipe...'
within 20 eval 'chooser=$(xdotool search --onlyvisible --name "^Load Recipe$")'
sleep 0.5
xdotool windowfocus --sync "$chooser"
xdotool key alt+l
assert "the layer's recipe brings its seed back" within 10 shows "^value Seed [|] $seed\$"
choose_class slow
press alt+g
assert "the estimate is shown while it runs" within 10 shows '^text Step'
sleep 1
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
