#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Which kernels run: measured, kept, heeded, recorded, forgotten. Run: tune.sh
# PROGRAM SOURCE_ROOT LUA
. "$(dirname "$0")/harness.sh" "$@"
export XDG_CACHE_HOME=$work/cache

"$program" devices >"$work/out" 2>"$work/err"
if ! grep -q '^0  llvmpipe' "$work/out"; then
  echo '1..0 # SKIP the first device is not lavapipe, whose calls have several kernels'
  exit 0
fi
if [ "${SFUMATO_KERNELS:-lavapipe}" != lavapipe ]; then
  echo '1..0 # SKIP SFUMATO_KERNELS names a family that is not lavapipe, whose kernels are looked for'
  exit 0
fi
grep -q 'not tuned; "sfumato tune"' "$work/out"
result $? 'says that a device has not been tuned'

make() { # FILE ARGUMENT...
  "$program" generate -q -m digits --steps 2 --seed 3 -o "$@" >"$work/out" 2>"$work/err"
}

recipe_has() { # FILE PATTERN
  grep -a -q "\"recipe\": .*$2" "$1"
}

# ---- measuring --------------------------------------------------------------

make usual.png
! recipe_has usual.png '"kernels"'
result $? 'the recipe of the usual kernels names none'

succeeds 'measures the kernels of a network' tune --rounds 2 digits
grep -q '^linear 32 32 128 > 128  *1 [* ] lavapipe/linear .* 1.00$' "$work/out" &&
  grep -q '^  *[* ] linear ' "$work/out" && grep -q '^digits: [0-9]* calls* run' "$work/out"
result $? 'prints them, call by call'
file=$(echo "$XDG_CACHE_HOME"/sfumato/kernels-????????????????.json)
[ -f "$file" ] && [ "$(ls "$XDG_CACHE_HOME/sfumato" | wc -l)" = 1 ]
result $? 'leaves one file'
succeeds 'lists devices' devices
grep -q '  tuned; [0-9]* calls* run' "$work/out"
result $? 'says that it has been tuned'
succeeds 'looks at it' doctor --json
grep -q '"kernels", "state": "ok", .*"tuned; ' "$work/out"
result $? 'doctor says so too'

before=$(grep -c ': "' "$file")
succeeds 'measures for programs, at another size' tune --rounds 1 --json --size 40x40 digits
grep -q '"call": "linear 32 32 128 > 128", "calls": 1, "kernel": "linear", "ms": ' "$work/out" &&
  grep -q "\"file\": \"$file\"" "$work/out"
result $? 'prints JSON'
[ "$(grep -c ': "' "$file")" -ge "$before" ]
result $? 'keeps what was found before of other calls'

# ---- what was found is heeded -----------------------------------------------

# The file with these kernels and no others, an object in JSON.
with_kernels() {
  sed -n '/"kernels"/q; p' "$original" >"$file"
  echo "  \"kernels\": $1 }" >>"$file"
}
original=$work/original.json
cp "$file" "$original"
call='linear 32 32 128 > 128' # lavapipe/linear, usually
rm "$file"
succeeds 'runs with the usual kernel' bench --repeats 1 --json digits
grep -q '"kernel": "lavapipe/linear", "shape": "32->128 1x1 1x1"' "$work/out"
result $? 'where it has not been tuned'
with_kernels "{\"$call\": \"linear\"}"
succeeds 'runs with a kernel that was chosen' bench --repeats 1 --json digits
grep -q '"kernel": "linear", "shape": "32->128 1x1 1x1"' "$work/out" &&
  ! grep -q '"kernel": "lavapipe/linear", "shape": "32->128 1x1 1x1"' "$work/out" &&
  grep -q '"kernel": "lavapipe/linear", "shape": "128->128 1x1 1x1"' "$work/out"
result $? 'in place of the usual one, and for no other call'
make tuned.png
recipe_has tuned.png "\"kernels\": {\"$call\": \"linear\"}"
result $? 'the recipe names it, and no other'

again() { # NAME FILE
  run replay -q "$2" -o again.png
  [ $status = 0 ] && cmp -s "$2" again.png
  result $? "$1"
}
again 'replays what it made when it was tuned' tuned.png
again 'replays what it made before' usual.png

succeeds 'forgets' tune --forget
[ ! -e "$file" ]
result $? 'takes the file away'
again 'replays it still, with the kernels of the recipe' tuned.png
make again.png --kernel "$call = linear"
cmp -s tuned.png again.png
result $? 'makes it anew, where the command line names its kernels'
with_kernels "{\"$call\": \"linear\"}"
make again.png --kernel usual
cmp -s usual.png again.png
result $? 'leaves out what has been tuned, where it says usual'
rm "$file"
refuses_kernel() { # KERNEL PATTERN
  run generate -m digits -o none.png --kernel "$1"
  [ $status = 2 ] && grep -q "kernels: $2" "$work/err" && [ ! -e none.png ]
  result $? "refuses --kernel '$1'"
}
refuses_kernel "$call = magic" "this version of Sfumato has no \"magic\" for \"$call\", which one of these runs: lavapipe/linear, .*, linear"
refuses_kernel 'fast' '"fast" does not name a call and the kernel for it'
succeeds 'forgets what it does not know' tune --forget
grep -q 'has not been tuned' "$work/err"
result $? 'and says so'

# ---- files that are not to be believed --------------------------------------

ignores() { # NAME PATTERN
  run info digits
  [ $status = 0 ] &&
    grep -q "^sfumato: $file: .*$2.*; the usual kernels are used instead: run \"sfumato tune\"" \
      "$work/err" && [ "$(grep -c 'usual kernels' "$work/err")" = 1 ]
  result $? "warns, once, and goes on: $1"
}
with_kernels "{\"$call\": \"lavapipe/winograd8\"}"
ignores 'a kernel that there is not' 'no kernel "lavapipe/winograd8"'
with_kernels "{\"$call\": \"lavapipe/add\"}"
ignores 'a kernel of another op' 'no kernel "lavapipe/add" for'
with_kernels '{"conv9d 1 > 1": "lavapipe/conv"}'
ignores 'a call that there is not' 'does not name a call'
sed 's/"version": 1/"version": 2/' "$original" >"$file"
ignores 'another version' 'is of version 2'
sed 's/"identity": "..../"identity": "0000/' "$original" >"$file"
ignores 'another device' 'is of another device, driver or build'
sed 's/"version"/"colour": 3, "version"/' "$original" >"$file"
ignores 'a key too many' '"colour" is not a key'
head -c 200 "$original" >"$file"
ignores 'half a file' 'not JSON'
make again.png
cmp -s usual.png again.png
result $? 'runs with the usual kernels then'
: >"$file"
ignores 'an empty file' 'not JSON'
rm "$file"
mkdir "$file"
ignores 'a folder' 'not a regular file'
rmdir "$file"

rm ./*.png

# ---- the command line -------------------------------------------------------

refuses 'refuses no rounds' 2 'rounds: 0 is not in 1 .. 1000' tune --rounds 0 digits
refuses 'refuses no pictures at once' 2 'batch: 0 is not in 1 .. 1024' tune --batch 0 digits
refuses 'refuses a model to forget' 2 '"digits" is one argument too many' tune --forget digits
refuses 'refuses a model that there is not' 1 'nothing-like-it' tune nothing-like-it
refuses 'refuses a device without a choice' 1 'reference: runs each call with the one kernel' \
  tune --device reference digits
mkdir -p "$XDG_CACHE_HOME" && rm -rf "$XDG_CACHE_HOME/sfumato" && : >"$XDG_CACHE_HOME/sfumato"
run tune --rounds 1 digits
[ $status = 1 ] && said "$XDG_CACHE_HOME/sfumato"
result $? 'says where it could not write'

finish
