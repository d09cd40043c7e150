#include "alike.h"

void alike_add(
    const alike_signal *signal, const uint32_t *places, const float *patches, size_t count, size_t first, size_t last,
    float *sums, float *counts) {
  size_t samples = signal->channels * signal->depth * ALIKE_SIDE * ALIKE_SIDE;
  for (size_t g = 0; g < count; g++)
    for (size_t k = 0; k < ALIKE_MEMBERS; k++) {
      const float *p = patches + (g * ALIKE_MEMBERS + k) * samples;
      size_t place = places[g * ALIKE_SIZE + k];
      for (size_t c = 0; c < signal->channels; c++)
        for (size_t z = 0; z < signal->depth; z++)
          for (size_t y = 0; y < ALIKE_SIDE; y++, p += ALIKE_SIDE) {
            size_t row = place / signal->width + z * signal->height + y;
            if (row < first || row >= last) continue;
            size_t at = row * signal->width + place % signal->width;
            for (size_t x = 0; x < ALIKE_SIDE; x++) sums[c * signal->channel_stride + at + x] += p[x];
            if (c == 0)
              for (size_t x = 0; x < ALIKE_SIDE; x++) counts[at + x] += 1;
          }
    }
}
