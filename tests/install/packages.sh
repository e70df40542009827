#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package and the Flatpak against what they are made of. Building them
# takes minutes and is done by hand. TAP. Run: packages.sh SOURCE_ROOT VERSION
set -u
root=$1 version=$2
flatpak=plugin/org.gimp.GIMP.Plugin.Diffusion.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1
count=0

result() { # STATUS NAME
  count=$((count + 1))
  [ "$1" = 0 ] && echo "ok $count - $2" || echo "not ok $count - $2"
}

head -n 1 debian/changelog | grep -qF "sfumato ($version)"
result $? "debian/changelog begins with version $version"

# The licence of a folder in debian/copyright, in the words of SPDX.
license_of() {
  awk -v files="Files: $1/*" '$0 == files { inside = 1 } inside && /^License: / { print $2; exit }' debian/copyright |
    sed 's/^GPL-3+$/GPL-3.0-or-later/'
}
for card in models/*/sfumato.json; do
  folder=${card%/*}
  wanted=$(sed -n 's/.*"license": "\([^"]*\)".*/\1/p' "$card")
  [ -n "$wanted" ] && [ "$(license_of "$folder")" = "$wanted" ]
  result $? "debian/copyright has the licence of $folder as its card: $wanted"
done
sed -n '/^Files:/,/^Copyright:/s/^\(Files:\)\{0,1\} *\([a-z].*\)/\2/p' debian/copyright >"$work/files"
while IFS= read -r file; do
  compgen -G "$file" >/dev/null
  result $? "debian/copyright speaks of $file, which is there"
done <"$work/files"
for license in $(sed -n '/^Files:/,/^$/s/^License: //p' debian/copyright | sort -u); do
  [ "$(grep -cx "License: $license" debian/copyright)" -ge 2 ]
  result $? "debian/copyright has the text of $license"
done

for file in debian/rules $flatpak; do
  for option in $(grep -oE -- '-D[a-z_]+=' "$file" | sort -u); do
    option=${option%=}
    grep -q "^option('${option#-D}'" meson_options.txt
    result $? "$file sets $option, which is an option"
  done
done
grep -q "\"id\": \"$(basename $flatpak .json)\"" $flatpak &&
  grep -q "<id>$(basename $flatpak .json)</id>" plugin/gimp/*.metainfo.xml
result $? 'the Flatpak has the name that the metainfo has'

if command -v flatpak-builder >/dev/null; then
  (cd "$work" && flatpak-builder --show-manifest "$root/$flatpak") >/dev/null 2>&1 # it leaves a folder
  result $? 'flatpak-builder takes the manifest'
else
  result 0 'flatpak-builder takes the manifest # SKIP it is not installed'
fi
echo "1..$count"
