#ifndef VARIATION_H
#define VARIATION_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// One frame of one plane and its neighbours in time; arrays are (height, width).
///
/// With Z = y where y is not NaN, else x, the value is
///   tv sum(|dy Z| + |dx Z|) + sstv sum(|dy (Z_next - Z)| + |dx (Z_next - Z)|),
/// and the gradient is that of the sum of these values over all frames together with the data term: for a known
/// sample residual_scale (x - y), for any other the subgradient (0 at 0) of both sums, including the pair with
/// the previous frame. A frame without a neighbour is its own neighbour.
typedef struct {
  const float *x_previous, *x, *x_next;
  const float *y_previous, *y, *y_next;
  size_t height, width;
  float residual_scale, tv, sstv;
  /// Differences below this are penalised quadratically (Huber); 0 for none.
  float softness;
  /// At least variation_scratch(width) floats.
  float *scratch;
} variation_frame;

/// Floats of a row of scratch memory: whole vectors, and one more to look ahead.
static inline size_t variation_row(size_t width) { return (width + 15) / 16 * 16 + 16; }

/// Floats of scratch memory that `frame` needs.
static inline size_t variation_scratch(size_t width) { return 7 * variation_row(width); }

/// Total variation for one instruction set.
typedef struct {
  /// Value and gradient of the data term and of total variation for one frame.
  void (*frame)(const variation_frame *frame, float *gradient, double *value);
} variation_kernels;

#pragma clang assume_nonnull end

#endif
