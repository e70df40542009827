#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# replay.sh HOST PLUGIN_FOLDER SFUMATO
# What GIMP makes, the program makes again from the layer's recipe. TAP on stdout.
set -u
host=$1 plugins=$2 sfumato=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
command -v convert >/dev/null || { echo "1..0 # SKIP convert is not installed"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

count=0
assert() { # SENTENCE COMMAND...
  count=$((count + 1))
  if "${@:2}" >"$folder/said" 2>&1; then echo "ok $count - $1"; else
    echo "not ok $count - $1"
    tail -8 "$folder/said" | sed 's/^/# /'
  fi
}
digit() { # CLASS FILE
  "$sfumato" generate --model digits --class "$1" --steps 3 --seed 7 --quiet -o "$folder/$2"
}
replay() { # JOB ARGUMENT...
  "$sfumato" replay "$folder/$1.json" "${@:2}" --quiet -o "$folder/$1.png"
}
same_values() { # JOB
  convert "$folder/$1.png" -depth 8 gray:- | od -An -v -tu1 -w1 | tr -d ' ' >"$folder/again"
  [ "$(wc -l <"$folder/again")" -eq 576 ] && diff "$folder/$1.values" "$folder/again"
}

digit 7 start.png
digit 1 end.png
form="(begin (define folder \"$folder\") (load \"$here/words-$host.scm\") (load \"$here/replay.scm\"))"
assert "GIMP runs the jobs" "$here/gimprun" "$host" "$plugins" "$form"
for job in generate vary denoise interpolate; do
  inputs=()
  [ $job = generate ] || inputs=(--input "$folder/start.png")
  [ $job != interpolate ] || inputs+=(--input "$folder/end.png")
  assert "the program takes the recipe of $job" replay $job "${inputs[@]}"
  assert "and makes the layer again, value by value" same_values $job
done
echo "1..$count"
