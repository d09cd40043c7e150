#ifndef PATCHES_H
#define PATCHES_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// Rows, and columns, of a patch.
#define PATCH_SIDE 8

/// A patch of one picture, and where it is looked for in another: its first samples, and the steps between rows.
typedef struct {
  const float *from;
  /// Differences of the first picture along rows and columns, as far apart as its samples.
  const float *down_slope, *right_slope;
  /// The sample above and to the left of where the patch begins; nine rows and columns from there on are read.
  const float *to;
  size_t from_stride, to_stride;
  /// How far it begins from there, 0 ... 1.
  float down, right;
} patch_pair;

/// Sums over a patch: of slopes and their products, which don't depend on where it is looked for.
typedef struct {
  float down, right, down_down, down_right, right_right;
} patch_slopes;

/// Sums over a patch: of the differences from what is seen at the place, of their squares, and of their products with slopes.
typedef struct {
  float sum, squares, with_down, with_right;
} patch_difference;

/// Kernels for one instruction set.
typedef struct {
  void (*slopes)(const patch_pair *pair, patch_slopes *slopes);

  /// What is seen at a place is interpolated bilinearly.
  void (*compare)(const patch_pair *pair, patch_difference *difference);

  /// Adds a patch's motion to sums for each of its samples, with the weight 1 / max(1, |difference - mean|): `sums` is where the
  /// patch begins in three planes, of weights, of motion down and of motion to the right, `plane` elements apart.
  void (*spread)(
      const patch_pair *pair, float mean, float motion_down, float motion_right, float *sums, size_t stride,
      size_t plane);
} patch_kernels;

#pragma clang assume_nonnull end

#endif
