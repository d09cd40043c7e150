#ifndef LEVEL_LINES_H
#define LEVEL_LINES_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// A volume (frames, height, width) in which signals bend along their level surfaces.
///
/// With a the normals, each 1 / distance of samples along its axis times a component of the unit normal times the root
/// of how much of the bending across the surface is left out (0 ... 1), and D the second differences,
///   L u = sum over axes of D_ii u / distance_i^2 - sum over pairs of axes of a_i a_j D_ij u.
/// What lies beyond an end repeats the sample at the end in D_ii; D_ij, i != j, are central differences of central
/// differences, and 0 at the ends of both axes.
///
/// All kernels work on the samples from ..< to of a row, numbered through all frames.
typedef struct {
  size_t frames, height, width;
  /// 1 / distance of samples along frames, rows and columns; the first is 0 where frames have nothing to do with each
  /// other.
  float per_frame, per_row, per_column;
  /// The normals' components along frames, rows and columns, each (frames, height, width).
  const float *along_frames, *along_rows, *along_columns;
} level_line_volume;

/// A grid and one of half as many samples along rows, columns and, where the number of frames differs, frames. Sample i
/// of an axis of the coarse one lies on sample 2 i of the fine one, and stands for the cubic B-spline there that is twice
/// as wide as the fine one's: 1/8, 1/2, 3/4, 1/2, 1/8 of the fine samples around.
typedef struct {
  size_t frames, height, width;
  size_t coarse_frames, coarse_height, coarse_width;
} spline_grids;

/// Kernels for one instruction set.
typedef struct {
  /// result = L u.
  void (*bend)(const level_line_volume *volume, const float *u, size_t row, size_t from, size_t to, float *result);

  /// result = second v - third times the sum over axes of D_ii v / distance_i^2.
  void (*stiffen)(
      const level_line_volume *volume, const float *v, size_t row, size_t from, size_t to, float second, float third,
      float *result);

  /// result = mask times L transposed of w.
  void (*bend_back)(
      const level_line_volume *volume, const float *w, const float *mask, size_t row, size_t from, size_t to,
      float *result);

  /// The gradient of u, lightly smoothed, per unit of distance; central differences.
  void (*slopes)(
      const level_line_volume *volume, const float *u, size_t row, size_t from, size_t to, float *along_frames,
      float *along_rows, float *along_columns);

  /// Normals, as a volume takes them, from slopes, which stand in the places of the volume's normals.
  ///
  /// The direction is the first eigenvector of the structure tensor, the mean over the nearest samples of the slopes'
  /// products (Foerstner and Guelch 1987); the share is `most` c / (c + steepness^2), c the difference of its two
  /// largest eigenvalues.
  void (*normals)(
      const level_line_volume *slopes, size_t row, size_t from, size_t to, float steepness, float most,
      float *along_frames, float *along_rows, float *along_columns);

  /// coarse = mask times the transpose of `refine` of fine, for the samples from ..< to of a coarse row.
  void (*coarsen)(
      const spline_grids *grids, const float *fine, const float *mask, size_t row, size_t from, size_t to,
      float *coarse);

  /// fine = share times fine + the coarse B-splines' sum, for the samples from ..< to of a fine row.
  void (*refine)(
      const spline_grids *grids, const float *coarse, float share, size_t row, size_t from, size_t to, float *fine);

  /// A step of conjugate gradients: u -= length direction, residual -= length image. Returns the sum of residual^2.
  double (*step)(
      float length, const float *direction, const float *image, float *u, float *residual, size_t count);

  /// direction = residual + turn direction.
  void (*turn)(float turn, const float *residual, float *direction, size_t count);
} level_line_kernels;

#pragma clang assume_nonnull end

#endif
