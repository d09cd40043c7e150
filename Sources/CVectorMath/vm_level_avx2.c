#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VM_NAME(f) f##_avx2
#define VM_LEVEL VM_AVX2
#define VM_TILE_ROWS 6
#define VM_TILE_VECTORS 1
#include "vm_kernels.inc"
#pragma clang attribute pop
#endif
