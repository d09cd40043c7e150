#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include "alike.h"
#include "elementwise.h"
#include "group.h"
#include "patches.h"
#include "product.h"
#include "blocks.h"
#include "level_lines.h"
#include "residuals.h"
#include "spots.h"
#include "variation.h"

#pragma clang assume_nonnull begin

/// Instruction sets that the kernels are compiled for, from one source.
typedef enum {
  /// Whatever every machine of the architecture has (SSE2, NEON).
  VM_BASELINE = 0,
  /// AVX2 with fused multiply-add.
  VM_AVX2 = 1,
  /// AVX-512 F, BW, DQ, VL.
  VM_AVX512 = 2,
  /// The same, and products of bfloat16 numbers.
  VM_AVX512_BF16 = 3,
} vm_level;

/// All kernels for one instruction set, by domain.
typedef struct {
  vm_level level;
  elementwise_kernels elementwise;
  product_kernels product;
  variation_kernels variation;
  block_kernels blocks;
  group_kernels group;
  level_line_kernels level_lines;
  spot_kernels spots;
  residual_kernels residuals;
  patch_kernels patches;
  alike_kernels alike;
} vm_kernels;

/// The kernels for `level`, or NULL where this CPU lacks it.
const vm_kernels *_Nullable vm_kernels_at(vm_level level);

/// The name of a level, as the environment variable INRR_INSTRUCTIONS has it: "baseline", "avx2", "avx512", "avx512-bf16".
const char *vm_level_name(vm_level level);

/// The kernels for the level that the environment variable INRR_INSTRUCTIONS names, or for the best level of this CPU where it
/// names none that this CPU has; or for the one set by `vm_force_level`.
const vm_kernels *vm_kernels_best(void);

/// Makes `vm_kernels_best` answer `level` if the CPU has it; for tests and benchmarks, before anything else runs.
void vm_force_level(vm_level level);

#pragma clang assume_nonnull end

#endif
