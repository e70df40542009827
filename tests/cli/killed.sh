#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that is killed at any moment leaves no half picture, and of several all
# or none. Run: killed.sh PROGRAM SOURCE_ROOT LUA
. "$(dirname "$0")/harness.sh" "$@"

make() { # FOLDER
  exec "$program" generate -q -m digits --steps 2 --seed 4 --count 4 --frames 1 -o "$1/a.png"
}

mkdir good killed
start=$(date +%s%N)
(make good) >/dev/null 2>&1
took=$((($(date +%s%N) - start) / 1000000)) # ms
[ "$(ls good | wc -l)" = 8 ]
result $? 'left alone it writes all'

whole=0
for i in $(seq 1 24); do
  (make killed) >/dev/null 2>&1 &
  child=$!
  # The second half, at whose end files are written, is met more often than the rest.
  at=$((i % 3 == 0 ? RANDOM % took : took / 2 + RANDOM % (took * 6 / 10 + 1)))
  sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
  kill -9 $child 2>/dev/null
  wait $child 2>/dev/null
  num=$(find killed -name '*.png' | wc -l)
  [ "$num" = 0 ] || [ "$num" = 8 ] || echo "# $num after $at ms" >>"$work/err"
  for file in killed/*.png; do
    [ -e "$file" ] && ! cmp -s "$file" "good/${file#*/}" && echo "# $file" >>"$work/err"
  done
  [ "$num" = 8 ] && whole=$((whole + 1))
  rm -rf killed
  mkdir killed
done
[ ! -s "$work/err" ]
result $? 'killed at random moments it leaves all or none, and none half'
echo "# $whole of 24 were done in time"

# What was there before stays until then.
cp good/a-1.png before.png
for i in $(seq 1 8); do
  cp before.png killed/a-1.png
  (make killed) >/dev/null 2>&1 &
  child=$!
  at=$((RANDOM % (took / 2 + 1)))
  sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
  kill -9 $child 2>/dev/null
  wait $child 2>/dev/null
  cmp -s killed/a-1.png before.png || echo "# after $at ms" >>"$work/err"
done
[ ! -s "$work/err" ]
result $? 'a picture that was there before is untouched or replaced'

finish
