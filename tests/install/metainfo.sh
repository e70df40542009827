#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What software centres are told of the plug-in is AppStream without a warning, but
# for the one that there is no homepage: Sfumato has none. TAP.
# Run: metainfo.sh FILE
set -u
if ! command -v appstreamcli >/dev/null; then
  echo '1..0 # SKIP appstreamcli is not installed'
  exit
fi
echo 1..1
export LC_ALL=C.UTF-8
out=$(appstreamcli validate --no-net --no-color "$1" 2>&1)
if [ -n "$out" ] && ! grep -E '^ *[EW]: ' <<<"$out" | grep -qv url-homepage-missing; then
  echo 'ok 1 - is valid'
else
  echo 'not ok 1 - is valid'
  sed 's/^/# /' <<<"$out"
fi
