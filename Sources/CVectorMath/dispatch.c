#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "CVectorMath.h"

extern const vm_kernels vm_table_baseline;
#if defined(__x86_64__)
extern const vm_kernels vm_table_avx2, vm_table_avx512, vm_table_avx512_bf16;
#endif

const vm_kernels *vm_kernels_at(vm_level level) {
  switch (level) {
    case VM_BASELINE: return &vm_table_baseline;
#if defined(__x86_64__)
    case VM_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &vm_table_avx2 : NULL;
    case VM_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("fma")
                 ? &vm_table_avx512
                 : NULL;
    case VM_AVX512_BF16:
      return vm_kernels_at(VM_AVX512) && __builtin_cpu_supports("avx512bf16") ? &vm_table_avx512_bf16 : NULL;
#endif
    default: return NULL;
  }
}

const char *vm_level_name(vm_level level) {
  switch (level) {
    case VM_AVX512_BF16: return "avx512-bf16";
    case VM_AVX512: return "avx512";
    case VM_AVX2: return "avx2";
    default: return "baseline";
  }
}

// The level that the environment asks for; NULL where it asks for none that this CPU has.
static const vm_kernels *asked_for(void) {
  const char *name = getenv("INRR_INSTRUCTIONS");
  for (int level = VM_AVX512_BF16; name && level >= VM_BASELINE; level--)
    if (!strcmp(name, vm_level_name((vm_level)level))) return vm_kernels_at((vm_level)level);
  return NULL;
}

// Chosen on first use; every thread that races to choose finds the same answer.
static _Atomic(const vm_kernels *) chosen;

const vm_kernels *vm_kernels_best(void) {
  const vm_kernels *table = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (table) return table;
  table = asked_for();
  for (int level = VM_AVX512_BF16; !table; level--) table = vm_kernels_at((vm_level)level);
  atomic_store_explicit(&chosen, table, memory_order_relaxed);
  return table;
}

void vm_force_level(vm_level level) {
  const vm_kernels *table = vm_kernels_at(level);
  if (table) atomic_store_explicit(&chosen, table, memory_order_relaxed);
}
