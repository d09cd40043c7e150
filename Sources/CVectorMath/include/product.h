#ifndef PRODUCT_H
#define PRODUCT_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// c (rows, columns) = a (rows, depth) b (depth, columns), or added to c if `accumulate` is not 0.
///
/// Element (i, k) of a is a[i * a_row + k * a_k], so that a may be a transpose; b and c are row by row with
/// distances b_stride and c_stride. 15 floats beyond the last element of b must be readable.
typedef void matrix_product(
    const float *a, size_t a_row, size_t a_k, const float *b, size_t b_stride, float *c, size_t c_stride,
    size_t rows, size_t columns, size_t depth, int accumulate);

/// Products of matrices for one instruction set.
typedef struct {
  /// In single precision.
  matrix_product *full;

  /// The elements of a and b may be rounded to bfloat16 (to nearest, ties to even: 8 bits of precision), sums are in
  /// single precision: about twice as fast where the processor multiplies such numbers, elsewhere the same as `full`.
  /// a_row or a_k must be 1.
  matrix_product *rounded;
} product_kernels;

#pragma clang assume_nonnull end

#endif
