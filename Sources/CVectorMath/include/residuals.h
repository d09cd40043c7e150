#ifndef RESIDUALS_H
#define RESIDUALS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Motion between pictures that are `scale` times smaller than those it is used for, (rows, columns).
typedef struct {
  const float *dx, *dy;
  size_t rows, columns, scale;
} residual_flow;

/// Floats of scratch memory that a kernel needs for a picture of a width.
#define RESIDUAL_SCRATCH(WIDTH) (96 * ((WIDTH) + 16))

/// Floats of scratch memory that medians of a window need.
#define MEDIAN_SCRATCH(WINDOW) (2 * ((WINDOW) + 48))

/// Kernels for one instruction set. Pictures are (height, width) floats without gaps between rows, in steps of 8 bits; rows
/// first ..< end are written and no others, so that threads can share a picture.
typedef struct {
  /// What `picture` shows where the flow leads: moved(y, x) = picture(y + dy, x + dx), the flow linear between its samples, the
  /// picture by cubic convolution (R. Keys, IEEE TASSP 1981, a = -1/2) and held beyond its edges. inside, of the rows that are
  /// written alone, is 1 where the flow leads into the picture, else 0. At most 2^31 - 1 samples.
  void (*move)(
      const float *picture, size_t height, size_t width, const residual_flow *flow, size_t first, size_t end, float *moved,
      uint8_t *inside, float *scratch);

  /// One step of Lucas and Kanade's method (1981) from `moved` towards `picture` by at most a sample each way:
  /// settled = moved + gx dx + gy dy with slopes by Sobel. Cells of 2 x 2 samples make the same step, each from the window of 5 x 5
  /// cells around it. A residual r counts 1 / (1 + (r/4)^2), so that what is in one picture only does not pull. Pictures, and their
  /// cells, are mirrored at their edges.
  void (*settle)(
      const float *picture, const float *moved, size_t height, size_t width, size_t first, size_t end, float *settled,
      float *scratch);

  /// Half the sum, and half the absolute difference, of the residuals against two pictures, each blurred (5 x 5, a Gaussian with
  /// deviation 0.8).
  void (*compare)(
      const float *picture, const float *settled1, const float *settled2, size_t height, size_t width, size_t first, size_t end,
      float *mean, float *half, float *scratch);

  /// The medians of `window` numbers, which is odd, around each one of a row; the row is mirrored at its ends, its last numbers too.
  void (*median)(const float *values, size_t count, size_t window, float *medians, float *scratch);
} residual_kernels;

#pragma clang assume_nonnull end

#endif
