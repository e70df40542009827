#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `sfumato eval` from outside. TAP.
# Run: eval.sh PROGRAM SOURCE_ROOT LUA
set -u

. "$2/tests/cli/harness.sh"

mkdir pictures empty
run generate --model digits --class 3 --size 48x40 --steps 2 --quiet -o pictures/b.png
run generate --model digits --class 5 --size 40x48 --steps 2 --quiet -o pictures/a.png
cp pictures/b.png notes.txt

succeeds 'explains eval' eval --help
prints_all denoise
result $? 'names what can be evaluated'
succeeds 'explains eval denoise' eval denoise --help
prints_all --model --sigma --steps --set --crop --seed --open --keep --json
result $? 'names every option'

succeeds 'measures a folder' eval denoise --model digits --sigma 10,40 pictures
[ "$(awk '{ print $1 }' "$work/out" | tr '\n' ' ')" = \
  'NOISY PICTURE a.png a.png b.png b.png mean mean ' ]
result $? 'prints each picture, by name, and the means'
# 20 log10(255 / 40) = 16.1; less is lost where noise is cut off.
awk '$1 == "a.png" && $2 == 40 { found = $3 > 15.9 && $3 < 21 } END { exit !found }' "$work/out"
result $? 'says what the noise does'
succeeds 'leaves the pictures' eval denoise --model digits --sigma 25 --keep kept pictures/a.png
[ "$(ls kept | tr '\n' ' ')" = \
  'a-25-clean.png a-25-estimated.png a-25-known.png a-25-noisy.png ' ]
result $? 'names them after picture, strength and kind'
cp "$work/out" first
succeeds 'measures again' eval denoise --model digits --sigma 25 pictures/a.png
cmp -s "$work/out" first
result $? 'gives the same numbers for the same seed'
succeeds 'measures with another seed' eval denoise --model digits --sigma 25 --seed 9 pictures/a.png
! cmp -s "$work/out" first
result $? 'gives others for another'
succeeds 'takes a knob' eval denoise --model digits --sigma 25 --set strength=0 pictures/a.png
awk '$1 == "a.png" { found = $3 == $5 && $3 == $8 } END { exit !found }' "$work/out"
result $? 'and leaves the noise at strength 0'
example=$("$program" eval denoise --help | sed -n 's/^  sfumato .* --set \([^ ]*\) .*/\1/p')
succeeds 'takes the knob of its own example' \
  eval denoise --model digits --sigma 25 --set "$example" pictures/a.png
succeeds 'prints JSON' eval denoise --model digits --sigma 25 --json --open pictures
"$lua" - "$work/out" <<'L'
local text <const> = io.open(arg[1]):read("a")
local _, rows = text:gsub('"picture": ', "")
assert(rows == 2 and text:find('"means": [', 1, true) and text:find('"estimate": %d'))
L
result $? 'with a row for each picture'

mkdir mixed
cp pictures/a.png mixed/a.png
cp pictures/b.png mixed/c.png
echo nothing >mixed/b.png
run eval denoise --model digits --sigma 25 mixed
[ $status = 1 ] && grep -q 'mixed/b.png: is no whole PNG' "$work/err" &&
  [ "$(awk '{ print $1 }' "$work/out" | tr '\n' ' ')" = 'NOISY PICTURE a.png c.png mean ' ]
result $? 'goes on behind a picture that cannot be read, and says so'

rm -f ./*.png
refuses 'refuses nothing' 2 'PICTURE|FOLDER... is missing' eval denoise
refuses 'refuses a folder without pictures' 1 'empty: holds no PNG file' eval denoise empty
refuses 'refuses what is no picture' 1 'none.png: ' eval denoise none.png
refuses 'refuses a sigma that is none' 2 'sigma: "x" is not a number' eval denoise --sigma 5,x pictures
refuses 'refuses a sigma of 0' 2 'sigma: "0" is not' eval denoise --sigma 0 pictures
refuses 'refuses a crop of nothing' 2 'crop: 8 is neither' eval denoise --crop 8 pictures
refuses 'refuses a seed below 0' 2 'seed: -1 is not in' eval denoise --seed=-1 pictures
refuses 'keeps within memory' 1 'pictures/a.png: .*2.0.*MiB are allowed' \
  eval denoise --model digits --sigma 25 --memory 2M pictures/a.png
refuses 'refuses memory that is no size' 2 'memory: "5X" is not a size' eval denoise --memory 5X pictures
refuses 'refuses steps below 0' 2 'steps: -1 is less' eval denoise --steps=-1 pictures
refuses 'has no sigma set behind its back' 2 '"sigma=3" is one argument too many' \
  eval denoise --set strength=1 --set sigma=3 pictures
refuses 'nor by its full name' 2 '"job.sigma=3" is one' eval denoise --set job.sigma=3 pictures
refuses 'keeps no open noise' 2 'keep: .* leave out --open' eval denoise --open --keep kept pictures
refuses 'says which picture fails' 2 'pictures/a.png: set: ' eval denoise --model digits --set nothing=1 pictures
finish
