import Masks
import Volumes

/// What is missing of the volumes of a series, on the grid of the result.
struct VolumeHoles {
  /// On the coarser grid; nil where everything is known there.
  let mask: VolumeMask?
  /// The coarser grid's.
  let shape: VolumeShape
  /// Nil where the result has the same grid.
  var finer: (refinement: GridRefinement, shape: VolumeShape)?

  /// Of one volume, x fastest, 1 where missing.
  func missing(ofVolume number: Int) -> [UInt8] {
    let missing = mask?.missing(ofVolume: number) ?? Array(repeating: 0, count: shape.voxels)
    return finer.map { $0.refinement.spread(missing, from: shape, to: $0.shape) } ?? missing
  }

  /// What of one volume is no number and stays so, x fastest, 1 where it does; empty for none.
  func kept(ofVolume number: Int) -> [UInt8] { mask?.kept(ofVolume: number) ?? [] }
}
