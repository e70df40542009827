#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# colour.sh HOST PLUGIN_FOLDER SFUMATO LUA PROFILE
# Makes what colour.scm reads, and runs it: pictures in colour, one as it is and with
# alpha, one in Adobe RGB, and what the program makes of them.
set -eu
host=$1 plugins=$2 sfumato=$(realpath "$3") lua=$4 profile=$5
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$(dirname "$profile")/srgb.icc" "$folder"
cd "$folder"
# A slope from green to violet, noise on it that is the same each time, and a hole.
convert -size 24x20 gradient:'#507030-#a060b0' -seed 7 -attenuate 0.3 +noise Gaussian -depth 8 \
  -strip PNG24:plain.png
convert plain.png \( -size 24x20 gradient:white-black \) -alpha off -compose CopyOpacity \
  -composite -strip PNG32:clear.png
convert plain.png -profile "$profile" PNG24:adobe.png
denoise() { "$sfumato" denoise --model photo --sigma 25 --quiet "$1.png" -o "$1-clean.png"; }
denoise clear
denoise adobe
"$lua" "$here/suite.lua" "$host" "$here/gimprun" "$plugins" "$here/colour.scm" "$folder"
