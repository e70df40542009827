#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# picture.sh HOST PLUGIN_FOLDER FILE
# A picture of the dialog, for docs/pictures, from a plug-in as it was built:
#   SFUMATO_DATA=. tests/gimp/picture.sh 2.10 build/plugin/gimp2 docs/pictures/dialog-2.10.png
set -eu
host=$1 plugins=$(realpath "$2") file=$3
case $host in
  2.10) package=gimp-2.0 variable=GIMP2_DIRECTORY quit=(-b '(gimp-quit 1)') ;;
  3.0)  package=gimp-3.0 variable=GIMP3_DIRECTORY quit=(--quit) ;;
  *)    echo "picture.sh: no GIMP $host" >&2; exit 2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# shellcheck disable=SC2046
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
mkfifo "$work/display"
Xvfb -displayfd 6 -screen 0 1280x800x24 -nolisten tcp -noreset 6>"$work/display" >/dev/null 2>&1 &
read -r number <"$work/display"
export DISPLAY=:$number NO_AT_BRIDGE=1 SFUMATO_DATA=${SFUMATO_DATA:+$(realpath "$SFUMATO_DATA")}
mkdir -p "$work/profile"/{brushes,dynamics,gradients,palettes,patterns,tool-presets,fonts,sys}
ln -s "$(pkg-config --variable=gimplibdir $package)/plug-ins/script-fu" "$work/profile/sys/script-fu"
{
  echo "(plug-in-path \"$plugins:$work/profile/sys\")"
  [ "$host" = 2.10 ] || printf '(check-updates no)\n(show-welcome-dialog no)\n'
} >"$work/profile/gimprc"
form='(call-procedure RUN-INTERACTIVE -1 (quote ()))'
env $variable="$work/profile" "gimp-$host" -n -s -c -d -f \
  --batch-interpreter=plug-in-script-fu-eval \
  -b "(begin (load \"$here/words-$host.scm\") $form)" "${quit[@]}" >/dev/null 2>&1 </dev/null &
dialog=
for _ in $(seq 600); do
  dialog=$(xdotool search --onlyvisible --name '^Diffusion$' 2>/dev/null | head -1) || true
  [ -z "$dialog" ] || break
  sleep 0.1
done
xdotool mousemove 1279 799 # where it raises no tooltip
sleep 4 # the devices are listed, and the memory is known
import -window "$dialog" "$file"
