#ifndef GROUP_H
#define GROUP_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Patches of a group, and the side of a patch in samples.
#define GROUP_SIZE 16
#define GROUP_SIDE 8
/// Most channels of a volume.
#define GROUP_CHANNELS 3

/// A volume whose patches are grouped with those that look like them.
typedef struct {
  /// Samples, (channels, frames, height, width) with `channel_stride` samples between channels.
  const float *values;
  size_t channels, channel_stride, frames, height, width;
  /// How far patches are looked for: samples around the patch in its own frame; frames before and after; and
  /// samples around the best place in the frame before, in each of those.
  size_t near, reach, far;
  /// Coefficients up to this magnitude become zero.
  float threshold;
} group_volume;

/// Kernels for one instruction set.
typedef struct {
  /// The upper left samples of the patches that are most like the one at `reference`, of GROUP_SIDE x GROUP_SIDE
  /// samples, by the squared differences of the first channel: GROUP_SIZE indices into a channel, the reference first
  /// and then the nearest first. Where there are fewer, the reference stands in for the rest.
  void (*match)(const group_volume *volume, uint32_t reference, uint32_t *matches);

  /// Hard thresholding of a group: an orthonormal DCT along rows, columns and patches, coefficients up to the threshold set to zero
  /// but for the group's mean, and back.
  ///
  /// `patches`: (channels, GROUP_SIDE, GROUP_SIDE, GROUP_SIZE), aligned to 64 bytes. Returns the weight of the group,
  /// one over the number of coefficients that are left.
  float (*threshold)(const group_volume *volume, const uint32_t *matches, float *patches);
} group_kernels;

/// Adds the patches of `count` groups that lie in frames first ..< last, times their groups' weights, to `sums`, laid
/// out like the volume, and the weights to `counts`, (frames, height, width); in the order of the groups.
void group_add(
    const group_volume *volume, const uint32_t *matches, const float *patches, const float *weights, size_t count,
    size_t first, size_t last, float *sums, float *counts);

#pragma clang assume_nonnull end

#endif
