#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// Element-wise kernels. All are deterministic: sums are taken in an order that depends on the length only.
/// Arrays need no alignment and must not overlap, unless an output is the input itself.
typedef struct {
  /// sine[i] = sin(x[i]), cosine[i] = cos(x[i]); absolute error below 2e-6 for |x| <= 1e4.
  void (*sine_cosine)(const float *x, float *sine, float *cosine, size_t count);

  /// sine = sin(scale (x + bias)), cosine likewise, for x (rows, columns) and one bias a column.
  void (*sine_layer)(
      const float *x, const float *bias, float scale, float *sine, float *cosine, size_t rows, size_t columns);

  /// y = max(x + bias, 0), for x (rows, columns) and one bias a column.
  void (*relu_layer)(const float *x, const float *bias, float *y, size_t rows, size_t columns);

  /// dx = dy where y > 0, else 0: the backward pass of relu_layer.
  void (*relu_backward)(const float *y, const float *dy, float *dx, size_t count);

  /// y = 1 / (1 + exp(-x)).
  void (*sigmoid)(const float *x, float *y, size_t count);

  /// y = softmax(x + prior) row by row, (rows, columns).
  void (*softmax_rows)(const float *x, const float *prior, float *y, size_t rows, size_t columns);

  /// dx = y (dy - sum of y dy over the row), the backward pass of softmax_rows.
  void (*softmax_rows_backward)(const float *y, const float *dy, float *dx, size_t rows, size_t columns);

  /// One step of Adam: m and v updated, then x -= rate / c1 m / (sqrt(v / c2) + epsilon).
  void (*adam)(
      float *x, const float *gradient, float *m, float *v, size_t count, float rate, float beta1, float beta2,
      float epsilon, float c1, float c2);

  /// Sum of x[i] y[i].
  double (*dot)(const float *x, const float *y, size_t count);

  /// y += a x.
  void (*axpy)(float a, const float *x, float *y, size_t count);

  /// z = a x y, element by element.
  void (*multiply)(float a, const float *x, const float *y, float *z, size_t count);

  /// y = x + offset, at least low and at most high.
  void (*clamp)(const float *x, float *y, size_t count, float offset, float low, float high);

  /// Sum over rows of x (rows, columns), added to y (columns).
  void (*add_column_sums)(const float *x, float *y, size_t rows, size_t columns);

  /// y (columns, rows) = transpose of x (rows, columns), with distances x_stride and y_stride between rows.
  void (*transpose)(
      const float *x, size_t x_stride, float *y, size_t y_stride, size_t rows, size_t columns);

  /// Sum of (x - y)^2 where y is not NaN.
  double (*masked_square_sum)(const float *x, const float *y, size_t count);
} elementwise_kernels;

#pragma clang assume_nonnull end

#endif
