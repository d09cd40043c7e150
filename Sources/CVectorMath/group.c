#include "group.h"

void group_match_baseline(const group_volume *volume, uint32_t reference, uint32_t *matches);
float group_shrink_baseline(const group_volume *volume, const uint32_t *matches, float *patches);
#if defined(__x86_64__)
void group_match_avx2(const group_volume *volume, uint32_t reference, uint32_t *matches);
float group_shrink_avx2(const group_volume *volume, const uint32_t *matches, float *patches);
void group_match_avx512(const group_volume *volume, uint32_t reference, uint32_t *matches);
float group_shrink_avx512(const group_volume *volume, const uint32_t *matches, float *patches);
#endif

void group_match_at(vm_level level, const group_volume *volume, uint32_t reference, uint32_t *matches) {
  switch (level) {
#if defined(__x86_64__)
    case VM_AVX512: group_match_avx512(volume, reference, matches); return;
    case VM_AVX2: group_match_avx2(volume, reference, matches); return;
#endif
    default: group_match_baseline(volume, reference, matches);
  }
}

float group_shrink_at(vm_level level, const group_volume *volume, const uint32_t *matches, float *patches) {
  switch (level) {
#if defined(__x86_64__)
    case VM_AVX512: return group_shrink_avx512(volume, matches, patches);
    case VM_AVX2: return group_shrink_avx2(volume, matches, patches);
#endif
    default: return group_shrink_baseline(volume, matches, patches);
  }
}

void group_match(const group_volume *volume, uint32_t reference, uint32_t *matches) {
  group_match_at(vm_kernels_best()->level, volume, reference, matches);
}

float group_shrink(const group_volume *volume, const uint32_t *matches, float *patches) {
  return group_shrink_at(vm_kernels_best()->level, volume, matches, patches);
}

void group_add(
    const group_volume *volume, const uint32_t *matches, const float *patches, const float *weights, size_t count,
    size_t first, size_t last, float *sums, float *counts) {
  size_t area = volume->height * volume->width;
  size_t patch = GROUP_SIDE * GROUP_SIDE * GROUP_SIZE;
  for (size_t g = 0; g < count; g++)
    for (size_t k = 0; k < GROUP_SIZE; k++) {
      size_t at = matches[g * GROUP_SIZE + k];
      if (at < first * area || at >= last * area) continue;
      float weight = weights[g];
      for (size_t c = 0; c < volume->channels; c++) {
        const float *p = patches + (g * volume->channels + c) * patch + k;
        float *s = sums + c * volume->channel_stride + at;
        for (size_t y = 0; y < GROUP_SIDE; y++)
          for (size_t x = 0; x < GROUP_SIDE; x++)
            s[y * volume->width + x] += weight * p[(y * GROUP_SIDE + x) * GROUP_SIZE];
      }
      for (size_t y = 0; y < GROUP_SIDE; y++)
        for (size_t x = 0; x < GROUP_SIDE; x++) counts[at + y * volume->width + x] += weight;
    }
}
