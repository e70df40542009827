#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sfumato doctor, on machines that are made up. TAP.
# Run: doctor.sh PROGRAM SOURCE_ROOT LUA
set -u
. "$2/tests/cli/harness.sh"
export LC_ALL=C.UTF-8
unset GIMP2_DIRECTORY GIMP3_DIRECTORY VK_DRIVER_FILES VK_ICD_FILENAMES XDG_CONFIG_HOME XDG_CACHE_HOME

# doctor [NAME=VALUE...] PROGRAM...: in that environment. Leaves $status, out, err.
doctor() {
  env "$@" >"$work/out" 2>"$work/err"
  status=$?
}

# Without a driver nothing takes long.
driverless=(VK_DRIVER_FILES=/nowhere VK_ICD_FILENAMES=/nowhere)

# Whether there is a line of each kind: "STATE NAME: PATTERN".
finds() {
  local want
  for want in "$@"; do
    local name=${want#* } state=${want%% *}
    grep -qE -- "^$state +${name%%: *} +${name#*: }" "$work/out" || return 1
  done
  ! grep -q 'Sanitizer\|runtime error' "$work/err"
}

# ---- help and usage

run doctor --help
[ $status = 0 ] && prints_all --json --device --data --quiet 'sfumato doctor --json'
result $? 'explains itself, with examples'
refuses 'refuses a stray argument' 2 '"me" is one argument too many' doctor me

# ---- this machine

run doctor
[ $status = 0 ] && finds 'ok Vulkan loader: Vulkan 1\.' 'ok Vulkan drivers: [0-9]+ devices?: [^ ]' 'ok device: 0, .*Vulkan 1\.' \
  'ok memory: .*iB are free' "ok data: $SFUMATO_DATA\\.$" 'ok models: digits, photo, textures\.$' \
  'ok scripts: [0-9]+ schedules and [0-9]+ samplers, 0 of them your own' \
  'ok a picture: digits, 24x24, a single step, in [0-9.]+ s' 'ok locale: C.UTF-8' \
  "ok your own folder: $XDG_DATA_HOME/sfumato can be made"
result $? 'finds that pictures can be made here'
[ "$(tail -n 1 "$work/out")" = 'Pictures can be made.' ]
result $? 'and says so in the end'
! grep -E '^ok +device: .*: CPU,' "$work/out" || grep -qE '^ok +device +.*this is software.*install its Vulkan driver\.$' "$work/out"
result $? 'calls a software device one'
doctor SFUMATO_DEVICE=nvidia-of-old "$program" doctor
[ $status = 1 ] && finds 'broken device: no device "nvidia-of-old".* Unset SFUMATO_DEVICE'
result $? 'says that SFUMATO_DEVICE names none'
doctor -u HOME -u XDG_DATA_HOME "$program" doctor --quiet
[ $status = 0 ] && ! grep -q '^ok' "$work/out"
result $? 'works without HOME, and says with --quiet what is not ok alone'

# ---- Vulkan

doctor "${driverless[@]}" "$program" doctor
[ $status = 1 ] && finds 'ok Vulkan loader: ' 'missing Vulkan drivers: no Vulkan driver' \
  'broken Vulkan drivers: VK_DRIVER_FILES names /nowhere, which is not there\. Unset VK_DRIVER_FILES' 'ok models: digits'
result $? 'says that there is no driver, and which variable hides them'
[ "$(tail -n 1 "$work/out")" = 'Pictures cannot be made. In the way: Vulkan drivers.' ]
result $? 'says in the end what is in the way'
mkdir none
echo 'no library' | tee none/libvulkan.so.1 >none/libvulkan.so
doctor LD_LIBRARY_PATH="$work/none" "$program" doctor
[ $status = 1 ] && finds 'missing Vulkan loader: no Vulkan on this system' 'ok scripts: '
result $? 'says that there is no loader'
doctor "${driverless[@]}" VK_LAYER_PATH=/nowhere "$program" doctor
finds 'missing validation layers: They are not there; only --validate needs them'
result $? 'says that there are no validation layers'
mkdir bin
doctor "${driverless[@]}" PATH="$work/bin" "$program" doctor
finds 'missing Vulkan drivers: .* Install what your system calls mesa-vulkan-drivers'
result $? 'says what to install where there is no apt'
ln -s /bin/true bin/apt-get
doctor "${driverless[@]}" PATH="$work/bin" "$program" doctor
finds 'missing Vulkan drivers: .* Run "sudo apt install mesa-vulkan-drivers"' 'missing GIMP: Neither 2.10 .* Run "sudo apt install gimp"'
result $? 'says what to run where there is'

# ---- models and scripts

mkdir -p "$XDG_DATA_HOME/sfumato/scripts" "$XDG_DATA_HOME/sfumato/models"
for name in torn garbled sizeless; do
  cp -r "$SFUMATO_DATA/models/digits" "$XDG_DATA_HOME/sfumato/models/$name"
  chmod -R u+w "$XDG_DATA_HOME/sfumato/models/$name"
done
truncate -s 1000 "$XDG_DATA_HOME/sfumato/models/torn/unet/diffusion_pytorch_model.safetensors"
sed -i '/"width"\|"height"/d' "$XDG_DATA_HOME/sfumato/models/sizeless/sfumato.json"
sed -i '/"sample_size"/d' "$XDG_DATA_HOME/sfumato/models/sizeless/unet/config.json"
echo '{' >"$XDG_DATA_HOME/sfumato/models/garbled/unet/config.json"
echo 'return diffusion.sampler { api = 1, nam = "x" }' >"$XDG_DATA_HOME/sfumato/scripts/bad.lua"
doctor "$program" doctor
[ $status = 0 ] && finds 'broken a model: torn: .*safetensors' 'broken a model: garbled: .*config.json' \
  'ok models: digits, photo, sizeless, textures\.$' "broken a script: $XDG_DATA_HOME/sfumato/scripts/bad.lua: .*unknown key 'nam'" \
  'ok a picture: digits, '
result $? 'names broken models and scripts, and goes on with a model that says its size'
rm -r "$XDG_DATA_HOME/sfumato/models/sizeless"
doctor "${driverless[@]}" SFUMATO_DATA="$work/none" "$program" doctor
[ $status = 1 ] && finds "missing data: $work/none/lua is not there.*SFUMATO_DATA" 'missing models: There is none to use' \
  'missing scripts: 0 schedules and 0 samplers'
result $? 'says that the data are not there'
tail -n 1 "$work/out" | grep -q 'Vulkan drivers, models, scripts\.$'
result $? 'and that they are in the way'
doctor "${driverless[@]}" SFUMATO_MODELS="/nowhere:$work/none" "$program" doctor
finds 'missing models: SFUMATO_MODELS names /nowhere, which is no folder'
result $? 'says that SFUMATO_MODELS names what is no folder'

# ---- locale and folders

doctor "${driverless[@]}" LC_ALL=C "$program" doctor
finds 'broken locale: Its characters are ANSI_X3.4-1968.* Set LC_ALL=C.UTF-8'
result $? 'says that the locale is not UTF-8'
doctor "${driverless[@]}" LC_ALL=xx_XX.UTF-8 "$program" doctor
finds 'missing locale: The locale that LANG and LC_\* ask for is not there'
result $? 'says that there is no such locale'
finds 'missing language: Sfumato speaks no xx_XX; texts are in English'
result $? 'says that there is no translation'
mkdir -p "$work/locale/de/LC_MESSAGES"
: >"$work/locale/de/LC_MESSAGES/sfumato.mo"
doctor "${driverless[@]}" LC_ALL=de_AT.UTF-8 SFUMATO_LOCALE="$work/locale" "$program" doctor
finds 'ok language: de_AT'
result $? 'finds one of the language for a country that has none of its own'
doctor "${driverless[@]}" LC_ALL=C.UTF-8 "$program" doctor
finds 'ok language: English'
result $? 'knows English'
doctor "${driverless[@]}" HOME=/dev/null XDG_DATA_HOME=/dev/null/share "$program" doctor
finds 'broken your own folder: /dev/null/share/sfumato cannot be written to.* Move /dev/null away: it is no folder' \
  'broken cache: /dev/null/.cache cannot be written to: drivers compile every shader anew'
result $? 'says which folders cannot be written to'

# ---- GIMP

# A prefix with both GIMPs, as Debian 12 and 13 lay them out.
fake=$work/usr
profile=$work/.config/GIMP
folder_2=$fake/lib/gimp/2.0/plug-ins folder_3=$fake/lib/x86_64-linux-gnu/gimp/3.0/plug-ins
mkdir -p "$fake/bin" "$folder_2" "$folder_3"
for name in gimp-console-2.10 gimp-3.0; do
  cp /bin/true "$fake/bin/$name"
done
gimp_doctor() { # [NAME=VALUE...]
  doctor "${driverless[@]}" PATH="$fake/bin" "$@" "$program" doctor
}
put_plug_in() { # FOLDER LIBRARY [JOB...]
  local to=$1/diffusion library=$2
  shift 2
  [ $# -gt 0 ] || set -- generate denoise interpolate vary inpaint
  mkdir -p "$to"
  { printf '\177ELF\0%s\0' "$library"; printf 'plug-in-diffusion-%s\0' "$@"; } >"$to/diffusion"
  chmod +x "$to/diffusion"
}

gimp_doctor
finds "ok GIMP 2.10: $fake/bin/gimp-console-2.10" "ok GIMP 3.0: $fake/bin/gimp-3.0" \
  "missing plug-in for 2.10: In none of $profile/2.10/plug-ins, $folder_2\\." \
  "missing plug-in for 3.0: In none of $profile/3.0/plug-ins, $folder_3\\." "ok profile of 2.10: $profile/2.10 can be made"
result $? 'finds both GIMPs, and says where it has looked for the plug-in'
put_plug_in "$folder_2" libgimp-2.0.so.0
put_plug_in "$folder_3" libgimp-3.0.so.0
gimp_doctor
finds "ok plug-in for 2.10: $folder_2/diffusion/diffusion" "ok plug-in for 3.0: $folder_3/diffusion/diffusion"
result $? 'finds the plug-ins for all users'
put_plug_in "$folder_2" libgimp-2.0.so.0 generate
gimp_doctor
finds "broken plug-in for 2.10: $folder_2/diffusion/diffusion is of an earlier version: it has no plug-in-diffusion-vary"
result $? 'says that a plug-in lacks procedures'
put_plug_in "$folder_2" libgimp-2.0.so.0
put_plug_in "$profile/3.0/plug-ins" libgimp-2.0.so.0
gimp_doctor
finds "ok plug-in for 2.10: $folder_2" \
  "broken plug-in for 3.0: $profile/3.0/plug-ins/diffusion/diffusion is not for this GIMP: it does not use libgimp-3.0.so"
result $? 'finds one of the user first, and that it is for another GIMP'
chmod -x "$profile/3.0/plug-ins/diffusion/diffusion"
gimp_doctor
finds 'broken plug-in for 3.0: .*diffusion/diffusion is not executable'
result $? 'says that a plug-in is not executable'
rm "$profile/3.0/plug-ins/diffusion/diffusion"
gimp_doctor
finds 'broken plug-in for 3.0: .*diffusion/diffusion is not there, though its folder is'
result $? 'says that a folder is empty'
rmdir "$profile/3.0/plug-ins/diffusion" && echo >"$profile/3.0/plug-ins/diffusion"
gimp_doctor
finds 'broken plug-in for 3.0: .*plug-ins/diffusion is a file, and GIMP looks for diffusion/diffusion'
result $? 'says that a plug-in has no folder of its own'
mkdir -p "$work/profile"
echo "# (plug-in-path \"/nowhere\")
(plug-in-path \"$work/more \\\"s\\\":\${gimp_dir}/own:\${gimp_plug_in_dir}/plug-ins\")" >"$work/profile/gimprc"
gimp_doctor GIMP2_DIRECTORY="$work/profile" GIMP3_DIRECTORY=elsewhere
finds "ok plug-in for 2.10: $folder_2" "ok profile of 2.10: $work/profile can be written to" "ok profile of 3.0: $work/elsewhere"
result $? 'looks for the profile where GIMP2_DIRECTORY and GIMP3_DIRECTORY say'
put_plug_in "$work/profile/own" libgimp-2.0.so.0
gimp_doctor GIMP2_DIRECTORY="$work/profile"
finds "ok plug-in for 2.10: $work/profile/own/diffusion/diffusion"
result $? 'reads plug-in-path in the gimprc'
put_plug_in "$work/more \"s\"" libgimp-2.0.so.0
gimp_doctor GIMP2_DIRECTORY="$work/profile"
finds "ok plug-in for 2.10: $work/more \"s\"/diffusion/diffusion"
result $? 'first to last, quotes and blanks included'
gimp_doctor GIMP2_DIRECTORY=/dev/null/profile
finds 'broken profile of 2.10: /dev/null/profile cannot be written to: the last values are not kept'
result $? 'says that a profile cannot be written to'

flatpak=$XDG_DATA_HOME/flatpak
mkdir -p "$flatpak/app/org.gimp.GIMP"
doctor "${driverless[@]}" PATH="$work/bin" "$program" doctor
finds "ok GIMP in Flatpak: $flatpak/app/org.gimp.GIMP" 'missing plug-in in Flatpak: .* run "flatpak-builder --user' &&
  ! grep -q 'Neither 2.10' "$work/out"
result $? 'finds the GIMP of Flatpak, and that its extension is missing'
mkdir -p "$flatpak/runtime/org.gimp.GIMP.Plugin.Diffusion"
doctor "${driverless[@]}" PATH="$work/bin" "$program" doctor
finds "ok plug-in in Flatpak: $flatpak/runtime/org.gimp.GIMP.Plugin.Diffusion"
result $? 'finds the extension'

# ---- for programs

doctor "${driverless[@]}" "$program" doctor --json
text='"([^"\\]|\\["\\u])*"'
[ $status = 1 ] && head -n 1 "$work/out" | grep -qE '^\{"version": "[0-9.]+", "pictures": false, "checks": \[$' &&
  [ "$(tail -n 1 "$work/out")" = ']}' ] &&
  ! sed '1d;$d' "$work/out" | grep -vE "^  \{\"name\": $text, \"state\": \"(ok|missing|broken)\", \"needed\": (true|false), \"finding\": $text, \"remedy\": (null|$text)\},?\$" &&
  [ "$(sed '1d;$d' "$work/out" | grep -vc ',$')" = 1 ]
result $? 'says it as JSON'
grep -qE '"name": "Vulkan drivers", "state": "missing", "needed": true, .*"remedy": "' "$work/out" &&
  grep -qE "\"name\": \"a script\", .*unknown key 'nam', did you mean 'name'\\?\", \"remedy\": \"Correct it, with \\\\\"sfumato" "$work/out"
result $? 'with the same lines'

finish
