#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every script that comes with the program keeps what it claims, and so do those
# that `sfumato script new` begins with. One test a file, found by being there. TAP.
# Run: claims.sh PROGRAM SOURCE_ROOT LUA
set -u
. "$2/tests/cli/harness.sh"

for file in "$SFUMATO_DATA"/lua/{schedules,samplers,templates}/*.lua; do
  run script test "$file"
  [ $status = 0 ]
  result $? "${file#"$SFUMATO_DATA"/lua/} keeps what it claims"
done

finish
