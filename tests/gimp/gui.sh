#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# gui.sh HOST PLUGIN_FOLDER PICTURES
# Opens the dialog in a GIMP on a display of its own, as a person would: Escape,
# Generate, which fails at first, Cancel while it runs, and the same again without
# asking. Leaves screenshots in the folder PICTURES. TAP on stdout.
set -u
pictures=$3
. "$(dirname "$0")/display.sh" "$@"
need Xvfb xdotool import identify
mkdir -p "$pictures"

wait_for_dialog() { # it is there, and drawn
  rm -f "$work/walk"
  within 60 dialog_is_open && within 10 shows '^page' && sleep 0.5
}
press() { xdotool windowfocus --sync "$dialog"; xdotool key --delay 60 "$@"; }
letter_of() { letters_of "$1" | head -1; }
enter() { # NUMBER at LABEL
  pick "$2"
  press ctrl+a
  xdotool type --delay 60 "$1"
  press Tab
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
told_layers() { told "GUI-$1 $2\$"; }
is_picture() { [ "$(identify -format %k "$1")" -gt 50 ]; } # colours
fits() { # on a screen of 1280 x 800, with a title and a border
  local size
  size=$(identify -format '%w %h' "$1")
  [ "${size% *}" -le 1260 ] && [ "${size#* }" -le 760 ]
}
letters_are_unique() {
  ! sed -n 's/^mnemonic \([^-]\) .*/\1/p' "$work/walk" | sort | uniq -d | grep -q .
}
every_control_speaks() { # name and tooltip
  ! grep '^control' "$work/walk" | grep -E '[|]  ?[|]' >>"$work/log"
}

start_display
start_gimp "(load \"$here/gui.scm\")" SFUMATO_CHECKED="$work/checked"
assert "the dialog opens" wait_for_dialog
import -window "$dialog" "$pictures/dialog-$host.png"
assert "the dialog shows something" is_picture "$pictures/dialog-$host.png"
press Escape
assert "Escape closes it" within 20 told GUI-ESCAPED
assert "Escape leaves the image alone" told_layers ESCAPED '\[old\]'

# ---- every tab, by its letter -----------------------------------------------

wait_for_dialog
number=0
model_of() { case $1 in Denoise | Inpaint) echo Photo ;; *) echo Colour ;; esac; }
for tab in Generate Vary Denoise Interpolate Inpaint; do
  letter=$(letter_of $tab) # the tab comes before the button that has the same word
  press "alt+$letter"
  assert "a letter opens the tab $tab" within 5 shows "^page $number\$"
  assert "$tab has its model" within 5 shows "^value Model [|] $(model_of $tab)\$"
  sleep 0.5
  import -window "$dialog" "$pictures/$tab-$host.png"
  assert "$tab fits the screen" fits "$pictures/$tab-$host.png"
  assert "$tab gives no letter to two labels" letters_are_unique
  assert "$tab has a name and a tooltip on every control" every_control_speaks
  assert "$tab stands on the button" shows "^control GtkButton [|] $tab [|]"
  number=$((number + 1))
done
assert "without a selection Inpaint asks for one" shows '^text First select'
assert "what it would take is not told" eval '! shows "^text Takes"'
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
enter 7 Steps:
enter 3 Number:
within 5 shows '^value Number [|] 3$'
press "alt+$(letter_of Generate)"
within 5 shows '^page 0$'
assert "each job has steps of its own" within 5 shows '^value Steps [|] 4$'
assert "and a number of its own" shows '^value Number [|] 1$'

# ---- runs -------------------------------------------------------------------

choose_class lost
press alt+g
assert "a failure is told in the dialog" within 10 shows '^text the device was lost'
assert "and leaves it open" dialog_is_open
choose_class ramp
pick 'New Seed'
sleep 0.5 # a button takes a moment to be pressed
press alt+g
assert "Generate ends" within 30 told GUI-GENERATED
made='\[Generate, Colour, seed [1-9][0-9]*\]' # a new seed
assert "Generate puts a layer on top" told_layers GENERATED "$made \[old\]"

wait_for_dialog
assert "the last values are there" shows '^value Class [|] ramp'
press "alt+$(letter_of Denoise)"
within 5 shows '^page 2$'
assert "the model that was run stays, whatever the tab" within 5 shows '^value Model [|] Colour$'
press "alt+$(letter_of Vary)"
within 5 shows '^page 1$'
assert "with the steps of a job that was not run" within 5 shows '^value Steps [|] 7$'
assert "and its number" shows '^value Number [|] 3$'
press "alt+$(letter_of Generate)"
within 5 shows '^page 0$'
seed=$(value_of Seed)
pick 'New Seed'
within 5 eval '! shows "^value Seed [|] $seed\$"'
pick 'Load Recipe...'
within 20 eval 'chooser=$(xdotool search --onlyvisible --name "^Load Recipe$")'
sleep 0.5
xdotool windowfocus --sync "$chooser"
xdotool key alt+l
assert "the layer's recipe brings its seed back" within 10 shows "^value Seed [|] $seed\$"
pick Steps: && press Up
assert "while its model is looked at the dialog answers" within 5 shows '^value Steps [|] 5$'
assert "and does not say that it is the same" eval '! shows "^text The recipe is loaded"'
touch "$work/checked"
assert "then it says so" within 10 shows '^text The recipe is loaded'
choose_class slow
press alt+g
assert "the estimate is shown while it runs" within 10 shows '^text Step'
sleep 1
import -window "$dialog" "$pictures/running-$host.png"
press alt+c
assert "Cancel ends a job that would take a minute" within 5 shows '^text Cancelled'
press alt+c
assert "Cancel then closes the dialog" within 20 told GUI-CANCELLED
assert "Cancel leaves the image alone" told_layers CANCELLED "$made \[old\]"

assert "the last values run again without a dialog" within 30 told GUI-REPEATED
layer=$(sed -n 's/.*GUI-GENERATED \[\([^]]*\)\].*/\1/p' "$work/log")
assert "the last values are those of the last success" \
  told_layers REPEATED "\[$layer #1\] \[$layer\] \[old\]"

wait_for_dialog
press "alt+$(letter_of Interpolate)"
within 5 shows '^page 3$'
assert "the dialog begins with the layer that is chosen" within 5 shows '^value From [|] highest$'
case $host in
  2.10) second=middle ;; # the one below
  3.0)  second=lowest ;;
esac
assert "and with the second one" shows "^value To [|] $second\$"
assert "all of a layer takes its memory" within 10 shows '^text Takes about 120[.]0'
press "alt+$(letter_of Vary)"
within 5 shows '^page 1$'
# 64 pixels around 20 x 10
assert "what is selected takes less" within 10 shows '^text Takes about 20[.]4'
press Escape
within 20 told GUI-CHOSEN
assert "without an image they open a new one" within 30 told_layers OPENED "\[$layer\]"
assert "GIMP ends by itself" within 30 has_ended
assert "nothing crashed" eval '! grep -Eq "Plug-in crashed|AddressSanitizer|runtime error" "$work/log"'
echo "1..$count"
