#if defined(__x86_64__)
#include "CVectorMath.h"
#include "vector.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#define TILE_ROWS 8
#define TILE_VECTORS 3
#include "kernels.inc"
#pragma clang attribute pop

matrix_product product_bfloat16;

const vm_kernels vm_table_avx512 = VM_TABLE(VM_AVX512, product);
const vm_kernels vm_table_avx512_bf16 = VM_TABLE(VM_AVX512_BF16, product_bfloat16);
#endif
