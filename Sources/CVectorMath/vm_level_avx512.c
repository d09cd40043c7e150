#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#define VM_NAME(f) f##_avx512
#define VM_LEVEL VM_AVX512
#define VM_TILE_ROWS 8
#define VM_TILE_VECTORS 3
#include "vm_kernels.inc"
#pragma clang attribute pop
#endif
