# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of the program share: sourced with PROGRAM SOURCE_ROOT LUA. They
# run in an empty folder, which is the home of a user too.
program=$(realpath "$1")
export SFUMATO_DATA=$2
lua=$3
here=$2/tests/cli
unset SFUMATO_MODELS SFUMATO_DEVICE
# lavapipe leaves 128 bytes behind; the engine's own leaks are the unit tests' business.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_DATA_HOME=$work/data HOME=$work
cd "$work" || exit 1
count=0

result() { # STATUS NAME
  count=$((count + 1))
  if [ "$1" = 0 ]; then
    echo "ok $count - $2"
  else
    echo "not ok $count - $2"
    sed 's/^/# /' "$work/out" "$work/err"
  fi
}

run() { # ARGUMENT...: leaves $status, out, err
  "$program" "$@" >"$work/out" 2>"$work/err"
  status=$?
}

# A sentence behind the program's name, and no crash.
said() { # PATTERN
  grep -qE -- "^sfumato: .*($1)" "$work/err" &&
    ! grep -q 'Sanitizer\|runtime error' "$work/err"
}

prints_all() { # WORD...: whether the output has each
  for word in "$@"; do
    grep -q -- "$word" "$work/out" || return 1
  done
}

nothing_written() {
  ! ls "$work"/*.png* >/dev/null 2>&1
}

succeeds() { # NAME ARGUMENT...
  local name=$1
  shift
  run "$@"
  [ $status = 0 ]
  result $? "$name"
}

refuses() { # NAME STATUS PATTERN ARGUMENT...
  local name=$1 want=$2 pattern=$3
  shift 3
  run "$@"
  [ $status = "$want" ] && said "$pattern" && nothing_written && [ ! -s "$work/out" ]
  result $? "$name"
}

finish() {
  echo "1..$count"
}
