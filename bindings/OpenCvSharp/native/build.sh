#!/bin/sh
# Compiles the OpenCV bridge: build.sh OUTDIR -> OUTDIR/libOpenCvSharpBridge.so. Needs g++, pkg-config and libopencv-dev.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR}
pkg-config --exists opencv4 || { echo "OpenCV's headers are missing: install libopencv-dev" >&2; exit 1; }
mkdir -p "$out"
# Only the modules in use: the whole list of pkg-config would load some fifty libraries at every start.
g++ -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra $(pkg-config --cflags opencv4) \
  "$here"/*.cpp -o "$out/libOpenCvSharpBridge.so.new" $(pkg-config --libs-only-L opencv4) \
  -lopencv_objdetect -lopencv_video -lopencv_videoio -lopencv_imgcodecs -lopencv_imgproc -lopencv_core
mv "$out/libOpenCvSharpBridge.so.new" "$out/libOpenCvSharpBridge.so"
