#include "shrink.h"

void shrink_row_baseline(const shrink_tiling *tiling, size_t row);
void shrink_write_back_baseline(float *values, float *sums, const uint8_t *states, float scale, size_t count);
#if defined(__x86_64__)
void shrink_row_avx2(const shrink_tiling *tiling, size_t row);
void shrink_write_back_avx2(float *values, float *sums, const uint8_t *states, float scale, size_t count);
void shrink_row_avx512(const shrink_tiling *tiling, size_t row);
void shrink_write_back_avx512(float *values, float *sums, const uint8_t *states, float scale, size_t count);
#endif

size_t shrink_rows(const shrink_tiling *s) {
  size_t depth = s->depth == 16 ? 16 : 8;
  return (s->frames + s->shift_t + depth - 1) / depth * ((s->height + s->shift_y + 15) / 16);
}

void shrink_row_at(vm_level level, const shrink_tiling *tiling, size_t row) {
  switch (level) {
#if defined(__x86_64__)
    case VM_AVX512: shrink_row_avx512(tiling, row); return;
    case VM_AVX2: shrink_row_avx2(tiling, row); return;
#endif
    default: shrink_row_baseline(tiling, row);
  }
}

void shrink_row(const shrink_tiling *tiling, size_t row) { shrink_row_at(vm_kernels_best()->level, tiling, row); }

void shrink_write_back(float *values, float *sums, const uint8_t *states, float scale, size_t count) {
  switch (vm_kernels_best()->level) {
#if defined(__x86_64__)
    case VM_AVX512: shrink_write_back_avx512(values, sums, states, scale, count); return;
    case VM_AVX2: shrink_write_back_avx2(values, sums, states, scale, count); return;
#endif
    default: shrink_write_back_baseline(values, sums, states, scale, count);
  }
}
