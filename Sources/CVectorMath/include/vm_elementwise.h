#ifndef VM_ELEMENTWISE_H
#define VM_ELEMENTWISE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

struct vm_tv_frame;

/// Instruction sets that the kernels are compiled for, from one source.
typedef enum {
  /// Whatever every machine of the architecture has (SSE2, NEON).
  VM_BASELINE = 0,
  /// AVX2 with fused multiply-add.
  VM_AVX2 = 1,
  /// AVX-512 F, BW, DQ, VL.
  VM_AVX512 = 2,
} vm_level;

/// c (rows, columns) = a (rows, depth) b (depth, columns), or added to c if `accumulate` is not 0.
///
/// Element (i, k) of a is a[i * a_row + k * a_k], so that a may be a transpose; b and c are row by row with
/// distances b_stride and c_stride. 15 floats beyond the last element of b must be readable.
typedef void vm_product(
    const float *a, size_t a_row, size_t a_k, const float *b, size_t b_stride, float *c, size_t c_stride,
    size_t rows, size_t columns, size_t depth, int accumulate);

/// Element-wise kernels. All are deterministic: sums are taken in an order that depends on the length only.
/// Arrays need no alignment and must not overlap, unless an output is the input itself.
typedef struct {
  vm_level level;

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

  /// See `vm_product`.
  vm_product *product;

  /// Value and gradient of the data term and of total variation for one frame; see `vm_tv_frame`.
  void (*tv_frame)(const struct vm_tv_frame *frame, float *gradient, double *value);
} vm_kernels;

/// One frame of one plane and its neighbours in time, for `tv_frame`; arrays are (height, width).
///
/// With Z = y where y is not NaN, else x, the value is
///   tv sum(|dy Z| + |dx Z|) + sstv sum(|dy (Z_next - Z)| + |dx (Z_next - Z)|),
/// and the gradient is that of the sum of these values over all frames together with the data term: for a known
/// sample residual_scale (x - y), for any other the subgradient (0 at 0) of both sums, including the pair with
/// the previous frame. A frame without a neighbour is its own neighbour.
struct vm_tv_frame {
  const float *x_previous, *x, *x_next;
  const float *y_previous, *y, *y_next;
  size_t height, width;
  float residual_scale, tv, sstv;
  /// Differences below this are penalised quadratically (Huber); 0 for none.
  float softness;
  /// At least vm_tv_scratch(width) floats.
  float *scratch;
};

/// Floats of scratch memory that `tv_frame` needs.
size_t vm_tv_scratch(size_t width);

/// The kernels for `level`, or NULL where this CPU lacks it.
const vm_kernels *_Nullable vm_kernels_at(vm_level level);

/// The kernels for the best level of this CPU, or for the one set by `vm_force_level`.
const vm_kernels *vm_kernels_best(void);

/// The product with elements of a and b rounded to bfloat16 (to nearest, ties to even: 8 bits of precision) and sums in
/// single precision, about twice as fast; a_row or a_k must be 1. NULL where this CPU does not multiply such numbers, or
/// a lower level than the best has been forced.
vm_product *_Nullable vm_product_bfloat16(void);

/// Makes `vm_kernels_best` answer `level` if the CPU has it; for tests and benchmarks, before anything else runs.
void vm_force_level(vm_level level);

#pragma clang assume_nonnull end

#endif
