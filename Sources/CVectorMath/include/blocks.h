#ifndef BLOCKS_H
#define BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One tiling of a masked volume by blocks of `depth` frames x 16 x 16 samples, for hard thresholding.
typedef struct {
  /// Samples, (channels, frames, height, width) with `channel_stride` samples between channels.
  const float *values;
  /// Where the thresholded blocks are added, same layout. Sums at known samples may be anything.
  float *sums;
  /// 1 where the sample is known, same layout. Blocks of known samples only are left out.
  const uint8_t *states;
  size_t channels, channel_stride, frames, height, width;
  /// How far the tiling starts before the first sample: 0 ..< depth, 0 ..< 16, 0 ..< 16.
  size_t shift_t, shift_y, shift_x;
  /// Coefficients up to this magnitude become zero.
  float threshold;
  /// Frames of a block, 8 or 16.
  int depth;
  /// Three channels are red, green and blue, to be transformed to orthonormal opponent colours first.
  int opponent;
  /// How far each frame's square of each block lies from where the tiling puts it, rows and columns in turns:
  /// (blocks in their order, depth, 2). Null: blocks are straight.
  const int32_t *_Nullable offsets;
  /// With `offsets`: the thresholded blocks, aligned to 64 bytes, (blocks, channels, depth, 16, 16); the frames of each that
  /// have a sample that is not known, a bit each; and how many blocks lie on each sample, (frames, height, width).
  float *_Nullable blocks;
  uint32_t *_Nullable touched;
  float *_Nullable counts;
} block_tiling;

/// Rows of blocks in one slab of `depth` frames.
static inline size_t tiling_slab_rows(const block_tiling *t) { return (t->height + t->shift_y + 15) / 16; }

/// Rows of blocks in all slabs.
static inline size_t tiling_rows(const block_tiling *t) {
  return (t->frames + t->shift_t + t->depth - 1) / t->depth * tiling_slab_rows(t);
}

/// Blocks of a row.
static inline size_t tiling_columns(const block_tiling *t) { return (t->width + t->shift_x + 15) / 16; }

/// Kernels for one instruction set.
typedef struct {
  /// Adds the thresholded blocks of one row of blocks to `sums`: an orthonormal 3-D DCT, coefficients up to the threshold
  /// set to zero but for the block's mean, and back. Samples outside the volume repeat the nearest one. Rows touch
  /// disjoint samples. At most three channels.
  ///
  /// Where blocks have offsets, they are kept in `blocks` instead; when all rows are done, `frame` adds them.
  void (*row)(const block_tiling *tiling, size_t row);

  /// Adds what the blocks with offsets say of one frame to `sums`, in their order, and counts them. Frames touch
  /// disjoint samples.
  void (*frame)(const block_tiling *tiling, size_t frame);

  /// values = scale x sums where the sample is not known, and sums = 0.
  void (*write_back)(float *values, float *sums, const uint8_t *states, float scale, size_t count);

  /// values = sums / counts where the sample is not known and a block lies on it, and sums = 0.
  void (*write_back_counted)(
      float *values, float *sums, const float *counts, const uint8_t *states, size_t count);
} block_kernels;

#pragma clang assume_nonnull end

#endif
