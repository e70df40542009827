#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every translation of po/LINGUAS is whole, well-formed, and of the texts that there
# are. TAP. Run: catalogues.sh SOURCE_ROOT LUA
set -u
root=$1 lua=$2
here=$root/tests/words
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0

result() { # STATUS NAME
  count=$((count + 1))
  if [ "$1" = 0 ]; then echo "ok $count - $2"; else
    echo "not ok $count - $2"
    head -n 60 "$work/out" | sed 's/^/# /'
  fi
}

for tool in xgettext msgcmp msgen msgfmt; do
  command -v $tool >/dev/null || { echo "1..0 # SKIP $tool, of gettext, is not there"; exit 0; }
done
"$here/pseudo" "$root" "$work/po" xx >"$work/out" 2>&1
result $? 'the texts can be collected'
msgen "$work/po/sfumato.pot" -o "$work/en.po" 2>/dev/null

languages=$(sed 's/#.*//' "$root/po/LINGUAS")
for language in $languages; do
  po=$root/po/$language.po
  msgfmt --check --check-accelerators=_ -o "$work/$language.mo" "$po" >"$work/out" 2>&1
  result $? "$language: formats, mnemonics and header are right"
  ! LC_ALL=C msgfmt --statistics -o /dev/null "$po" 2>&1 | grep -E 'fuzzy|untranslated' >"$work/out"
  result $? "$language: every text is translated, none fuzzily"
  msgcmp "$po" "$work/po/sfumato.pot" >"$work/out" 2>&1
  result $? "$language: no text is missing"
  msgcmp "$work/en.po" "$po" >"$work/out" 2>&1
  result $? "$language: it has no text that there is no more"
  ! grep -q '^#~' "$po"
  result $? "$language: nor one that is commented out"
  msgfmt --no-hash -o - "$po" | msgunfmt --no-wrap - | "$lua" "$here/rules.lua" "$language" >"$work/out" 2>&1
  result $? "$language: keeps names, ends and blanks of the texts"
done
(cd "$root/po" && ls -- *.po 2>/dev/null) | sed 's/\.po$//' | LC_ALL=C sort >"$work/there"
printf '%s\n' $languages | grep . | LC_ALL=C sort | diff - "$work/there" >"$work/out"
result $? 'po/LINGUAS names the translations that there are'
echo "1..$count"
