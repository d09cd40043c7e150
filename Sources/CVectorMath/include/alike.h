#ifndef ALIKE_H
#define ALIKE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Numbers that a patch is compared by.
#define ALIKE_FEATURES 16
/// Patches of a group, and how many of them, the nearest, are estimated by it.
#define ALIKE_SIZE 48
#define ALIKE_MEMBERS 24
/// Rows, and columns, of a patch.
#define ALIKE_SIDE 7
/// Most samples of a patch: of five planes or frames.
#define ALIKE_LARGEST 245

/// What patches are compared by.
typedef struct {
  /// (frames, rows, ALIKE_FEATURES, stride): of each place where a patch begins, `stride` a multiple of 16; infinite beyond the
  /// last column.
  const float *features;
  size_t frames, rows, stride;
  /// Samples of a row and of a frame of the signal, by which places are numbered.
  size_t width, area;
} alike_space;

/// Rows and frames from first to before last, and columns, which are extended to multiples of 16.
typedef struct {
  size_t first_frame, last_frame, first_row, last_row, first_column, last_column;
} alike_range;

/// The signal that patches are cut from.
typedef struct {
  /// (channels, frames, height, width), with `channel_stride` samples between channels, and 1 where a sample is known.
  const float *values;
  const uint8_t *states;
  size_t channels, channel_stride, frames, height, width;
  /// Frames of a patch; channels x depth x ALIKE_SIDE x ALIKE_SIDE samples are ALIKE_LARGEST at most.
  size_t depth;
  /// Variance of what a group's model leaves.
  float noise;
} alike_signal;

/// Kernels for one instruction set.
typedef struct {
  /// The ALIKE_SIZE places whose features are nearest to those at the place (frame, row, column), the nearest first, with squared
  /// distances; the place itself stands in for those that there are too few of, as far away as the last one.
  void (*match)(
      const alike_space *space, const alike_range *range, size_t frame, size_t row, size_t column, uint32_t *places,
      float *distances);

  /// The nearest ALIKE_MEMBERS patches of a group as the group's normal distribution and their own known samples have them:
  /// (ALIKE_MEMBERS, samples of a patch), channel by channel.
  void (*estimate)(
      const alike_signal *signal, const uint32_t *places, const float *distances, float *patches);
} alike_kernels;

/// Adds the patches that `estimate` made of `count` groups to `sums`, laid out like the signal, and how many there are to `counts`,
/// (frames, height, width): in the order of the groups, and in rows first ..< last of all frames' rows.
void alike_add(
    const alike_signal *signal, const uint32_t *places, const float *patches, size_t count, size_t first, size_t last,
    float *sums, float *counts);

#pragma clang assume_nonnull end

#endif
