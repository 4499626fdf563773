#!/bin/sh
# Compiles the OpenCV bridge: build.sh OUTDIR -> OUTDIR/libOpenCvSharpBridge.so. Needs g++, pkg-config, libopencv-dev, and
# libavcodec-dev, libavformat-dev, libswscale-dev (the FFmpeg that OpenCV itself uses).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR}
pkg-config --exists opencv4 || { echo "OpenCV's headers are missing: install libopencv-dev" >&2; exit 1; }
pkg-config --exists libavcodec libavformat libswscale ||
  { echo "FFmpeg's headers are missing: install libavcodec-dev libavformat-dev libswscale-dev" >&2; exit 1; }
mkdir -p "$out"
# Only the modules in use: the whole list of pkg-config would load some fifty libraries at every start.
g++ -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra $(pkg-config --cflags opencv4) \
  "$here"/*.cpp -o "$out/libOpenCvSharpBridge.so.new" $(pkg-config --libs-only-L opencv4) \
  -lopencv_objdetect -lopencv_video -lopencv_videoio -lopencv_imgcodecs -lopencv_imgproc -lopencv_core \
  $(pkg-config --libs libavformat libavcodec libswscale libavutil)
mv "$out/libOpenCvSharpBridge.so.new" "$out/libOpenCvSharpBridge.so"
