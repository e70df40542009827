#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page against what the program says of itself. TAP.
# Run: manual.sh PROGRAM SOURCE_ROOT LUA PAGE
set -u
page=$(realpath "$4")
. "$2/tests/cli/harness.sh"

# As a person reads it: no fonts, one blank.
plain() { sed -e 's/\\f[BIRP]//g' -e 's/\\-/-/g' -e 's/\\&//g' -e 's/\\e/\\/g' "$page"; }
plain >"$work/page"

commands_of() { # the help of a command, from standard input: names of its commands
  sed -n '/^Commands:$/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

has_section() { # WORD...
  grep -qF ".SS \"sfumato $* [OPTION" "$work/page"
}

# Every option that the help of a command lists, with what it takes.
has_options_of() { # WORD...
  local option missing=0
  run "$@" --help
  while IFS= read -r option; do
    grep -qxF -- "$option" "$work/page" || { echo "not in the page: $option" >>"$work/err" && missing=1; }
  done < <(sed -nE 's/^  (-([^ ]| [^ ])+)(  .*)?$/\1/p' "$work/out")
  [ $missing = 0 ]
}

num=0
check_commands() { # WORD...: all below that word
  local name
  run "$@" --help
  for name in $(commands_of <"$work/out"); do
    run "$@" "$name" --help
    if grep -q '^Commands:$' "$work/out"; then
      check_commands "$@" "$name"
      continue
    fi
    num=$((num + 1))
    has_section "$@" "$name" && has_options_of "$@" "$name"
    result $? "has ${*:+$* }$name, and its options"
  done
}
check_commands
[ $num -ge 10 ]
result $? "has them all: $num"

for section in NAME SYNOPSIS DESCRIPTION COMMANDS 'COMMON OPTIONS' ENVIRONMENT 'EXIT STATUS' FILES 'SEE ALSO'; do
  grep -qx "\\.SH $section" "$work/page"
  result $? "has a section $section"
done
for word in SFUMATO_DEVICE SFUMATO_MODELS SFUMATO_DATA SFUMATO_KERNELS SFUMATO_PROGRESS LP_NUM_THREADS 130; do
  grep -qx "$word" "$work/page"
  result $? "explains $word"
done
grep -q "^\.TH SFUMATO 1 .*\"Sfumato $("$program" --version | cut -d' ' -f2)\"" "$work/page"
result $? 'says the version'
! grep -q '/nonexistent\|/build' "$work/page"
result $? 'says nothing of where it was made'

if command -v groff >/dev/null; then
  groff -man -ww -z -Tutf8 -Kutf8 "$page" >"$work/out" 2>"$work/err"
  [ $? = 0 ] && [ ! -s "$work/err" ]
  result $? 'is troff without a warning'
else
  result 0 'is troff without a warning # SKIP groff is not installed'
fi
finish
