# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A GIMP on a display of its own, and what a person does and sees there. Sourced with
# 2.10 or 3.0, and the folder that holds diffusion/diffusion.
host=$1 plugins=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
case $host in
  2.10) package=gimp-2.0 variable=GIMP2_DIRECTORY quit=(-b '(gimp-quit 1)') ;;
  3.0)  package=gimp-3.0 variable=GIMP3_DIRECTORY quit=(--quit) ;;
  *)    echo "Bail out! no GIMP $host"; exit 2 ;;
esac

work=$(mktemp -d) gimp_pid='' dialog='' count=0
clean_up() {
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  wait 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT

# ---- what is told -----------------------------------------------------------

need() { # TOOL...
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
  done
}

# A sentence, and a command that succeeds if it is true.
assert() { # SENTENCE COMMAND...
  count=$((count + 1))
  local sentence=$1
  shift
  if "$@"; then echo "ok $count - $sentence"; else
    echo "not ok $count - $sentence"
    grep -Ev '^$|Gtk-WARNING|leak|^ *#' "$work/log" | tail -8 | sed 's/^/# /'
  fi
}

within() { # SECONDS COMMAND...: until it succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# ---- GIMP -------------------------------------------------------------------

start_display() {
  local number
  mkfifo "$work/display"
  # Without -noreset the server ends with the first program that leaves it.
  Xvfb -displayfd 6 -screen 0 1280x900x24 -nolisten tcp -noreset \
    6>"$work/display" >/dev/null 2>&1 &
  read -r number <"$work/display"
  export DISPLAY=:$number NO_AT_BRIDGE=1
  xdotool mousemove 1279 899 # where it raises no tooltip
}

# Runs a form, where the words of both GIMPs are known, and ends.
start_gimp() { # FORM [VARIABLE=VALUE...]
  local form=$1 system
  shift
  mkdir -p "$work/profile"/{brushes,dynamics,gradients,palettes,patterns,tool-presets,fonts,sys}
  system=$(pkg-config --variable=gimplibdir $package)/plug-ins
  ln -sfn "$system/script-fu" "$work/profile/sys/script-fu"
  {
    echo "(plug-in-path \"$plugins:$work/profile/sys\")"
    [ "$host" = 2.10 ] || printf '(check-updates no)\n(show-welcome-dialog no)\n'
  } >"$work/profile/gimprc"
  env $variable="$work/profile" SFUMATO_WALK="$work/walk" "$@" \
    "gimp-$host" -n -s -c -d -f --batch-interpreter=plug-in-script-fu-eval \
    -b "(begin (load \"$here/words-$host.scm\") $form)" "${quit[@]}" >>"$work/log" 2>&1 </dev/null &
  gimp_pid=$!
}
told() { grep -q "$@" "$work/log"; }
has_ended() { ! kill -0 "$gimp_pid" 2>/dev/null; }

# ---- the dialog, as walk.c writes it down -----------------------------------

dialog_is_open() {
  dialog=$(xdotool search --onlyvisible --name Diffusion 2>/dev/null | head -1) || true
  [ -n "$dialog" ]
}
shows() { grep -Eq "$1" "$work/walk" 2>/dev/null; }
# The letters of the labels with that text: of a tab, then of the button that has the same.
letters_of() {
  awk -F ' [|] ' -v want="$1" '/^mnemonic/ { text = $2; gsub("_", "", text)
    if (text == want) print substr($1, length($1)) }' "$work/walk"
}

# Keys until it is as wished: a key too early is lost, one too many must do no harm.
press_until() { # WINDOW KEY COMMAND...
  local window=$1 key=$2 tries
  shift 2
  for ((tries = 0; tries < 30; tries++)); do
    xdotool windowfocus --sync "$window" key --delay 60 "$key" 2>/dev/null
    for _ in {1..30}; do
      "$@" && return
      sleep 0.1
    done
  done
  return 1
}
