#include "surface.h"

extern const surface_kernels surface_table_baseline;
#if defined(__x86_64__)
extern const surface_kernels surface_table_avx2, surface_table_avx512;
#endif

const surface_kernels *surface_kernels_at(vm_level level) {
  switch (level) {
#if defined(__x86_64__)
    case VM_AVX512: return &surface_table_avx512;
    case VM_AVX2: return &surface_table_avx2;
#endif
    default: return &surface_table_baseline;
  }
}
