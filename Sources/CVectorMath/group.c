#include "group.h"

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
