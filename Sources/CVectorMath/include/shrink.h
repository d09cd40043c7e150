#ifndef SHRINK_H
#define SHRINK_H

#include <stddef.h>
#include <stdint.h>

#include "vm_elementwise.h"

#pragma clang assume_nonnull begin

/// One tiling of a masked volume by blocks of `depth` frames x 16 x 16 samples, for transform shrinkage.
typedef struct {
  /// Samples, (channels, frames, height, width) with `channel_stride` samples between channels.
  const float *values;
  /// Where the shrunk blocks are added, same layout. Sums at known samples may be anything.
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
  /// With `offsets`: the shrunk blocks, aligned to 64 bytes, (blocks, channels, depth, 16, 16); the frames of each that
  /// have a sample that is not known, a bit each; and how many blocks lie on each sample, (frames, height, width).
  float *_Nullable blocks;
  uint32_t *_Nullable touched;
  float *_Nullable counts;
} shrink_tiling;

/// Rows of blocks in the tiling, and in one slab of `depth` frames.
size_t shrink_rows(const shrink_tiling *tiling);
size_t shrink_slab_rows(const shrink_tiling *tiling);
/// Blocks of a row.
size_t shrink_columns(const shrink_tiling *tiling);

/// Adds the shrunk blocks of one row of blocks to `sums`: an orthonormal 3-D DCT, coefficients up to the threshold
/// set to zero but for the block's mean, and back. Samples outside the volume repeat the nearest one. Rows touch
/// disjoint samples. At most three channels.
///
/// Where blocks have offsets, they are kept in `blocks` instead; when all rows are done, `shrink_frame` adds them.
void shrink_row(const shrink_tiling *tiling, size_t row);

/// Adds what the blocks with offsets say of one frame to `sums`, in their order, and counts them. Frames touch disjoint
/// samples.
void shrink_frame(const shrink_tiling *tiling, size_t frame);

/// `shrink_row` and `shrink_frame` with the instructions of `level`, which the CPU must have (`vm_kernels_at`).
void shrink_row_at(vm_level level, const shrink_tiling *tiling, size_t row);
void shrink_frame_at(vm_level level, const shrink_tiling *tiling, size_t frame);

/// values = sums / counts where the sample is not known and a block lies on it, and sums = 0.
void shrink_write_back_counted(
    float *values, float *sums, const float *counts, const uint8_t *states, size_t count);

/// values = scale x sums where the sample is not known, and sums = 0.
void shrink_write_back(float *values, float *sums, const uint8_t *states, float scale, size_t count);

#pragma clang assume_nonnull end

#endif
