#!/bin/sh
# Builds libTorchSharpBridge.so into the folder named, over Debian's libtorch-dev, or over the libtorch that LIBTORCH points to
# (an unpacked distribution with include/ and lib/, version 1.13 or 2.x, with or without CUDA).
set -eu
out=${1:?usage: build.sh OUTDIR}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

if [ -n "${LIBTORCH:-}" ]; then
    [ -f "$LIBTORCH/include/ATen/ATen.h" ] || { echo "LIBTORCH=$LIBTORCH has no include/ATen/ATen.h: point it to an unpacked libtorch" >&2; exit 1; }
    flags="-I$LIBTORCH/include -L$LIBTORCH/lib -Wl,-rpath,$LIBTORCH/lib"
    # Distributions before 2.7 come with either C++ ABI; the library says which one it was built with.
    if ! grep -q cxx11 "$LIBTORCH/lib/libc10.so"; then flags="$flags -D_GLIBCXX_USE_CXX11_ABI=0"; fi
    libraries="-ltorch_cpu -lc10"
    # The CUDA kernels register themselves when their library is loaded; nothing refers to them by name.
    if [ -f "$LIBTORCH/lib/libtorch_cuda.so" ]; then libraries="-Wl,--no-as-needed -ltorch_cuda -lc10_cuda $libraries"; fi
else
    [ -f /usr/include/ATen/ATen.h ] || { echo "libtorch is missing: apt-get install libtorch-dev, or point LIBTORCH to an unpacked libtorch" >&2; exit 1; }
    flags=""
    libraries="-ltorch_cpu -lc10"
fi

# Into place by renaming: a program that has the old library mapped goes on with it.
# shellcheck disable=SC2086 # the flags are lists
${CXX:-g++} -std=c++17 -O3 -fPIC -shared -fvisibility=hidden -Wall -Wno-unknown-pragmas "$here/bridge.cpp" $flags $libraries -o "$out/.libTorchSharpBridge.so.$$"
mv "$out/.libTorchSharpBridge.so.$$" "$out/libTorchSharpBridge.so"
