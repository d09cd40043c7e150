// Samples between FFmpeg's pictures and planes of 8-bit or 16-bit integers. In C, and in a header, so that the loops
// are quick in debug builds too, where the tests run.
#ifndef INRR_SAMPLES_H
#define INRR_SAMPLES_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Where one component of a picture lies: `step` bytes from sample to sample, of which `bytes` (1 or 2)
/// hold `depth` bits from bit `shift` on.
typedef struct {
  int step, bytes, shift, depth, big_endian;
} inrr_samples;

/// Copies a component into `width` x `height` samples without padding. `inrr_read_bytes` keeps the lowest eight bits.
#define INRR_READ(NAME, SAMPLE)                                                                                 \
  static inline void NAME(                                                                                      \
      SAMPLE *restrict to, int width, int height, const uint8_t *from, ptrdiff_t stride, inrr_samples s) {      \
    const unsigned mask = (1u << s.depth) - 1;                                                                  \
    for (int y = 0; y < height; y++, to += width, from += stride) {                                             \
      const uint8_t *restrict row = from;                                                                       \
      if (s.bytes == 1 && s.step == 1 && s.depth == 8) {                                                        \
        for (int x = 0; x < width; x++) to[x] = row[x];                                                         \
      } else if (s.bytes == 1) {                                                                                \
        for (int x = 0; x < width; x++) to[x] = (SAMPLE)(row[(ptrdiff_t)x * s.step] >> s.shift & mask);         \
      } else if (s.step == 2 && s.shift == 0 && !s.big_endian) {                                                \
        for (int x = 0; x < width; x++) to[x] = (SAMPLE)((row[2 * x] | row[2 * x + 1] << 8) & mask);            \
      } else {                                                                                                  \
        for (int x = 0; x < width; x++) {                                                                       \
          const uint8_t *p = row + (ptrdiff_t)x * s.step;                                                       \
          unsigned value = s.big_endian ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[0] | p[1] << 8);          \
          to[x] = (SAMPLE)(value >> s.shift & mask);                                                            \
        }                                                                                                       \
      }                                                                                                         \
    }                                                                                                           \
  }
INRR_READ(inrr_read_bytes, uint8_t)
INRR_READ(inrr_read_words, uint16_t)
#undef INRR_READ

/// Copies one byte of the colours that a picture's indices stand for; a colour is 0xAARRGGBB.
static inline void inrr_read_palette(
    uint8_t *restrict to, int width, int height, const uint8_t *from, ptrdiff_t stride,
    const uint8_t *colours, int shift) {
  uint8_t values[256];
  for (int i = 0; i < 256; i++) {
    uint32_t colour;
    memcpy(&colour, colours + 4 * i, 4);
    values[i] = (uint8_t)(colour >> shift & 255);
  }
  for (int y = 0; y < height; y++, to += width, from += stride)
    for (int x = 0; x < width; x++) to[x] = values[from[x]];
}

/// Whether some of a palette's colours are transparent and some are not.
static inline int inrr_palette_has_alpha(const uint8_t *colours) {
  int seen = 0;
  for (int i = 0; i < 256; i++) {
    uint32_t colour;
    memcpy(&colour, colours + 4 * i, 4);
    seen |= colour >> 24 == 255 ? 1 : colour >> 24 == 0 ? 2 : 4;
  }
  // Programs without transparency leave all of them at 0.
  return seen != 1 && seen != 2;
}

/// Copies samples of one bit, the first in the highest bit of a byte, as 0 and 255.
static inline void inrr_read_bits(
    uint8_t *restrict to, int width, int height, const uint8_t *from, ptrdiff_t stride, int zero_is_white) {
  for (int y = 0; y < height; y++, to += width, from += stride)
    for (int x = 0; x < width; x++)
      to[x] = ((from[x >> 3] >> (7 - (x & 7)) & 1) != 0) != (zero_is_white != 0) ? 255 : 0;
}

/// Copies samples into a component of a picture; what lies beside the component's bits is kept.
#define INRR_WRITE(NAME, SAMPLE)                                                                                \
  static inline void NAME(                                                                                      \
      uint8_t *to, ptrdiff_t stride, const SAMPLE *restrict from, int width, int height, inrr_samples s) {      \
    const unsigned mask = (1u << s.depth) - 1;                                                                  \
    for (int y = 0; y < height; y++, to += stride, from += width) {                                             \
      uint8_t *restrict row = to;                                                                               \
      if (s.bytes == 1 && s.step == 1 && s.depth == 8) {                                                        \
        for (int x = 0; x < width; x++) row[x] = from[x] > 255 ? 255 : (uint8_t)from[x];                        \
      } else if (s.bytes == 1) {                                                                                \
        for (int x = 0; x < width; x++) {                                                                       \
          unsigned value = from[x] > mask ? mask : from[x];                                                     \
          uint8_t *p = row + (ptrdiff_t)x * s.step;                                                             \
          *p = (uint8_t)((*p & ~(mask << s.shift)) | value << s.shift);                                         \
        }                                                                                                       \
      } else if (s.step == 2 && s.shift == 0 && !s.big_endian) {                                                \
        for (int x = 0; x < width; x++) {                                                                       \
          unsigned value = from[x] > mask ? mask : from[x];                                                     \
          row[2 * x] = (uint8_t)value;                                                                          \
          row[2 * x + 1] = (uint8_t)(value >> 8);                                                               \
        }                                                                                                       \
      } else {                                                                                                  \
        for (int x = 0; x < width; x++) {                                                                       \
          uint8_t *p = row + (ptrdiff_t)x * s.step;                                                             \
          unsigned old = s.big_endian ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[0] | p[1] << 8);            \
          unsigned value = (from[x] > mask ? mask : from[x]) << s.shift | (old & ~(mask << s.shift));           \
          p[s.big_endian ? 1 : 0] = (uint8_t)value;                                                             \
          p[s.big_endian ? 0 : 1] = (uint8_t)(value >> 8);                                                      \
        }                                                                                                       \
      }                                                                                                         \
    }                                                                                                           \
  }
INRR_WRITE(inrr_write_bytes, uint8_t)
INRR_WRITE(inrr_write_words, uint16_t)
#undef INRR_WRITE
#endif
