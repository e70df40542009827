#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A picture made again from its recipe has the same bytes. Run: replay.sh PROGRAM
# SOURCE_ROOT LUA
. "$(dirname "$0")/harness.sh" "$@"

make() { # ARGUMENT...
  "$program" "$@" -q >"$work/out" 2>"$work/err"
}

again() { # FILE ARGUMENT...
  local file=$1
  shift
  rm -f again.png
  make replay "$file" -o again.png "$@"
}

same() { # NAME FILE ARGUMENT...
  local name=$1 file=$2
  again "${@:2}" && cmp -s again.png "${file%.*}.png"
  result $? "$name"
}

recipe_of() { # FILE: as JSON
  grep -a -o '{"engine": .*"device": "[^"]*"}' "$1"
}

declines() { # NAME STATUS PATTERN ARGUMENT...
  local name=$1 want=$2 pattern=$3
  rm -f again.png
  run "${@:4}" -o again.png
  [ $status = "$want" ] && said "$pattern" && [ ! -e again.png ]
  result $? "$name"
}

# ---- every job --------------------------------------------------------------

make generate -m digits --class 7 --seed 3 --steps 4 --count 3 --frames 2 -o g.png
same 'generate comes out the same' g-1.png
same 'so does the third of three' g-3.png
same 'so does a frame' g-2-frame-1.png
same 'so does the last frame of the last' g-3-frame-2.png

make generate -m digits --steps 3 --seed 5 --count 2 --noise torch -o torch.png
same "so does one of two that torch's noise was drawn for" torch-2.png

make vary -m digits --steps 4 --strength 0.7 --count 2 g-1.png -o v.png
same 'vary comes out the same' v-2.png --input g-1.png

make denoise -m digits --steps 2 --sigma 40 --luminance 0.8 g-1-frame-2.png -o d.png
same 'denoise comes out the same' d.png --input g-1-frame-2.png
make denoise -m digits g-1-frame-2.png -o estimated.png
same 'so does one whose noise was estimated' estimated.png --input g-1-frame-2.png

make interpolate -m digits --steps 3 --count 3 --mixing spherical g-1.png g-2.png -o i.png
same 'interpolate comes out the same, at its place' i-3.png --input g-1.png --input g-2.png

make inpaint -m digits --steps 4 --rounds 2 g-1.png g-2.png -o p.png
same 'inpaint comes out the same' p.png --input g-1.png --input g-2.png

# ---- every family of samplers -----------------------------------------------

for sampler in ddpm ddim euler-ancestral heun edm dpmpp-2m dpmpp-2m-sde dpmpp-singlestep unipc \
  dpm-solver pndm langevin predictor-corrector; do
  make generate -m digits --seed 8 --steps 3 --sampler $sampler --schedule karras --count 2 \
    -o "$sampler.png"
  same "$sampler comes out the same" "$sampler-2.png"
done

make generate -m digits --steps 3 --sampler ddim --set eta=0.3 --set rho=5 --schedule karras \
  --class 2 --guidance 2.5 --size 30x20 -o knobs.png
same 'so do knobs, guidance, class and size' knobs.png

make generate -m digits --steps 3 --seamless both --depth 16 -o seamless.png
same 'so does a seamless picture of 16 bits' seamless.png

# ---- where a recipe comes from ----------------------------------------------

recipe_of v-2.png >v-2.json
same 'a recipe in JSON will do' v-2.json --input g-1.png
printf '\0' >>v-2.json
same 'with a NUL behind it, too' v-2.json --input g-1.png
"$program" replay -q - -o again.png --input g-1.png <v-2.png >"$work/out" 2>"$work/err" &&
  cmp -s again.png v-2.png
result $? 'standard input will do'
again v-2.png --input g-1.png
[ "$(recipe_of again.png)" = "$(recipe_of v-2.png)" ]
result $? 'the result has the same recipe'

mkdir elsewhere
sed 's/name = "ddim"/name = "mine"/' "$SFUMATO_DATA/lua/samplers/ddim.lua" >elsewhere/mine.lua
cp -r "$SFUMATO_DATA/models/digits" elsewhere/odd
make generate -m ./elsewhere/odd --steps 3 --sampler elsewhere/mine.lua -o odd.png
same 'model and script that lie elsewhere are given' odd.png --model elsewhere/odd \
  --sampler elsewhere/mine.lua

# ---- what it refuses --------------------------------------------------------

declines 'a picture that is missing' 2 'picture: is missing; give the picture that' \
  replay v-2.png
declines 'another picture' 2 'picture: is not the picture that the recipe was made with' \
  replay v-2.png --input g-2.png
declines 'two pictures the wrong way round' 2 "this picture was the recipe's \"to\"; give \"from\"" \
  replay i-3.png --input g-2.png --input g-1.png
declines 'a picture too many' 2 'input: 1 were given, and the job generate reads 0' \
  replay g-1.png --input g-2.png
declines 'a model that is not there' 1 'made with the model odd, which is not here .*give its path' \
  replay odd.png
declines 'a script that is not there' 1 'made with the sampler mine, which is not here' \
  replay odd.png --model elsewhere/odd
echo '-- changed' >>elsewhere/mine.lua
declines 'a script that has changed' 1 'sampler mine: .* is not what the recipe was made with' \
  replay odd.png --model elsewhere/odd --sampler elsewhere/mine.lua
declines 'another model' 1 'model digits: .* is not what the recipe was made with' \
  replay g-1.png --model textures
recipe_of g-1.png | sed 's/"recipe": 2/"recipe": 7/' >seven.json
declines 'a recipe of another version' 1 'is of version 7, and this Sfumato reads version 2; make' \
  replay seven.json
recipe_of g-1.png | sed 's/"seed"/"shade": 1, "seed"/' >shade.json
declines 'a key that it does not know' 1 '"shade" is not a key that this version' \
  replay shade.json
recipe_of g-1.png | cut -c -300 >cut.json
declines 'half a recipe' 1 'not JSON: .*; take the recipe from the picture' \
  replay cut.json
base64 -d >plain.png <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==
declines 'a PNG file without a recipe' 1 'holds no recipe: the text chunk "sfumato-recipe" is not' \
  replay plain.png
head -c 60 g-1.png >half.png
declines 'half a PNG file' 1 'half.png: is no whole PNG file' replay half.png
declines 'a file that is not there' 1 'none.png: there is no such file' replay none.png
declines 'a folder' 1 'elsewhere: Is a directory' replay elsewhere
run replay g-1.png
[ $status = 2 ] && said 'output is missing'
result $? 'no output'

run replay g-1.png --device reference -o again.png
grep -q 'The picture was made on .*, and this is reference: it may differ' "$work/err"
result $? 'another device is remarked upon'

# ---- families of kernels ----------------------------------------------------

forced=${SFUMATO_KERNELS-}
for family in gpu gpu-fp32 plain; do
  export SFUMATO_KERNELS=$family
  make generate -m digits --class 7 --seed 3 --steps 2 -o "$family.png"
  unset SFUMATO_KERNELS
  precision=fp32
  [ $family = gpu ] && precision=fp16
  recipe_of $family.png | grep -q "\"precision\": \"$precision\", \"family\": \"$family\", "
  result $? "the recipe names the kernels $family, and what they store"
  for other in '' gpu gpu-fp32; do
    export SFUMATO_KERNELS=$other
    rm -f again.png
    run replay $family.png -o again.png
    [ $status = 0 ] && cmp -s again.png $family.png && ! grep -q 'The picture was made' "$work/err"
    result $? "$family comes out the same where the environment says \"$other\""
  done
  unset SFUMATO_KERNELS
done
[ -z "$forced" ] || export SFUMATO_KERNELS=$forced
run replay gpu.png --device reference -o again.png
[ $status = 0 ] && grep -q 'with the kernels "gpu", and reference runs "reference": it may' "$work/err"
result $? 'other kernels are remarked upon'
recipe_of g-1.png | sed 's/"family": "[^"]*", //' >g-1.json
same 'a recipe that names no family makes the same with the usual one' g-1.json
recipe_of g-1.png | sed 's/"family": "[^"]*"/"family": "npu"/' >npu.json
declines 'kernels that it does not know' 1 'family: this version of Sfumato has no "npu"; make the' \
  replay npu.json

# ---- memory -----------------------------------------------------------------

rm -f dry.png
run generate -m digits --class 3 --steps 2 --count 5 -o g-whole-%d.png
run generate -m digits --count 3 --dry-run -o dry.png
[ $status = 0 ] && grep -qE '^[0-9.]+.*MiB of memory on ' "$work/out" && [ ! -e dry.png ]
result $? 'a dry run says how much memory it takes, and makes nothing'
run denoise -m digits g-1.png --dry-run
[ $status = 0 ] && grep -qE '^[0-9.]+.*[KMG]iB of memory on ' "$work/out"
result $? 'of a job that reads a picture, too, and needs no output'
need() { # MORE ARGUMENT...: what a job takes, in MiB, and so much more
  local more=$1
  shift
  run generate -m digits --class 3 --steps 2 "$@" --dry-run
  awk -v more="$more" '/MiB/ { printf "%.1fM\n", $1 + more }' "$work/out"
}
run generate -m digits --class 3 --steps 2 --count 5 --memory "$(need 0.1 --count 1)" -o bound-%d.png
[ $status = 0 ] && cmp bound-1.png g-whole-1.png && cmp bound-5.png g-whole-5.png
result $? 'little memory changes no byte of a batch'
run generate -m digits --class 3 --steps 2 --size 64x64 --memory "$(need -0.1 --size 64x64)" -o cut.png
[ $status = 0 ] && run replay cut.png -o again.png && [ $status = 0 ] && cmp cut.png again.png
result $? 'pictures that were cut into tiles are made again with as much memory as there is'
run replay g-whole-5.png --memory "$(need 0.1 --count 1)" -o again.png
[ $status = 0 ] && cmp g-whole-5.png again.png
result $? 'a picture is made again with little memory'
run generate -m digits --class 3 --steps 2 --size 64x64 -o whole.png
rm -f again.png
declines 'no tiles are cut for a picture that had none' 1 'memory: 64x64 needs [^,]* of the device, and .* are allowed' \
  replay whole.png --memory "$(need -0.1 --size 64x64)" -o again.png
run replay whole.png --memory 5X -o again.png
[ $status = 2 ] && said 'memory: "5X" is not a size' && [ ! -e again.png ]
result $? 'replay refuses what is no size'
for size in 0 -1 inf 0x10M 5X 512MB 1e9 .; do
  run generate -m digits -o none.png "--memory=$size"
  [ $status = 2 ] && said "memory: .* is not a size such as 512M or 2G" && [ ! -e none.png ]
  result $? "refuses --memory $size"
done
declines 'a job that needs more than it may take' 1 'needs .*MiB of the device.* and 2.0.*MiB are allowed' \
  generate -m digits --class 3 --memory 2M -o none.png
declines 'what does not fit, naming what it needs' 1 'need [0-9.]+.*TiB of memory, of ' \
  generate -m digits --size 1000x1000 --count 10000 --frames 100 --steps 100 --dry-run

finish
