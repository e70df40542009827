#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# engine.sh HOST PLUGIN_FOLDER SFUMATO LUA
# Makes what engine.scm reads, and runs it.
set -eu
host=$1 plugins=$2 sfumato=$(realpath "$3") lua=$4
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$sfumato" generate --model digits --class 7 --steps 3 --seed 7 --quiet -o "$folder/cli.png"
# What the jobs make of that picture, here and in engine.scm alike.
job() { local verb=$1; shift; "$sfumato" "$verb" --model digits --steps 3 --seed 7 --quiet "$@"; }
job generate --class 1 -o "$folder/one.png"
convert -size 24x24 xc:black -fill white -draw 'rectangle 6,8 17,15' "PNG8:$folder/mask.png"
(cd "$folder" &&
  job vary --class 7 --strength 0.6 cli.png -o vary.png &&
  job denoise --sigma 25 --luminance 0.8 cli.png -o denoise.png &&
  job interpolate --class 7 --level 0.4 --mixing spherical --count 2 cli.png one.png -o interpolate.png &&
  job interpolate --class 7 --tile 16 cli.png one.png -o in-tiles.png &&
  job inpaint --class 7 --rounds 2 --jump 1 cli.png mask.png -o inpaint.png)
mkdir "$folder/models"
cp -r "$SFUMATO_DATA/models/digits" "$folder/models/torn"
chmod -R u+w "$folder/models"
truncate -s 100000 "$folder/models/torn/unet/diffusion_pytorch_model.safetensors"
export SFUMATO_MODELS=$folder/models
"$lua" "$here/suite.lua" "$host" "$here/gimprun" "$plugins" "$here/engine.scm" "$folder"
