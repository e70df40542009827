#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# language.sh HOST PLUGIN_FOLDER PICTURES SOURCE_ROOT LUA
# The dialog in German, in a GIMP on a display of its own: every word in it. Leaves
# screenshots in the folder PICTURES. TAP on stdout.
set -u
pictures=$3 root=$4 lua=$5
. "$(dirname "$0")/display.sh" "$@"
need Xvfb xdotool import msgfmt localedef
mkdir -p "$pictures"
soon() { within 100 "$@"; } # so long that it only ever ends a test that has failed

# ---- the language -----------------------------------------------------------

opening=$'\u2061' closing=$'\u2062' # without a width; untranslated.lua knows them
localedef -i de_DE -f UTF-8 "$work/de_DE.UTF-8" 2>/dev/null ||
  { echo "1..0 # SKIP there are no locales to make, of the package locales"; exit 0; }
mkdir -p "$work/po/de/LC_MESSAGES"
export LC_ALL=C.UTF-8
msgfilter --keep-header -i "$root/po/de.po" \
  sed -e "1s/^/$opening/" -e "\$s/\$/$closing/" 2>/dev/null |
  sed "s|$opening<Image>/Filters/\(.*\)$closing|<Image>/Filters/$opening\1$closing|" |
  msgfmt -o "$work/po/de/LC_MESSAGES/sfumato.mo" -

# What the translation has for a text, in UTF-8.
german() {
  msgunfmt --no-wrap "$work/po/de/LC_MESSAGES/sfumato.mo" | grep -A 1 -xF "msgid \"$1\"" |
    sed -n 's/^msgstr "\(.*\)"$/\1/p'
}

letter_of_tab() { letters_of "$(german "$1" | tr -d _)" | head -1; }
letter_of_button() { letters_of "$(german "$1" | tr -d _)" | tail -1; }
all_is_translated() {
  cp "$work/walk" "$work/seen"
  "$lua" "$here/untranslated.lua" <"$work/seen" >"$work/left"
  [ ! -s "$work/left" ] || { cat "$work/left" >>"$work/log"; return 1; }
}

# ---- every tab of the dialog ------------------------------------------------

start_display
start_gimp "(load \"$here/language.scm\")" \
  LOCPATH="$work" LC_ALL=de_DE.UTF-8 LANGUAGE=de SFUMATO_LOCALE="$work/po"
assert "the dialog opens" soon dialog_is_open
[ -n "$dialog" ] || { echo "1..$count"; exit 1; }
soon shows '^page'
number=0
for tab in Generate Vary Denoise Interpolate Inpaint; do
  assert "a letter opens the tab $tab" \
    press_until "$dialog" "alt+$(letter_of_tab $tab)" shows "^page $number\$"
  assert "every word in $tab is translated" soon all_is_translated
  sleep 0.5 # until it is drawn
  import -window "$dialog" "$pictures/german-$tab-$host.png"
  number=$((number + 1))
done
press_until "$dialog" "alt+$(letter_of_tab Generate)" shows '^page 0$'

# ---- what comes of it -------------------------------------------------------

assert "a letter runs the job" \
  press_until "$dialog" "alt+$(letter_of_button _Generate)" told LANGUAGE-LAYERS
name=$(german '%s, %s, seed %d' | sed 's/%s/.*/g; s/%d/[0-9]+/')
assert "the layer is named in German" told -E "LANGUAGE-LAYERS \[$name\]"
indexed=$(german 'the image is indexed; convert it by Image > Mode > RGB first')
assert "so is what cannot be done" soon told -F "$indexed"
soon has_ended
case $host in # 2.10 translates itself, when it shows them
  2.10) assert "GIMP knows where the words of the procedure are" \
    grep -q "(locale-def \"sfumato\" \"$work/po\")" "$work/profile/pluginrc" ;;
  3.0)  blurb=$(german 'Make pictures from noise by denoising diffusion')
    assert "GIMP has the words of the procedure" grep -qF "$blurb" "$work/profile/pluginrc" ;;
esac
echo "1..$count"
