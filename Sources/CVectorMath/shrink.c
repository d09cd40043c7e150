#include "shrink.h"

void shrink_row_baseline(const shrink_tiling *tiling, size_t row);
void shrink_frame_baseline(const shrink_tiling *tiling, size_t frame);
void shrink_write_back_baseline(float *values, float *sums, const uint8_t *states, float scale, size_t count);
void shrink_write_back_counted_baseline(
    float *values, float *sums, const float *counts, const uint8_t *states, size_t count);
#if defined(__x86_64__)
void shrink_row_avx2(const shrink_tiling *tiling, size_t row);
void shrink_frame_avx2(const shrink_tiling *tiling, size_t frame);
void shrink_write_back_avx2(float *values, float *sums, const uint8_t *states, float scale, size_t count);
void shrink_write_back_counted_avx2(
    float *values, float *sums, const float *counts, const uint8_t *states, size_t count);
void shrink_row_avx512(const shrink_tiling *tiling, size_t row);
void shrink_frame_avx512(const shrink_tiling *tiling, size_t frame);
void shrink_write_back_avx512(float *values, float *sums, const uint8_t *states, float scale, size_t count);
void shrink_write_back_counted_avx512(
    float *values, float *sums, const float *counts, const uint8_t *states, size_t count);
#endif

size_t shrink_slab_rows(const shrink_tiling *s) { return (s->height + s->shift_y + 15) / 16; }

size_t shrink_columns(const shrink_tiling *s) { return (s->width + s->shift_x + 15) / 16; }

size_t shrink_rows(const shrink_tiling *s) {
  size_t depth = s->depth == 16 ? 16 : 8;
  return (s->frames + s->shift_t + depth - 1) / depth * shrink_slab_rows(s);
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

void shrink_frame_at(vm_level level, const shrink_tiling *tiling, size_t frame) {
  switch (level) {
#if defined(__x86_64__)
    case VM_AVX512: shrink_frame_avx512(tiling, frame); return;
    case VM_AVX2: shrink_frame_avx2(tiling, frame); return;
#endif
    default: shrink_frame_baseline(tiling, frame);
  }
}

void shrink_frame(const shrink_tiling *tiling, size_t frame) {
  shrink_frame_at(vm_kernels_best()->level, tiling, frame);
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

void shrink_write_back_counted(
    float *values, float *sums, const float *counts, const uint8_t *states, size_t count) {
  switch (vm_kernels_best()->level) {
#if defined(__x86_64__)
    case VM_AVX512: shrink_write_back_counted_avx512(values, sums, counts, states, count); return;
    case VM_AVX2: shrink_write_back_counted_avx2(values, sums, counts, states, count); return;
#endif
    default: shrink_write_back_counted_baseline(values, sums, counts, states, count);
  }
}
