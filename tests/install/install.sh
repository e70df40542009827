#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `meson install` puts where, in a folder of its own; and that it runs from
# there. TAP. Run: install.sh MESON BUILD SOURCE_ROOT PREFIX [PATH...]
# PATH: what is installed besides the data and what all systems get, absolute.
set -u
meson=$1 build=$2 root=$3 prefix=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_DATA_HOME=$work/data LC_ALL=C.UTF-8
export ASAN_OPTIONS=detect_leaks=0 # the drivers' own
unset SFUMATO_DATA SFUMATO_MODELS SFUMATO_DEVICE
tree=$work/tree
count=0

result() { # STATUS NAME
  count=$((count + 1))
  if [ "$1" = 0 ]; then echo "ok $count - $2"; else
    echo "not ok $count - $2"
    tail -n 30 "$work/out" | sed 's/^/# /'
  fi
}

DESTDIR=$tree $meson install -C "$build" --no-rebuild >"$work/out" 2>&1
result $? 'is installed into another root'

# Scripts, models and cards are as they lie in the source.
data=$prefix/share/sfumato
{
  printf '%s\n' "$@"
  if command -v xgettext >/dev/null; then # as po/meson.build asks
    for language in $(sed 's/#.*//' "$root/po/LINGUAS"); do
      echo "$prefix/share/locale/$language/LC_MESSAGES/sfumato.mo"
    done
  fi
  (cd "$root" && find lua models -type f ! -name README.md) | sed "s|^|$data/|"
} | LC_ALL=C sort >"$work/wanted"
(cd "$tree" && find . ! -type d) | sed 's|^\.||' | LC_ALL=C sort >"$work/got"
diff "$work/wanted" "$work/got" >"$work/out"
result $? "puts these $(wc -l <"$work/wanted") files there, and no other"

find "$tree" -type f ! -perm -444 >"$work/out"
[ ! -s "$work/out" ]
result $? 'lets everybody read them'
find "$tree" -type f -perm /111 | sed "s|^$tree||" | LC_ALL=C sort >"$work/programs"
printf '%s\n' "$@" | grep -E '/(sfumato|diffusion)$' | LC_ALL=C sort | diff - "$work/programs" >"$work/out"
result $? 'makes the programs executable, and nothing else'
while IFS= read -r program; do
  ! readelf -d "$tree$program" | grep -E 'R(UN)?PATH' >"$work/out"
  result $? "$program looks for no library in the build folder"
done <"$work/programs"

# It is not relocatable: it looks for its data where they were to be installed,
# unless it is told.
program=$tree$prefix/bin/sfumato
export SFUMATO_DATA=$tree$data
"$program" models >"$work/out" 2>&1 && [ "$(grep -cE '^(digits|photo|textures) ' "$work/out")" = 3 ]
result $? 'finds its models'
"$program" script list >"$work/out" 2>&1 && grep -q '^  ddim ' "$work/out"
result $? 'finds its scripts'
"$program" script new mine >"$work/out" 2>&1
result $? 'finds its templates'
"$program" generate --model digits --steps 2 --quiet -o "$work/two.png" >"$work/out" 2>&1 && [ -s "$work/two.png" ]
result $? 'makes a picture'

metainfo=$tree$prefix/share/metainfo/org.gimp.GIMP.Plugin.Diffusion.metainfo.xml
if [ -e "$metainfo" ]; then
  version=$("$program" --version | cut -d' ' -f2)
  grep -m 1 '<release ' "$metainfo" >"$work/out"
  grep -q "version=\"$version\"" "$work/out"
  result $? "announces version $version to software centres"
fi
echo "1..$count"
