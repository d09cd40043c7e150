import Frames

/// The slices of one volume as a stream of frames; restored frames are written back as slices.
public final class VolumeSlices: MaskedStream {
  public let volume: Volume
  public let order: SliceOrder
  public let scale: IntensityScale
  public let format: FrameFormat
  /// Which volume of a series.
  public let number: Int
  /// 1 where missing, x fastest.
  private let missing: [UInt8]
  /// The index of the first frame.
  public let firstIndex: Int
  private var index = 0
  private var values: [Double] = []

  /// - Parameters:
  ///   - number: which volume of the series.
  ///   - missing: of that volume, x fastest, 1 where missing.
  ///   - firstIndex: the index of the first frame.
  public init(
    _ volume: Volume, number: Int, missing: [UInt8], order: SliceOrder, scale: IntensityScale,
    firstIndex: Int = 0
  ) {
    precondition(missing.count == volume.shape.voxels, "a mask has the volume's voxels")
    (self.volume, self.number, self.missing) = (volume, number, missing)
    (self.order, self.scale, self.firstIndex) = (order, scale, firstIndex)
    let size = volume.size(across: order.frame)
    format = FrameFormat(width: size.width, height: size.height, bitDepth: 16, roles: [.luma])
  }

  public func next() throws -> MaskedFrame? {
    guard index < volume.shape[order.frame] else { return nil }
    defer { index += 1 }
    volume.read(.init(order.frame, index, ofVolume: number), into: &values)
    let mask = mask(ofSlice: index)
    // Numbers in holes, which may be NaN, must not be used.
    let unit = 1 / Float(IntensityScale.fullScale)
    let isKnown = mask.missing.isEmpty
    let samples = values.indices.map {
      isKnown || mask.missing[$0] == 0 ? Float(scale.sample(values[$0])) * unit : 0
    }
    return MaskedFrame(
      frame: Frame(format: format, values: [samples], index: firstIndex + index), mask: mask)
  }

  /// What is missing in a slice, by its place in the volume.
  public func mask(ofSlice index: Int) -> FrameMask {
    let mask = order.slice(index, of: missing, shape: volume.shape)
    return FrameMask(width: format.width, height: format.height, missing: mask.contains(1) ? mask : [])
  }

  /// Writes the missing voxels of a slice into the volume; all others stay.
  public func write(_ frame: Frame) throws {
    let index = frame.index - firstIndex
    let mask = order.slice(index, of: missing, shape: volume.shape)
    if !mask.contains(1) { return }
    let full = Float(IntensityScale.fullScale)
    let numbers = frame.values[0].map { value in
      // For integers, to the nearest of the samples in which they were read.
      scale.number(scale.isWhole ? Double((value * full).rounded()) : Double(value) * Double(full))
    }
    volume.write(.init(order.frame, index, ofVolume: number), numbers, where: mask)
  }
}

extension IntensityScale {
  /// The scale of a volume's known numbers; nil where none is known.
  ///
  /// - Parameter missing: of the volume, x fastest, 1 where missing; known numbers are finite.
  /// - Complexity: O(voxels), with a sort of at most about a million numbers.
  public init?(_ volume: Volume, number: Int, missing: [UInt8]) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var some: [Double] = []
    // The sample takes every `stride`-th voxel. An odd number has fewer factors in common with the sizes of volumes.
    let stride = max(1, volume.shape.voxels / Self.mostCounted) | 1
    let area = volume.shape.x * volume.shape.y
    var values: [Double] = []
    for z in 0..<volume.shape.z {
      volume.read(.init(.z, z, ofVolume: number), into: &values)
      for i in 0..<area where missing[z * area + i] == 0 {
        low = min(low, values[i])
        high = max(high, values[i])
        if (z * area + i) % stride == 0 { some.append(values[i]) }
      }
    }
    guard low <= high else { return nil }
    self.init(minimum: low, maximum: high, some: some, isWhole: !volume.type.isFloat)
  }
}
