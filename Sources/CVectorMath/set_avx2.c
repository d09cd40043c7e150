#if defined(__x86_64__)
#include "CVectorMath.h"
#include "vector.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TILE_ROWS 6
#define TILE_VECTORS 1
#include "kernels.inc"
#pragma clang attribute pop

const vm_kernels vm_table_avx2 = VM_TABLE(VM_AVX2, product);
#endif
