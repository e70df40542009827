#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What scripts say, in another language: every text in capitals. TAP.
# Run: translation.sh PROGRAM SOURCE_ROOT LUA
set -u

root=$(realpath "$2")
. "$root/tests/cli/harness.sh"

# ---- what is collected

(cd "$root" && { ls lua/samplers/*.lua lua/schedules/*.lua
  find engine plugin -name '*.[ch]' ! -name 'translation.[ch]' -exec \
    grep -lE '(^|[^A-Za-z_])(N?_|N?C_|sfm_translated_plural)\(' {} +; }) | LC_ALL=C sort >"$work/marking"
grep -v '^#' "$root/po/POTFILES" | diff "$work/marking" - >"$work/out" 2>"$work/err"
result $? 'po/POTFILES lists every file that marks texts, sorted'

for tool in xgettext msgen msgfilter msgfmt; do
  command -v $tool >/dev/null || { echo "1..$count # the rest needs $tool, of gettext"; exit 0; }
done

arguments=$(sed -n "/^xgettext_args/,/^\]/s/^  '\(.*\)',$/\1/p" "$root/po/meson.build")
xgettext $arguments --directory="$root" --files-from="$root/po/POTFILES" \
  -o "$work/all.pot" 2>"$work/err"
result $? 'xgettext reads all that po/POTFILES lists'
(cd "$root" && grep -hoE '_"[^"]+"' lua/samplers/*.lua lua/schedules/*.lua) | sed 's/^_"\(.*\)"$/\1/' |
  sort -u >"$work/marked"
sed 's/charset=CHARSET/charset=UTF-8/' "$work/all.pot" | msgen --no-wrap - >"$work/en.po" 2>"$work/err"
sed -n 's/^msgid "\(.\+\)"$/\1/p' "$work/en.po" | LC_ALL=C sort -u | LC_ALL=C comm -13 - <(LC_ALL=C sort -u "$work/marked") >"$work/out"
[ ! -s "$work/out" ]
result $? 'every text that a script marks is collected'

# ---- what is shown

# A locale in which the translations count: C has none, nor has C.UTF-8 where glibc is newer.
mkdir -p "$work/locales"
localedef -i de_DE -f UTF-8 "$work/locales/de_DE.UTF-8" 2>"$work/err" ||
  { echo "1..$count # the rest needs a locale, of the package locales"; exit 0; }
export LOCPATH=$work/locales LC_ALL=de_DE.UTF-8 LANGUAGE=de
mkdir -p "$work/po/de/LC_MESSAGES"
msgfilter -i "$work/en.po" --keep-header tr a-z A-Z 2>/dev/null |
  msgfmt -o "$work/po/de/LC_MESSAGES/sfumato.mo" - 2>"$work/err"
result $? 'a translation is made of it'

run generate --help
prints_all 'Cosine' 'As trained'
result $? 'shows the texts as they are where there is no translation'
export SFUMATO_LOCALE=$work/po
run generate --help
prints_all 'COSINE' 'AS TRAINED' 'WHICH OF THE TRAINING STEPS A RUN VISITS'
result $? 'shows titles and helps in the language of the user'
sed -n '/^Schedules and/,$p' "$work/out" | sed 's/^ *[^ ]* *//; /knobs:*$/d' | grep '[a-z]' >"$work/err"
[ ! -s "$work/err" ]
result $? 'shows none of them untranslated'
succeeds 'lists the scripts in that language' script list
prints_all 'COSINE' 'AS TRAINED'
result $? 'shows titles in the list'
LC_ALL=C run script list
prints_all 'Cosine'
result $? 'shows the texts as they are in the C locale'

finish
