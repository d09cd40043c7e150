// The matrix product with operands rounded to bfloat16, for processors that multiply those in pairs (AVX-512 BF16):
// an instruction adds two products to each of sixteen sums, so that it takes half as many as in single precision.
//
// Successive k are packed in pairs: those of a as one 32-bit element, which is spread over a vector; those of b side by
// side for sixteen columns. Packing takes a few hundredths of the time where a has tens of rows.
#include "product.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

// In the table of set_avx512.c.
matrix_product product_bfloat16;

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16,avx2,fma"))), apply_to = function)

#define TILE_ROWS 8
#define TILE_VECTORS 3
// Of what is packed at a time: rows of a, and pairs of k.
#define BLOCK_ROWS 256
#define BLOCK_PAIRS 128

#define INLINE static inline __attribute__((always_inline))

// The first n of sixteen lanes, none where n is negative.
INLINE __mmask16 lanes(ptrdiff_t n) { return n >= 16 ? 0xffff : n <= 0 ? 0 : (__mmask16)((1u << n) - 1); }

// Sixteen pairs of the elements of two vectors, that of `low` in the lower half.
INLINE __m512i paired(__m512 low, __m512 high) {
  const __m512i order = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16,
      0);
  return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

// Pairs of successive rows of x (depth, columns), (pairs, stride): whole vectors, zero beyond the last column and row.
INLINE void pack_rows(
    const float *x, size_t x_stride, size_t depth, size_t columns, uint32_t *packed, size_t stride) {
  for (size_t k = 0; k < depth; k += 2, x += 2 * x_stride, packed += stride)
    for (size_t j = 0; j < columns; j += 16) {
      __mmask16 inside = lanes((ptrdiff_t)(columns - j));
      __m512 low = _mm512_maskz_loadu_ps(inside, x + j);
      __m512 high = k + 1 < depth ? _mm512_maskz_loadu_ps(inside, x + x_stride + j) : _mm512_setzero_ps();
      _mm512_storeu_si512(packed + j, paired(low, high));
    }
}

// Pairs of successive elements of each row of x (rows, depth), (rows, stride): whole vectors, zero beyond the last one.
INLINE void pack_columns(
    const float *x, size_t x_stride, size_t rows, size_t depth, uint32_t *packed, size_t stride) {
  for (size_t i = 0; i < rows; i++, x += x_stride, packed += stride)
    for (size_t k = 0; k < depth; k += 32) {
      __m512 low = _mm512_maskz_loadu_ps(lanes((ptrdiff_t)(depth - k)), x + k);
      __m512 high = _mm512_maskz_loadu_ps(lanes((ptrdiff_t)(depth - k) - 16), x + k + 16);
      _mm512_storeu_si512(packed + k / 2, (__m512i)_mm512_cvtne2ps_pbh(high, low));
    }
}

// rows and vectors are constants where this is called, so that the sums stay in registers.
INLINE void tile(
    const uint32_t *a, size_t a_row, size_t a_pair, const uint32_t *b, size_t pairs, float *c, size_t c_stride,
    const size_t rows, const size_t vectors, size_t last_width, int accumulate) {
  __m512 acc[TILE_ROWS][TILE_VECTORS];
#pragma unroll
  for (size_t i = 0; i < rows; i++)
#pragma unroll
    for (size_t j = 0; j < vectors; j++) {
      __mmask16 inside = j + 1 == vectors ? lanes((ptrdiff_t)last_width) : 0xffff;
      acc[i][j] = accumulate ? _mm512_maskz_loadu_ps(inside, c + i * c_stride + 16 * j) : _mm512_setzero_ps();
    }
  for (size_t k = 0; k < pairs; k++, a += a_pair, b += 16 * TILE_VECTORS) {
    __m512bh bk[TILE_VECTORS];
#pragma unroll
    for (size_t j = 0; j < vectors; j++) bk[j] = (__m512bh)_mm512_loadu_si512(b + 16 * j);
#pragma unroll
    for (size_t i = 0; i < rows; i++) {
      __m512bh ai = (__m512bh)_mm512_set1_epi32((int)a[i * a_row]);
#pragma unroll
      for (size_t j = 0; j < vectors; j++) acc[i][j] = _mm512_dpbf16_ps(acc[i][j], ai, bk[j]);
    }
  }
#pragma unroll
  for (size_t i = 0; i < rows; i++)
#pragma unroll
    for (size_t j = 0; j < vectors; j++) {
      __mmask16 inside = j + 1 == vectors ? lanes((ptrdiff_t)last_width) : 0xffff;
      _mm512_mask_storeu_ps(c + i * c_stride + 16 * j, inside, acc[i][j]);
    }
}

INLINE void panel(
    const uint32_t *a, size_t a_row, size_t a_pair, const uint32_t *b, size_t pairs, float *c, size_t c_stride,
    size_t rows, const size_t vectors, size_t last_width, int accumulate) {
  size_t i = 0;
#define TILE(n) \
  for (; i + n <= rows; i += n) \
  tile(a + i * a_row, a_row, a_pair, b, pairs, c + i * c_stride, c_stride, n, vectors, last_width, accumulate)
  TILE(TILE_ROWS);
  TILE(2);
  TILE(1);
#undef TILE
}

void product_bfloat16(
    const float *a, size_t a_row, size_t a_k, const float *b, size_t b_stride, float *c, size_t c_stride, size_t rows,
    size_t columns, size_t depth, int accumulate) {
  uint32_t packed_a[BLOCK_ROWS * BLOCK_PAIRS] __attribute__((aligned(64)));
  uint32_t packed_b[BLOCK_PAIRS * 16 * TILE_VECTORS] __attribute__((aligned(64)));
  for (size_t k = 0; k < depth; k += 2 * BLOCK_PAIRS) {
    size_t part = depth - k < 2 * BLOCK_PAIRS ? depth - k : 2 * BLOCK_PAIRS;
    size_t pairs = (part + 1) / 2;
    for (size_t i = 0; i < rows; i += BLOCK_ROWS) {
      size_t some = rows - i < BLOCK_ROWS ? rows - i : BLOCK_ROWS;
      const float *from = a + i * a_row + k * a_k;
      size_t row = 1, pair = (some + 15) / 16 * 16;
      if (a_k == 1) {
        row = (pairs + 15) / 16 * 16, pair = 1;
        pack_columns(from, a_row, some, part, packed_a, row);
      } else {
        pack_rows(from, a_k, part, some, packed_a, pair);
      }
      for (size_t j = 0; j < columns;) {
        size_t vectors = (columns - j + 15) / 16;
        // Two panels of two keep the multipliers busier than one of three and one of one.
        vectors = vectors == 4 ? 2 : vectors > TILE_VECTORS ? TILE_VECTORS : vectors;
        size_t width = columns - j < 16 * vectors ? columns - j : 16 * vectors;
        pack_rows(b + k * b_stride + j, b_stride, part, width, packed_b, 16 * TILE_VECTORS);
        size_t last = width - 16 * (vectors - 1);
        float *to = c + i * c_stride + j;
#define PANEL(n) \
  panel(packed_a, row, pair, packed_b, pairs, to, c_stride, some, n, last, accumulate || k > 0)
        if (vectors == 3) PANEL(3);
        else if (vectors == 2) PANEL(2);
        else PANEL(1);
#undef PANEL
        j += width;
      }
    }
  }
}

#pragma clang attribute pop
#endif
