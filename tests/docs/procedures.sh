#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The page of the procedures is as the program's tables have them, and calls by
# position have as many arguments. TAP.
# Run: procedures.sh PRINTER PAGE [write | FILE...]: FILE has such a call of generate.
set -u
printer=$1 page=$2
shift 2
if [ "${1:-}" = write ]; then
  exec "$printer" >"$page"
fi
count=0

result() { # STATUS NAME [REASON]
  count=$((count + 1))
  [ "$1" = 0 ] && echo "ok $count - $2" || printf 'not ok %d - %s\n%s\n' $count "$2" "$(sed 's/^/# /' <<<"${3:-}")"
}

difference=$("$printer" | diff "$page" -)
result $? 'the page lists the arguments that there are' "$difference
run: ninja procedures-page"

wanted=$("$printer" | awk '/^## / { inside = /generate$/ } inside && /^\| [0-9]+ / { n++ } END { print n }')
for file in "$@"; do
  # A text may be empty; none here has a blank or a bracket.
  call=$(tr '\n' ' ' <"$file" | sed 's/\\"/"/g' |
    grep -oE 'plug-in-diffusion-generate RUN-NONINTERACTIVE [^)]*\)' | head -n 1)
  got=$(tr -d '>)' <<<"${call#* }" | wc -w)
  [ "$got" = "$wanted" ]
  result $? "${file##*/} calls generate with all $wanted arguments" "$got: $call"
done
echo "1..$count"
