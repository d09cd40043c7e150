#!/bin/bash
# Tests/Arm64/run.sh [FOLDER]: the kernels for arm64, run by qemu, against the same for this machine, whose tests hold them
# against plain twins. Needs clang; Debian's qemu-user, libc6-dev-arm64-cross and libgcc-12-dev-arm64-cross, which it says where
# they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-out/test-arm64}
root=/usr/aarch64-linux-gnu
# As Package.swift has it.
flags=(-std=gnu17 -O3 -fno-math-errno -ffp-contract=fast -ISources/CVectorMath/include -ISources/CVectorMath)
if ! command -v clang >/dev/null || ! command -v qemu-aarch64 >/dev/null || [ ! -d $root/include ]; then
  echo "test-arm64: left out: there is no clang, qemu-aarch64 or C library for arm64 (apt install clang lld qemu-user libc6-dev-arm64-cross libgcc-12-dev-arm64-cross)"
  exit 0
fi
mkdir -p "$out"
sources=(Sources/CVectorMath/{group,set_baseline}.c Tests/Arm64/kernels.c)
clang "${flags[@]}" "${sources[@]}" -lm -o "$out/here"
clang --target=aarch64-linux-gnu "${flags[@]}" -isystem $root/include -B/usr/lib/gcc-cross/aarch64-linux-gnu/12 -L$root/lib \
  -L/usr/lib/gcc-cross/aarch64-linux-gnu/12 -fuse-ld=lld -static "${sources[@]}" -lm -o "$out/arm64"
"$out/here" >"$out/here.txt"
qemu-aarch64 "$out/arm64" >"$out/arm64.txt"
awk -v file="$out/arm64.txt" -f Tests/Arm64/compare.awk "$out/here.txt" | sort
