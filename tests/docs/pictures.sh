#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes anew the pictures that pages show, by doing what the pages say. Takes
# minutes. Run: pictures.sh LUA PAGE_LUA PROGRAM SOURCE_ROOT PAGE...
set -u
lua=$1 page_lua=$2 program=$3 root=$4
shift 4
failed=0
for page in "$@"; do
  echo "$page"
  "$lua" "$page_lua" "$program" "$root" "$page" pictures || failed=1
done
exit $failed
