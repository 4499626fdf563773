#!/bin/sh
# Compiles the OpenCV bridge: build.sh OUTDIR -> OUTDIR/libOpenCvSharpBridge.so. Needs g++ and the headers of the OpenCV modules and
# FFmpeg libraries named at the end (the FFmpeg that OpenCV itself uses). OPENCV_INCLUDE names another folder of OpenCV's headers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR}
include=${OPENCV_INCLUDE:-/usr/include/opencv4}
[ -e "$include/opencv2/core.hpp" ] || { echo "OpenCV's headers are not in $include: install libopencv-dev" >&2; exit 1; }
mkdir -p "$out"
# Only the modules in use: OpenCV has some fifty, and each is loaded at every start.
g++ -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -I"$include" \
  "$here"/*.cpp -o "$out/libOpenCvSharpBridge.so.new" \
  -lopencv_objdetect -lopencv_videoio -lopencv_imgcodecs -lopencv_imgproc -lopencv_core \
  -lavformat -lavcodec -lswscale -lavutil
mv "$out/libOpenCvSharpBridge.so.new" "$out/libOpenCvSharpBridge.so"
