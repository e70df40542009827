#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# engine.sh HOST PLUGIN_FOLDER SFUMATO LUA
# Makes what engine.scm reads, and runs it.
set -eu
host=$1 plugins=$2 sfumato=$3 lua=$4
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$sfumato" generate --model digits --class 7 --steps 3 --seed 7 --quiet -o "$folder/cli.png"
mkdir "$folder/models"
cp -r "$SFUMATO_DATA/models/digits" "$folder/models/torn"
chmod -R u+w "$folder/models"
truncate -s 100000 "$folder/models/torn/unet/diffusion_pytorch_model.safetensors"
export SFUMATO_MODELS=$folder/models
"$lua" "$here/suite.lua" "$host" "$here/gimprun" "$plugins" "$here/engine.scm" "$folder"
