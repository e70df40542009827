#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The program from outside: exit statuses, messages, files. TAP.
# Run: cli.sh PROGRAM SOURCE_ROOT LUA
set -u

. "$2/tests/cli/harness.sh"

refuses_generate() { # NAME STATUS PATTERN ARGUMENT...
  local name=$1 want=$2 pattern=$3
  shift 3
  refuses "$name" "$want" "$pattern" generate --model digits -o out.png "$@"
}

# A copy of the digits model under models/NAME, to be damaged.
copy_model() { # NAME
  mkdir -p "$work/models"
  rm -rf "$work/models/$1"
  cp -r "$SFUMATO_DATA/models/digits" "$work/models/$1"
  model=$work/models/$1
  weights=$model/unet/diffusion_pytorch_model.safetensors
}

refuses_model() { # NAME PATTERN
  refuses "$1" 1 "$2" generate --model "$model" -o out.png
}

refuses_damaged() { # KIND PATTERN
  copy_model "$1"
  "$lua" "$here/damage.lua" "$1" "$SFUMATO_DATA/models/digits/unet/${weights##*/}" "$weights"
  refuses_model "refuses weights: $1" "$2"
}

# ---- help and usage

succeeds 'prints help' --help
grep -q 'Exit status' "$work/out"
result $? 'lists exit statuses in its help'
for command in generate vary denoise interpolate inpaint predict info bench tune models devices doctor; do
  run "$command" --help
  [ $status = 0 ] && grep -q -- '--data' "$work/out" && grep -q "^  .*sfumato $command" "$work/out"
  result $? "explains $command, with an example"
done
run generate --help
prints_all --schedule --sampler --steps --seed --noise --size --count --class --guidance --set \
  --output --data --validate --quiet philox torch ddim ddpm linear eta
result $? 'names every option, script and knob of generate'
succeeds 'says its version' --version
refuses 'refuses no command' 2 'command is missing'
refuses 'refuses an unknown command' 2 'no command "paint"' paint
refuses 'refuses an unknown option' 2 'Unknown option --fast' generate --fast
refuses 'refuses a stray argument' 2 '"more" is one argument too many' generate --model digits -o out.png more
refuses 'refuses generate without a model' 2 'model is missing' generate -o out.png
refuses 'refuses to vary without a model' 2 'model is missing' vary -o out.png picture.png
refuses 'refuses generate without an output' 2 'output is missing' generate --model digits
refuses 'refuses an empty output' 2 'output is missing' generate --model digits -o ''
refuses 'refuses info without a model' 2 'MODEL is missing' info
refuses 'refuses predict without an input' 2 'input is missing' predict --model digits -o out.safetensors

# ---- lists

succeeds 'lists models' models
grep -q '^digits .*24x24.*10 classes.*Apache-2.0' "$work/out"
result $? 'says size, classes and licence of a model'
succeeds 'lists devices' devices
succeeds 'describes a model' info textures
prints_all 'DDPMScheduler: schedule trained, sampler ddpm' 'schedule.spacing=leading'
result $? 'says what stands for its scheduler'
grep -q '^by default  *schedule .*, sampler .* steps' "$work/out" && grep -q '^as published  *DDPM' "$work/out"
result $? 'tells what is used from what was published'
prints_all million "GFLOP in [0-9]* kernels" weights arena CC-BY-SA-4.0 grass
result $? 'says parameters, work, memory, licence and classes'
grep -q 'classes .*rock, other' "$work/out" && ! grep -q lava "$work/out"
result $? 'leaves out a class that was never trained'

# ---- pictures

quick=(--model digits --steps 2 --quiet)
succeeds 'makes a picture' generate "${quick[@]}" --seed 7 -o a.png
[ ! -s "$work/out" ] && [ ! -s "$work/err" ]
result $? 'is silent when asked to be'
succeeds 'makes it again' generate "${quick[@]}" --seed 7 -o b.png
cmp -s a.png b.png
result $? 'gives the same bytes for the same seed'
succeeds 'makes another' generate "${quick[@]}" --seed 8 -o b.png
[ -f b.png ] && ! cmp -s a.png b.png
result $? 'gives another picture for another seed'
succeeds 'makes three' generate "${quick[@]}" --seed 7 --count 3 -o many.png
cmp -s a.png many-1.png && [ -f many-2.png ] && [ -f many-3.png ] && ! cmp -s many-1.png many-2.png
result $? 'gives the first of three the same bytes as one alone'
succeeds 'makes five, more at once' generate "${quick[@]}" --seed 7 --count 5 -o five-%d.png
cmp -s many-3.png five-3.png
result $? 'gives picture 3 the same bytes whatever the count'
head -c 26 a.png | tail -c 1 | od -An -tu1 | grep -q '^ *0$'
result $? 'writes gray models as gray PNG'
grep -aq 'sfumato-recipe' a.png && grep -aq '"seed": 7' a.png
result $? 'stores the recipe'
succeeds 'makes a size that is no multiple of anything' generate "${quick[@]}" --size 13x21 -o odd.png
od -An -tu1 -j16 -N8 odd.png | tr -s ' ' | grep -q ' 0 0 0 13 0 0 0 21'
result $? 'gives exactly that size'
succeeds 'draws noise as torch does' generate "${quick[@]}" --noise torch -o torch.png
run generate --model digits --steps 2 -o plain.png
[ $status = 0 ] && [ "$(cat "$work/out")" = plain.png ] && grep -q '^100%' "$work/err" && ! grep -q $'\r' "$work/err"
result $? 'prints the path, and progress as plain lines'
rm -f ./*.png

# ---- pictures from pictures

mkdir given
succeeds 'makes a picture to start from' generate "${quick[@]}" --class 7 -o given/seven.png
succeeds 'varies it' vary "${quick[@]}" --seed 7 --strength 0.3 given/seven.png -o a.png
succeeds 'varies it again' vary "${quick[@]}" --seed 7 --set job.strength=0.3 given/seven.png -o b.png
cmp -s a.png b.png && ! cmp -s a.png given/seven.png
result $? 'gives the same bytes however the strength is said'
od -An -tu1 -j16 -N8 a.png | tr -s ' ' | grep -q ' 0 0 0 24 0 0 0 24'
result $? 'gives the size of the picture'
succeeds 'denoises it' denoise --model digits --quiet given/seven.png -o a.png
succeeds 'denoises it in two steps of its own' denoise "${quick[@]}" --sigma 20 --colour 0.5 given/seven.png -o b.png
succeeds 'makes another to go to' generate "${quick[@]}" --class 1 -o given/one.png
succeeds 'makes two between them' interpolate "${quick[@]}" --count 2 --mixing inversion given/seven.png given/one.png -o between-%d.png
[ -f between-1.png ] && [ -f between-2.png ] && ! cmp -s between-1.png between-2.png
result $? 'gives as many as asked for'
succeeds 'paints the parts anew that the other has white' inpaint "${quick[@]}" --rounds 2 given/seven.png given/one.png -o a.png
rm -f ./*.png
refuses 'refuses one picture for two' 2 'FROM TO is missing' interpolate --model digits given/one.png -o out.png
refuses 'refuses a word that is no mixing' 2 'mixing must be one of linear, spherical, inversion' \
  interpolate --model digits --mixing paint given/one.png given/seven.png -o out.png
refuses 'refuses pictures of two sizes' 2 'to: is [0-9]*x[0-9]* and from is 24x24; scale or crop' \
  interpolate --model digits given/one.png "$SFUMATO_DATA/docs/pictures/generated.png" -o out.png
refuses 'refuses to vary nothing' 2 'PICTURE is missing' vary --model digits -o out.png
refuses 'refuses a picture that is not there' 1 'nothing.png: there is no such file' \
  vary --model digits nothing.png -o out.png
refuses 'refuses a picture that is none' 1 'sfumato.json: is no whole PNG file' \
  vary --model digits "$SFUMATO_DATA/models/digits/sfumato.json" -o out.png
refuses 'refuses colour for a model of gray' 2 'picture: is in colour and digits makes gray' \
  vary --model digits "$SFUMATO_DATA/docs/pictures/generated.png" -o out.png
refuses 'refuses a strength out of range' 2 'strength must be a number from 0 to 1' \
  vary --model digits --strength 1.5 given/seven.png -o out.png
refuses 'refuses a size beside a picture' 2 'Unknown option --size' \
  vary --model digits --size 8 given/seven.png -o out.png

depth_of() { # FILE
  od -An -tu1 -j24 -N1 "$1" | tr -d ' '
}
succeeds 'varies it in 16 bits' vary "${quick[@]}" --strength 0.3 --depth 16 given/seven.png -o given/deep.png
[ "$(depth_of given/deep.png)" = 16 ]
result $? 'gives the depth that was asked for'
succeeds 'goes on from 16 bits' vary "${quick[@]}" --strength 0.3 given/deep.png -o deep.png
[ "$(depth_of deep.png)" = 16 ]
result $? 'gives the depth of the picture'
rm -f ./*.png
refuses 'refuses a depth that PNG has and pictures do not' 2 'depth: 4 is neither 8 nor 16' \
  vary --model digits --depth 4 given/seven.png -o out.png

# ---- requests that make no sense

refuses 'refuses to call a PNG something else' 2 'output: "a.b/OUT.JPG" is not a name for a PNG' \
  generate --model digits -o a.b/OUT.JPG
refuses_generate 'refuses 0 steps' 2 'steps: 0 ' --steps 0
refuses_generate 'refuses steps beyond T' 2 'steps: 1001 is not in 1 \.\. 1000' --steps 1001
refuses_generate 'refuses steps that are no number' 2 'many' --steps many
refuses_generate 'refuses size 0' 2 'size: "0x24"' --size 0x24
refuses_generate 'refuses a negative size' 2 'size: "-8x24"' --size=-8x24
refuses_generate 'refuses what is no size' 2 'size: "big"' --size big
refuses_generate 'refuses a size beyond counting' 2 'size: 200000x200000' --size 200000x200000
refuses_generate 'refuses more pixels than can be counted' 2 'size: 16385x16384 is more than 268435456 pixels' --size 16385x16384
refuses_generate 'refuses count 0' 2 'count: 0' --count 0
refuses_generate 'refuses too many' 2 'count: 2000000000' --count 2000000000
refuses_generate 'refuses a negative seed' 2 'seed: -1 is not in' --seed=-1
refuses_generate 'refuses a seed beyond 31 bits' 2 'seed: 2147483648' --seed 2147483648
refuses_generate 'refuses a class out of range' 2 'class: .*"10"' --class 10
refuses_generate 'refuses an unknown class, listing some' 2 'class: .*"eleven".* 0, 1, 2' --class eleven
refuses 'refuses a class that was never trained' 2 'class: "lava" is named .* never trained; it has snow, .*rock, other' \
  generate --model textures --class lava -o out.png
refuses 'refuses a class of a model without' 2 'class: "grass"' \
  generate --model photo --class grass -o out.png
refuses 'refuses guidance without null_class' 2 'guidance: 3 .*null_class' \
  generate --model photo --guidance 3 -o out.png
refuses_generate 'refuses guidance 0' 2 'guidance: 0' --guidance 0
refuses_generate 'refuses an unknown noise' 2 'noise: "white"' --noise white
refuses_generate 'refuses an unknown sampler, with a guess' 1 'sampler: .*"dimm".*"ddim"' --sampler dimm
refuses_generate 'refuses an unknown schedule' 1 'schedule: .*"zigzag"' --schedule zigzag
refuses_generate 'refuses a knob that is not there' 2 '"etta".*"eta"' --set etta=0.3
refuses_generate 'refuses a knob out of range' 2 'eta.*2' --set eta=2
refuses_generate 'refuses a setting without a value' 2 '"eta"' --set eta
refuses 'refuses an unknown model' 1 'nothing' generate --model nothing -o out.png
refuses_generate 'refuses an unknown device' 3 'no such device|nvidia' --device nvidia-of-old

# ---- scripts

echo 'return diffusion.sampler { api = 1, name = "bad", title = "Bad", step = function(ctx) error("oops") end }' >bad.lua
refuses_generate 'refuses a script that fails, with its line' 1 'bad.lua:1.*oops' --sampler ./bad.lua
echo 'this is not Lua' >broken.lua
refuses_generate 'refuses a script that does not parse' 1 'broken.lua' --sampler ./broken.lua
refuses_generate 'refuses a schedule for a sampler' 2 'is a schedule' \
  --sampler "$SFUMATO_DATA/lua/schedules/linear.lua"

# ---- damaged models

refuses_damaged empty 'safetensors'
refuses_damaged truncated 'safetensors'
refuses_damaged huge_header 'safetensors.*header'
refuses_damaged broken_header 'safetensors'
refuses_damaged overlapping 'conv_in.bias'
refuses_damaged wrong_dtype 'F99'
refuses_damaged wrong_shape 'conv_in.weight'
refuses_damaged missing 'conv_in'
refuses_damaged nan 'class_embedding.weight: .*not a number'

copy_model leftover
sed -i 's/"add_attention": true/"add_attention": false/' "$model/unet/config.json"
refuses_model 'refuses weights that are left over' 'mid_block.attentions'
copy_model no_weights
rm "$weights"
refuses_model 'refuses a model without weights' 'no_weights'
copy_model broken_json
echo '{ "block_out_channels": [' >"$model/unet/config.json"
refuses_model 'refuses JSON that is broken' 'config.json'
copy_model deep_json
printf '[%.0s' $(seq 100000) >"$model/unet/config.json"
refuses_model 'refuses JSON that is too deep' 'config.json'
copy_model twice
sed -i '0,/{/s//{ "in_channels": 4, /' "$model/unet/config.json"
refuses_model 'refuses a key that comes twice' 'config.json.*in_channels'
copy_model scheduler
sed -i 's/DDPMScheduler/MagicScheduler/' "$model/scheduler/scheduler_config.json"
sed -i '/"schedule"/d' "$model/sfumato.json"
refuses_model 'refuses an unknown scheduler by its name' 'MagicScheduler has no counterpart'
run info "$model"
prints_all 'MagicScheduler has no counterpart here'
result $? 'says of a model that its scheduler has no counterpart'
succeeds 'takes an unknown scheduler with a schedule and a sampler' \
  generate --model "$model" --schedule trained --sampler ddim --steps 1 --quiet -o magic.png
rm -f magic.png
copy_model infinity
sed -i '0,/{/s//{ "lambda_min_clipped": -Infinity, /' "$model/scheduler/scheduler_config.json"
succeeds 'takes a bare -Infinity' generate --model "$model" --steps 1 --quiet -o infinity.png
rm -f infinity.png
copy_model pickle
rm "$weights"
printf 'cos\nsystem\n(S"touch %s/owned"\ntR.' "$work" >"$model/unet/diffusion_pytorch_model.bin"
refuses_model 'refuses a pickle that calls' 'pytorch_model.bin'
[ ! -e owned ]
result $? 'has not run it'

# ---- the disk

refuses 'refuses a folder that is not there' 1 'nowhere/out.png: cannot be written: No such file' \
  generate --model digits -o nowhere/out.png
mkdir folder
refuses 'refuses a folder as a file' 1 'folder: cannot be written: Is a directory' generate --model digits -o folder
mkdir two-2.picture
refuses 'refuses one of several that is in the way' 1 'two-2.picture: cannot be written: Is a directory' \
  generate "${quick[@]}" --count 2 -o two.picture
[ ! -e two-1.picture ]
result $? 'has not written the other'
mkfifo pipe
refuses 'refuses to replace what is no file' 1 'pipe: cannot be written: it is not a regular file' \
  generate --model digits -o pipe
ln -s nothing link
refuses 'refuses a link to nothing' 1 'link: cannot be written: it is a link to a file that is not there' \
  generate --model digits -o link
ln -sfn link link
refuses 'refuses links in a circle' 1 'link: cannot be written: Too many levels' generate --model digits -o link
[ -L link ] && rm link
result $? 'leaves links as they are'
# The limit holds for what a Vulkan driver keeps in files without a name too.
(
  ulimit -f 0
  "$program" generate "${quick[@]}" --device reference -o full.png 2>&1
  echo "status $?"
) | cat >"$work/err" 2>&1
: >"$work/out"
grep -q '^sfumato: full.png' "$work/err" && grep -q '^status 1' "$work/err" && nothing_written
result $? 'says so when the disk takes no more, and leaves nothing'

for output in models --help 'generate --help' 'script --help'; do
  # shellcheck disable=SC2086
  "$program" $output >/dev/full 2>"$work/err"
  [ $? = 1 ] && : >"$work/out" && said 'standard output: No space left'
  result $? "says so when the output of $output goes nowhere"
done

# ---- devices

run_without_vulkan() {
  VK_ICD_FILENAMES=/nowhere VK_DRIVER_FILES=/nowhere "$program" "$@" >"$work/out" 2>"$work/err"
  status=$?
}
run_without_vulkan generate "${quick[@]}" -o out.png
[ $status = 3 ] && said '.' && nothing_written
result $? 'says that there is no Vulkan device'
run_without_vulkan info digits
[ $status = 0 ] && grep -q 'reference' "$work/out"
result $? 'describes a model without Vulkan'
run_without_vulkan generate --device reference --model digits --steps 1 --quiet -o reference.png
[ $status = 0 ] && [ -f reference.png ]
result $? 'makes a picture without Vulkan'
rm -f reference.png

# ---- interruption

# The whole run would take minutes; the limit leaves room for a busy machine.
interrupted() { # NAME SIGNAL STATUS
  "$program" generate --model textures --size 128x128 --steps 1000 -o out.png >"$work/out" 2>"$work/err" &
  local pid=$!
  for _ in $(seq 100); do
    grep -q 'Step' "$work/err" && break
    sleep 0.2
  done
  local began=$(date +%s%N)
  kill -"$2" $pid
  wait $pid
  status=$?
  local took=$((($(date +%s%N) - began) / 1000000))
  [ $status = "$3" ] && [ $took -lt 10000 ] && nothing_written
  result $? "$1 ($took ms)"
}
interrupted 'ends in order on Ctrl-C' INT 130
interrupted 'ends in order when told to' TERM 143

# ---- predict and bench

"$lua" "$here/write_input.lua" 4 12 digits.safetensors
"$lua" "$here/write_input.lua" 12 32 textures.safetensors
succeeds 'predicts' predict --model digits -i digits.safetensors -o p.safetensors
[ -f p.safetensors ]
result $? 'writes its output'
refuses 'refuses an input without a sample' 1 'sample' \
  predict --model digits -i "$SFUMATO_DATA/models/digits/unet/diffusion_pytorch_model.safetensors" -o q.safetensors
refuses 'refuses an input of another shape' 1 'sample is \[2, 12' \
  predict --model digits -i textures.safetensors -o q.safetensors
refuses_input() { # KIND PATTERN
  "$lua" "$here/write_input.lua" 4 12 "$1.safetensors" "$1"
  refuses "refuses an input: $1" 1 "$2" predict --model digits -i "$1.safetensors" -o q.safetensors
  [ ! -e q.safetensors ]
  result $? 'writes no output'
}
refuses_input bad_label 'class_labels 1 is 11, not in 0 \.\. 10'
refuses_input nan_sample 'sample: element 5 is -?nan, not a finite number'
refuses_input infinite_timestep 'timestep: element 1 is inf, not a finite number'
refuses_input f64_sample 'sample is F64; it must be F32, F16 or BF16'
succeeds 'times a network' bench --repeats 1 digits
grep -q 'median' "$work/out" && grep -q 'conv2d' "$work/out"
result $? 'prints kernels and the whole'
case "${SFUMATO_KERNELS:-lavapipe}" in
lavapipe) kernel=winograd ;;
plain) kernel=conv2d ;;
*) kernel=$SFUMATO_KERNELS/conv ;;
esac
prints_all dispatches barriers 'live at once' 'on processors' "$kernel"
result $? 'prints what a step costs in memory and launches'
succeeds 'times it op by op, and whole runs' bench --repeats 1 --by op --steps 2 digits
[ "$(grep -c '^conv2d ' "$work/out")" = 1 ] && grep -q 'run of 2 steps' "$work/out"
result $? 'prints a row an op, and the runs'
succeeds 'times it step by step' bench --repeats 1 --by step digits
[ "$(grep -c '^conv2d ' "$work/out")" -gt 40 ]
result $? 'prints a row a step'
succeeds 'times it for programs' bench --repeats 3 --steps 2 --batch 2 --json digits
mv "$work/out" bench.json
"$lua" "$here/bench_json.lua" bench.json >"$work/out" 2>"$work/err"
result $? 'prints JSON that adds up'
succeeds 'times it shader by shader' bench --repeats 1 --by shader digits
grep -q '^ .*activation' "$work/out" && [ -z "$(sed -n 's/^  *\([^ ]*\) .*/\1/p' "$work/out" | sort | uniq -d)" ]
result $? 'prints a row a shader'
refuses 'refuses to sum up by nonsense' 2 'by: "kernel" is none of op, shape, step and shader' bench --by kernel digits
refuses 'refuses rows of JSON' 2 'json and --by exclude each other' bench --json --by op digits
refuses 'keeps within memory' 1 'size: 24x24 needs .*MiB of memory, of 2.0.*MiB' bench --memory 2M digits
refuses 'refuses memory that is no size' 2 'memory: "5X" is not a size' bench --memory 5X digits
refuses 'refuses no repeats' 2 'repeats: 0 is not in 1 .. 1000' bench --repeats 0 digits
refuses 'refuses no pictures at once' 2 'batch: 0 is not in 1 .. 1024' bench --batch 0 digits
refuses 'refuses steps below one' 2 'steps: -1 is less than 1' bench --steps -1 digits
refuses 'refuses runs of random weights' 2 'steps: ddpm256 has random weights' bench --steps 2 ddpm256

finish
