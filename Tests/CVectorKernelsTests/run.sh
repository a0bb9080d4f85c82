#!/usr/bin/env bash
# Compiles the kernels and kernels_agree.c with the Swift toolchain's clang, and runs them.
# usage: run.sh native | aarch64
# native compares every instruction set of this processor; aarch64 compares NEON under an emulator and needs
# the Debian packages libc6-dev-arm64-cross, libgcc-12-dev-arm64-cross and qemu-user.
set -eu -o pipefail

machine=${1:?usage: run.sh native | aarch64}
cd "$(dirname "$0")"
kernels=../../Sources/CVectorKernels
clang=$(dirname "$(realpath "$(command -v swift)")")/clang
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

flags=()
emulator=()
case $machine in
native) ;;
aarch64)
  # Debian's headers and libraries for cross-compiling; static, so that the emulator needs no others.
  root=/usr/aarch64-linux-gnu
  gcc=$(printf '%s\n' /usr/lib/gcc-cross/aarch64-linux-gnu/* | sort -V | tail -n 1)
  flags=(--target=aarch64-linux-gnu "--gcc-install-dir=$gcc" -isystem "$root/include"
    "-L$root/lib" "-B$root/lib" -fuse-ld=lld -static)
  emulator=(qemu-aarch64)
  ;;
*)
  echo "run.sh: $machine is neither native nor aarch64" >&2
  exit 2
  ;;
esac

# As in release builds, and as in debug builds, where nothing is contracted or kept in registers.
for level in -O2 -O0; do
  "$clang" "${flags[@]}" $level -std=c11 -Wall -Wextra -Werror -I "$kernels/include" \
    kernels_agree.c "$kernels"/*.c -lm -o "$folder/kernels_agree"
  for seed in 1 2 3; do "${emulator[@]}" "$folder/kernels_agree" $seed; done
done
