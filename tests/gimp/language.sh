#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# language.sh HOST PLUGIN_FOLDER PICTURES SOURCE_ROOT LUA
# The dialog in German, in a GIMP on a display of its own: every word in it. Leaves
# screenshots in the folder PICTURES. TAP on stdout.
set -u
host=$1 plugins=$2 pictures=$3 root=$4 lua=$5
here=$(cd "$(dirname "$0")" && pwd)
case $host in
  2.10) package=gimp-2.0 variable=GIMP2_DIRECTORY quit=(-b '(gimp-quit 1)') ;;
  3.0)  package=gimp-3.0 variable=GIMP3_DIRECTORY quit=(--quit) ;;
  *)    echo "Bail out! no GIMP $host"; exit 2 ;;
esac
for tool in Xvfb xdotool import msgfmt localedef; do
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
assert() { # SENTENCE COMMAND...
  count=$((count + 1))
  local sentence=$1
  shift
  if "$@"; then echo "ok $count - $sentence"; else
    echo "not ok $count - $sentence"
    { grep -Ev '^$|Gtk-WARNING' "$work/log" | tail -20; cat "$work/left"; } 2>/dev/null |
      sed 's/^/# /'
  fi
}

# So long that it only ever ends a test that has failed.
soon() { # COMMAND...
  local end=$((SECONDS + 100))
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

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

# ---- GIMP in it -------------------------------------------------------------

mkfifo "$work/display"
# Without -noreset the server ends with the first program that leaves it.
Xvfb -displayfd 6 -screen 0 1280x900x24 -nolisten tcp -noreset \
  6>"$work/display" >/dev/null 2>&1 &
read -r number <"$work/display"
export DISPLAY=:$number NO_AT_BRIDGE=1

mkdir -p "$work/profile"/{brushes,dynamics,gradients,palettes,patterns,tool-presets,fonts,sys}
system=$(pkg-config --variable=gimplibdir $package)/plug-ins
ln -sfn "$system/script-fu" "$work/profile/sys/script-fu"
echo "(plug-in-path \"$plugins:$work/profile/sys\")" >"$work/profile/gimprc"
[ "$host" = 2.10 ] ||
  printf '(check-updates no)\n(show-welcome-dialog no)\n' >>"$work/profile/gimprc"
env $variable="$work/profile" SFUMATO_WALK="$work/walk" \
  LOCPATH="$work" LC_ALL=de_DE.UTF-8 LANGUAGE=de SFUMATO_LOCALE="$work/po" \
  "gimp-$host" -n -s -c -d -f --batch-interpreter=plug-in-script-fu-eval \
  -b "(begin (load \"$here/words-$host.scm\") (load \"$here/language.scm\"))" "${quit[@]}" \
  >"$work/log" 2>&1 </dev/null &
gimp_pid=$! dialog=

dialog_is_open() {
  dialog=$(xdotool search --onlyvisible --name Diffusion 2>/dev/null | head -1)
  [ -n "$dialog" ]
}
shows() { grep -q "$1" "$work/walk" 2>/dev/null; }
has_ended() { ! kill -0 $gimp_pid 2>/dev/null; }
told() { grep -q "$@" "$work/log"; }
# Keys until it is as wished: a key too early is lost, one too many does no harm.
press_until() { # KEY COMMAND...
  local key=$1 tries
  shift
  for ((tries = 0; tries < 30; tries++)); do
    xdotool windowfocus --sync "$dialog" key --delay 60 "$key" 2>/dev/null
    for _ in {1..30}; do
      "$@" && return
      sleep 0.1
    done
  done
  return 1
}
# The letters of the labels with that text: of a tab, then of the button that has the same.
letters_of() {
  awk -F ' [|] ' -v want="$(german "$1" | tr -d _)" '/^mnemonic/ { text = $2; gsub("_", "", text)
    if (text == want) print substr($1, length($1)) }' "$work/walk"
}
letter_of_tab() { letters_of "$1" | head -1; }
letter_of_button() { letters_of "$1" | tail -1; }
all_is_translated() {
  cp "$work/walk" "$work/seen"
  "$lua" "$here/untranslated.lua" <"$work/seen" >"$work/left"
  [ ! -s "$work/left" ]
}

# ---- every tab of the dialog ------------------------------------------------

assert "the dialog opens" soon dialog_is_open
[ -n "$dialog" ] || { echo "1..$count"; exit 1; }
soon shows '^page'
xdotool mousemove 1279 899 # where it raises no tooltip
number=0
for tab in Generate Vary Denoise Interpolate Inpaint; do
  assert "a letter opens the tab $tab" \
    press_until "alt+$(letter_of_tab $tab)" shows "^page $number\$"
  assert "every word in $tab is translated" soon all_is_translated
  sleep 0.5 # until it is drawn
  import -window "$dialog" "$pictures/german-$tab-$host.png"
  number=$((number + 1))
done
press_until "alt+$(letter_of_tab Generate)" shows '^page 0$'

# ---- what comes of it -------------------------------------------------------

assert "a letter runs the job" \
  press_until "alt+$(letter_of_button _Generate)" told LANGUAGE-LAYERS
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
