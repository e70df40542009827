#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sfumato script, from outside. TAP.
# Run: script.sh PROGRAM SOURCE_ROOT LUA
set -u
. "$2/tests/cli/harness.sh"

own=$XDG_DATA_HOME/sfumato/scripts

says() { # PATTERN...: whether the output has each, as regular expressions
  for pattern in "$@"; do
    grep -qE -- "$pattern" "$work/out" || return 1
  done
}

# ---- help and usage

succeeds 'prints help' script --help
prints_all new check test list api plot 'sfumato script new my-sampler'
result $? 'names its commands in its help, with an example'
for command in new check test list api plot; do
  run script "$command" --help
  [ $status = 0 ] && says "sfumato script $command" '^Examples?:' -- --data && ! says -- --device
  result $? "explains script $command, with an example"
done
refuses 'refuses no command' 2 'a command is missing' script
refuses 'refuses an unknown command' 2 'no command "lint"' script lint
refuses 'refuses new without a name' 2 'NAME is missing' script new
refuses 'refuses check without a file' 2 'FILE... is missing' script check
refuses 'refuses an unknown option' 2 'Unknown option --device' script check --device 0 x.lua

# ---- new

run script new my-sampler
[ $status = 0 ] && [ "$(cat "$work/out")" = "$own/my-sampler.lua" ] && [ -f "$own/my-sampler.lua" ]
result $? 'begins a sampler in the folder of the user'
! grep -q 'takes the place' "$work/err"
result $? 'which takes no place but its own'
succeeds 'which can be asked for by its name' \
  generate --model digits --steps 2 --quiet --sampler my-sampler -o my.png
rm -f my.png
succeeds 'begins a sampler with the name of a built-in one' script new euler
grep -q 'takes the place of the built-in script .*lua/samplers/euler.lua' "$work/err"
result $? 'and says whose place it takes'
rm "$own/euler.lua"
succeeds 'begins a schedule in a file' script new my-levels --schedule -o my-levels.lua
succeeds 'which can be asked for by its path' \
  generate --model digits --steps 2 --quiet --schedule ./my-levels.lua -o my.png
rm -f my.png
echo mine >mine.lua
refuses 'refuses to overwrite a file' 2 'mine.lua: is there already' script new mine -o mine.lua
refuses 'refuses to overwrite a script' 2 'my-sampler.lua: is there already' script new my-sampler
[ "$(cat mine.lua)" = mine ]
result $? 'has left it as it was'
refuses 'refuses a bad name, with the rule' 2 'name: "My" is not of the letters a-z, digits and -' \
  script new My
refuses 'refuses both kinds at once' 2 'exclude each other' script new x --schedule --sampler
refuses 'refuses a folder that is not there' 1 'nowhere/x.lua: cannot be written: No such file' \
  script new x -o nowhere/x.lua
refuses 'says how a file is asked for that lies here' 1 \
  'there is no "my-levels"; the file here is asked for as ./my-levels.lua' script plot my-levels

# ---- check

run script check my-sampler ./my-levels.lua
[ $status = 0 ] && says 'my-sampler.lua: sampler my-sampler, nothing wrong in [0-9]+ runs' \
  './my-levels.lua: schedule my-levels, nothing wrong'
result $? 'finds nothing wrong with what it began'
cat >bad.lua <<'END'
return diffusion.sampler {
  api = 1, name = "bad",
  step = function(ctx, x) return x + ctx:nois() end,
}
END
run script check bad.lua my-levels.lua
[ $status = 1 ] && says "^bad.lua:3: ctx has no 'nois', did you mean 'noise'\\?" \
  '^bad.lua: 1 problem' 'my-levels.lua: .*nothing wrong'
result $? 'says what is wrong, with file and line, and goes on'
run script check --quiet bad.lua my-levels.lua
[ $status = 1 ] && [ "$(wc -l <"$work/out")" = 1 ] && [ ! -s "$work/err" ]
result $? 'says nothing but that when asked to'
run script check nowhere.lua
[ $status = 1 ] && says '^nowhere.lua: No such file'
result $? 'says that there is no such file'
refuses 'refuses an unknown name, with a guess' 1 'there is no "dimm", did you mean "ddim"' \
  script check dimm

# ---- test

run script test my-sampler ./my-levels.lua
[ $status = 0 ] && says '^SAMPLER +KNOB +ORDER' '^my-sampler +1  1.00 +1  1.00 .* same ' \
  '^my-levels +levels in order' '^2 of 2 kept'
result $? 'measures what a script claims'
sed 's/order = 1/order = 2/; s/my-sampler/liar/' "$own/my-sampler.lua" >liar.lua
run script test ./liar.lua my-levels.lua
[ $status = 1 ] && says '^liar +2  1.00 .*FAILED$' 'liar.lua:30: claims order 2; measured' \
  '^1 of 2 kept'
result $? 'says which claim is not kept'
run script test --json ./liar.lua
[ $status = 1 ] && "$lua" -e 'local text = io.read("a"); assert(text:match("^%[{.*}%]\n$"))' \
  <"$work/out" && says '"claimed": 2, "measured": 0.9' '"kept": false'
result $? 'says it to programs as JSON'
run script test --quiet my-sampler
[ $status = 0 ] && [ "$(wc -l <"$work/out")" = 1 ]
result $? 'says only what was measured when asked to'

# ---- list

cp bad.lua "$own/bad.lua"
echo 'return diffusion.sampler { api = 1, nam = "x" }' >"$own/worse.lua"
sed 's/my-levels/linear/' my-levels.lua >"$own/linear.lua"
succeeds 'lists what there is' script list
says '^ +ddim .*DDIM .*built in$' '^ +ddpm .*stochastic' '^ +trained +As trained .*built in$' \
  "^ +my-sampler +My sampler +order 1 .*1 a step .*$own/my-sampler.lua$"
result $? 'says title, claims and origin'
says "$own/worse.lua" "worse.lua:1: unknown key 'nam', did you mean 'name'\\?$"
result $? 'says which do not load, and why'
cp "$work/out" "$work/list"
succeeds 'lists it for programs' script list --json
"$lua" - "$work/out" "$own/my-sampler.lua" <<'L'
local text <const> = io.open(arg[1]):read("a")
assert(text:find('{"path": "' .. arg[2] .. '", "origin": "user", "hidden": false, "error": null, '
  .. '"kind": "sampler", "name": "my-sampler", "title": "My sampler", "order": 1, "evals": 1, '
  .. '"adaptive": false, "stochastic": false}', 1, true), text)
assert(text:find('worse.lua", "origin": "user", "hidden": false, "error": "', 1, true), text)
L
result $? 'with all that it says'
cp "$work/list" "$work/out"
[ "$(grep -c '^  linear ' "$work/out")" = 1 ] && says 'in place of the built-in one'
result $? 'shows a script in the place of the built-in one'

LC_ALL=C run generate --help
says '^  probability-flow +Probability flow$' '^  predictor-corrector +Predictor-corrector$' \
  '^    rtol +Relative error: That a step may make' '^    eta +0 draws no noise, 1 is DDPM$'
result $? 'shows knobs with their labels where these say more than the names'

# ---- api

succeeds 'prints what a script can call' script api
prints_all denoise noise step lerp
result $? 'names the functions of ctx and of tensors'
run script api --json
[ $status = 0 ] && grep -q '"denoise"' "$work/out"
result $? 'prints it as JSON'
run script api --stub
[ $status = 0 ] && head -20 "$work/out" | grep -q -- '---@meta'
result $? 'prints it as annotations for editors'
refuses 'refuses two formats at once' 2 'exclude each other' script api --json --stub

# ---- plot

rm -f "$own"/*.lua
LC_ALL=C run script plot karras geometric --steps 5
[ $status = 0 ] && says 'sigma: +\* karras, +o geometric$' '^ +1 \+' '  step$' '  timestep$' &&
  ! LC_ALL=C grep -q '[^ -~]' "$work/out"
result $? 'draws schedules in plain letters where there is no UTF-8'
LC_ALL=C.UTF-8 run script plot karras
[ $status = 0 ] && grep -q '⠉' "$work/out"
result $? 'draws one in braille where there is'
run script plot trained karras,rho=3 --set rho=5 -o plot.png
[ $status = 2 ] && said 'trained has no knob .rho.' && nothing_written
result $? 'refuses a knob that one of them lacks'
run script plot trained karras,rho=3 ./my-levels.lua --model digits --steps 12 -o plot.png
[ $status = 0 ] && [ "$(cat "$work/out")" = plot.png ] &&
  od -An -tu1 -j16 -N8 plot.png | tr -s ' ' | grep -q ' 0 0 4 216 0 0 1 204' # 1240 x 460
result $? 'draws several into a picture'
rm -f plot.png
refuses 'refuses to plot a sampler' 2 'is a sampler' \
  script plot "$SFUMATO_DATA/lua/samplers/ddim.lua" -o plot.png
refuses 'refuses an unknown schedule, with a guess' 1 'did you mean "karras"' \
  script plot karas -o plot.png
refuses 'refuses 0 steps' 2 'steps: 0 is less than 1' script plot karras --steps 0 -o plot.png
refuses 'refuses an unknown model' 1 'nothing' script plot karras --model nothing -o plot.png
refuses 'refuses a folder that is not there' 1 'nowhere/x.png: .*No such file' \
  script plot karras -o nowhere/x.png

# ---- bad input

refuses 'refuses to plot nothing' 2 'schedule: "" is no name' script plot ''
refuses 'refuses a name that is not for a PNG file' 2 'plot.JPG.* let it end in .png' \
  script plot karras -o plot.JPG
refuses 'refuses to plot into no file' 2 'output wants a file, not ""' script plot karras -o ''

refuses 'refuses no file to write' 2 'output wants a file, not ""' script new x -o ''
cp my-levels.lua ./-x.lua
run script check -- -x.lua
[ $status = 0 ] && says '^-x.lua: schedule my-levels'
result $? 'takes what stands behind -- as a file'
run script list --data "$work/nowhere"
[ $status = 1 ] && said 'none of them came with Sfumato' && says '^Samplers'
result $? 'says that what comes with the program is not there'
mkdir dir.lua
run generate --model digits --steps 2 --sampler ./dir.lua -o no.png
[ $status = 1 ] && said '\./dir.lua: not a file' && grep -q 'Correct the script' "$work/err" &&
  nothing_written
result $? 'does not blame the model for a folder in the place of a script'
cat >coarse.lua <<'END'
return diffusion.sampler {
  api = 1, name = "coarse", order = 1,
  step = function(_, x, x0, _, a, b)
    if a / b > 1 and a / b < 1.2 then error("too small a step") end
    return x0 + b / a * (x - x0)
  end,
}
END
run script test ./coarse.lua
[ $status = 1 ] && says '^coarse .* \? +\?  FAILED$' 'too small a step' && ! says nan
result $? 'shows no cost where none was measured'
escape=$(printf '\033')
cp bad.lua "$own/a${escape}[31m
b.lua"
cp worse.lua "$own/$(printf 'a\377.lua')" 2>/dev/null || echo 'x(' >"$own/$(printf 'a\377.lua')"
mkdir "$own/$escape.lua"
for command in 'script list' 'script check coarse' "script check a${escape}b" doctor; do
  run $command
  ! LC_ALL=C grep -q "$escape\|$(printf '\377')" "$work/out" "$work/err"
  result $? "keeps the terminal out of reach of names: ${command%% a*}"
done
run script list
says '/a\?\[31m\?b.lua$' '/\?.lua: not a file\.$'
result $? 'shows such names on one line'
rm -rf "$own"/*

finish
