#ifndef SPOTS_H
#define SPOTS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Motion on a grid with a sample for `spacing` x `spacing` of the frame: pairs (dy, dx) in samples of the frame.
typedef struct {
  const float *motion;
  size_t rows, columns;
  float spacing;
} spot_motion;

/// A plane of at least 2 x 2 samples, and how its samples lie in the frame.
typedef struct {
  /// 1 where missing; NULL where nothing is.
  const uint8_t *_Nullable missing;
  size_t height, width;
  /// A row of the plane for each of the frame, and a column; the frame's row at which the plane's first lies.
  float row_scale, column_scale, first_row;
} spot_plane;

/// How a value comes about at a place between samples.
typedef enum {
  /// A sample beside the place is missing, or the place lies outside.
  SPOT_UNSEEN = 0,
  /// Bilinear: samples farther off are missing, or lie outside.
  SPOT_LINEAR = 1,
  /// By cubic convolution.
  SPOT_CUBIC = 2,
} spot_kind;

/// A place: the sample above and to the left, and how far the place is from there, 0 ... 1.
typedef struct {
  int32_t index;
  float down, right;
  spot_kind kind;
} spot_place;

/// Kernels for one instruction set.
typedef struct {
  /// Moves places, in samples of the frame, along the motion at them, which is interpolated bilinearly.
  void (*follow)(const spot_motion *motion, float *y, float *x, size_t count);

  /// Finds places, in samples of the frame, in a plane. A place counts as unseen where the bilinear weight of missing
  /// samples is above 0.05. Returns how many are seen.
  size_t (*find)(const spot_plane *plane, const float *y, const float *x, size_t count, spot_place *places);

  /// The values of samples of 8 bits, or of 16, at places, times `scale`; 0 where they are unseen. Cubic convolution
  /// is that of R. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981, a = -1/2.
  void (*bytes)(
      const uint8_t *samples, size_t width, float scale, const spot_place *places, size_t count, float *values);
  void (*words)(
      const uint16_t *samples, size_t width, float scale, const spot_place *places, size_t count, float *values);
} spot_kernels;

#pragma clang assume_nonnull end

#endif
