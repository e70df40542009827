#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `sfumato` says, in a language in which every text stands in marks. TAP.
# Run: program.sh PROGRAM SOURCE_ROOT LUA
set -u

root=$(realpath "$2")
. "$root/tests/cli/harness.sh"
words=$root/tests/words

# ---- what is collected

(cd "$root" && { ls lua/samplers/*.lua lua/schedules/*.lua
  find engine plugin -name '*.[ch]' ! -name 'translation.[ch]' -exec \
    grep -lE '(^|[^A-Za-z_])(N?_|N?C_|sfm_translated_plural)\(' {} +; }) | LC_ALL=C sort >"$work/marking"
grep -v '^#' "$root/po/POTFILES" | diff "$work/marking" - >"$work/out" 2>"$work/err"
result $? 'po/POTFILES lists every file that marks texts, sorted'

for tool in xgettext msgen msgfilter msgfmt; do
  command -v $tool >/dev/null || { echo "1..$count # the rest needs $tool, of gettext"; exit 0; }
done

"$words/pseudo" "$root" "$work/po" xx >"$work/out" 2>"$work/err"
result $? 'all that po/POTFILES lists can be read, and translated'
(cd "$root" && grep -hoE '_"[^"]+"' lua/samplers/*.lua lua/schedules/*.lua) | sed 's/^_"\(.*\)"$/\1/' |
  LC_ALL=C sort -u >"$work/marked"
msgen --no-wrap "$work/po/sfumato.pot" | sed -n 's/^msgid "\(.\+\)"$/\1/p' | LC_ALL=C sort -u |
  LC_ALL=C comm -13 - "$work/marked" >"$work/out" 2>"$work/err"
[ ! -s "$work/out" ]
result $? 'every text that a script marks is collected'

# ---- what is shown

# A locale in which the translations count: C has none, nor has C.UTF-8 where glibc is newer.
mkdir -p "$work/locales"
localedef -i de_DE -f UTF-8 "$work/locales/de_DE.UTF-8" 2>"$work/err" ||
  { echo "1..$count # the rest needs a locale, of the package locales"; exit 0; }
export LOCPATH=$work/locales LC_ALL=de_DE.UTF-8 LANGUAGE=xx SFUMATO_LOCALE=$work/nowhere
run generate --help
prints_all 'Cosine' 'As trained'
result $? 'shows the texts as they are where there is no translation'
export SFUMATO_LOCALE=$work/po

# Every word of a help, of the commands below it too.
check_help() { # WORD...
  local name
  run "$@" --help
  cp "$work/out" "$work/help"
  "$lua" "$words/left.lua" <"$work/help" >"$work/out" 2>"$work/err"
  result $? "${*:-the program}: the whole help is translated"
  for name in $(sed -n '/^⟦Commands:⟧$/,/^$/s/^  \([a-z]*\) .*/\1/p' "$work/help"); do
    check_help "$@" "$name"
  done
}
check_help
[ $count -ge 20 ]
result $? 'every command has a help'

# Nothing in the first columns but texts.
all_lines() { # PATTERN: of those that are no continuation
  ! grep -v '^ ' "$work/out" | grep -qvE "$1"
}
succeeds 'lists the scripts' script list
all_lines '^⟦|^$' && prints_all '⟦Cosine⟧' '⟦built in⟧' '⟦order 2⟧' '⟦2 a step⟧'
result $? 'titles, claims and origins are translated'
succeeds 'says what a model is' info digits
all_lines '^⟦[a-z ]+⟧ '
result $? 'its rows are translated'
run doctor
grep -v '⟦Pictures can' "$work/out" >"$work/rows" && cp "$work/rows" "$work/out"
all_lines '^⟦(ok|missing|broken)⟧ +⟦' && ! grep -q '⟧%' "$work/out"
result $? 'what the doctor looked at, and how it is, is translated'
run script check "$root/lua/samplers/ddim.lua"
all_lines '⟦.*⟧'
result $? 'what a check says is translated'
run generate
grep -qE '^sfumato: ⟦.*⟧$' "$work/err" && grep -qE '^⟦Try .*⟧$' "$work/err"
result $? 'a refusal is translated'
run generate --model nonesuch -o x.png
sed 1d "$work/err" | grep -qE '^⟦.*⟧$|^$' || [ "$(wc -l <"$work/err")" = 1 ]
result $? 'so is a remedy'

# ---- what programs read

run doctor --json
! grep -q '⟦' "$work/out"
result $? 'JSON is not translated'
run script test --json ddim
! grep -q '⟦' "$work/out"
result $? 'nor is that of a test'
LC_ALL=C run script list
prints_all 'Cosine' && ! grep -q '⟦' "$work/out"
result $? 'shows the texts as they are in the C locale'
LC_ALL=de_DE.UTF-8 run bench --repeats 1 --batch 1 digits
grep -qE '[0-9]\.[0-9]' "$work/out" && ! grep -qE '[0-9],[0-9]' "$work/out"
result $? 'numbers have a point in any language'

finish
