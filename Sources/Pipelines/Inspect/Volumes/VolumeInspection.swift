import Foundation
import Inspection
import Masks
import Volumes

/// A damaged volume, its result, perhaps its reference, and the mask, for a look slice by slice.
final class VolumeInspection {
  let damaged: Volume
  let restored: Volume
  let reference: Volume?
  /// Which volume of a series.
  let number: Int
  /// 1 where that volume's voxels are missing, x fastest.
  let missing: [UInt8]
  /// The slices of the reconstruction.
  let order: SliceOrder
  let window: IntensityWindow
  let warnings: [String]

  /// The most numbers that are looked at for the window.
  private static let mostCounted = 1 << 18

  /// - Throws: `JobError`, `VolumeError` or `MaskError`.
  init(_ files: InspectedFiles, number: Int) throws {
    func open(_ path: String) throws -> VolumeFile {
      try VolumeFile(path: path, stackAs: files.volumeMasks.pages)
    }
    let input = try open(files.input)
    var restored = try open(files.result).volume
    reference = try files.reference.map { try open($0).volume }
    let mask = try VolumeMask(
      options: files.masks, volumeOptions: files.volumeMasks, volume: input.volume, name: files.input,
      allowsNothing: true)
    warnings = mask.warnings
    let shape = input.volume.shape
    guard (0..<shape.volumes).contains(number) else {
      throw JobError.configuration(
        "there is no volume \(number): \(files.input) has \(shape.volumes), from 0 on")
    }
    self.number = number
    let holes = mask.missing(ofVolume: number)
    if restored.shape == shape {
      (damaged, missing) = (input.volume, holes)
      if let spacing = files.spacing { restored.spacing = spacing }
    } else {
      // On a finer grid the input's voxels stay at their places.
      guard let refinement = GridRefinement(from: shape, to: restored.shape) else {
        throw JobError.configuration(
          "\(files.input) has \(shape.text) voxels but \(files.result) has \(restored.shape.text): give the result of "
            + "this input")
      }
      damaged = try input.refined(by: refinement, memory: UInt64(MemoryBound.most)).volume
      missing = refinement.spread(holes, from: shape, to: restored.shape)
      if let spacing = files.spacing { restored.spacing = refinement.refined(spacing) }
    }
    self.restored = restored
    if let reference, let path = files.reference, reference.shape != restored.shape {
      throw JobError.configuration(
        "\(path) has \(reference.shape.text) voxels but \(files.result) has \(restored.shape.text): compare volumes of "
          + "one size")
    }
    order = SliceOrder(for: damaged, missing: missing)
    window = IntensityWindow(some: Self.some(of: restored, number, missing: missing))
  }

  /// Some of the known numbers, or of all where none is known.
  private static func some(of volume: Volume, _ number: Int, missing: [UInt8]) -> [Double] {
    let stride = max(1, volume.shape.voxels / mostCounted) | 1
    let area = volume.shape.x * volume.shape.y
    var (values, some, others): ([Double], [Double], [Double]) = ([], [], [])
    for z in 0..<volume.shape.z {
      volume.read(.init(.z, z, ofVolume: number), into: &values)
      for i in 0..<area where (z * area + i) % stride == 0 {
        let value = values[i] * volume.slope + volume.intercept
        if missing[z * area + i] == 0 { some.append(value) } else { others.append(value) }
      }
    }
    return some.isEmpty ? others : some
  }

  /// The missing voxel closest to the middle of all that is missing; the volume's middle where nothing is.
  func middle() -> [Int] {
    let shape = restored.shape
    var (sums, count) = ([0, 0, 0], 0)
    each { x, y, z in
      sums = [sums[0] + x, sums[1] + y, sums[2] + z]
      count += 1
    }
    guard count > 0 else { return [shape.x / 2, shape.y / 2, shape.z / 2] }
    let centre = sums.map { Double($0) / Double(count) }
    var best = (distance: Double.infinity, voxel: [0, 0, 0])
    each { x, y, z in
      let (a, b, c) = (Double(x) - centre[0], Double(y) - centre[1], Double(z) - centre[2])
      let distance = a * a + b * b + c * c
      if distance < best.distance { best = (distance, [x, y, z]) }
    }
    return best.voxel
  }

  /// Calls `body` with x, y and z of each missing voxel.
  private func each(_ body: (Int, Int, Int) -> Void) {
    let (width, height) = (restored.shape.x, restored.shape.y)
    for i in missing.indices where missing[i] != 0 {
      body(i % width, i / width % height, i / (width * height))
    }
  }

  /// The slice across an axis through a voxel, as it is drawn.
  func slice(across axis: VolumeAxis, through voxel: [Int]) -> InspectedSlice {
    let (columnAxis, rowAxis) = Volume.Slice.axes(across: axis)
    let shape = restored.shape
    let (width, height) = (shape[columnAxis], shape[rowAxis])
    let index = voxel[axis.rawValue]
    let rises = rowsRise(along: rowAxis)
    func drawn<T>(_ values: [T]) -> [T] {
      if !rises { return values }
      return (0..<height).reversed().flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    func numbers(_ volume: Volume) -> [Double] {
      var values: [Double] = []
      volume.read(.init(axis, index, ofVolume: number), into: &values)
      return drawn(values.map { $0 * volume.slope + volume.intercept })
    }
    let row = voxel[rowAxis.rawValue]
    let spacing = restored.spacing.usable
    return InspectedSlice(
      axes: .init(across: axis.name, column: columnAxis.name, row: rowAxis.name, rowsRise: rises),
      index: index, count: shape[axis], width: width, height: height,
      aspect: spacing[columnAxis] / spacing[rowAxis], damaged: numbers(damaged), restored: numbers(restored),
      reference: reference.map(numbers),
      missing: drawn(SliceOrder(along: axis).slice(index, of: missing, shape: shape)),
      column: voxel[columnAxis.rawValue], row: rises ? height - 1 - row : row)
  }

  /// Whether an axis runs towards the front or the top of the head, by the file's affine map. Such rows are drawn from the
  /// bottom up, as is usual.
  private func rowsRise(along axis: VolumeAxis) -> Bool {
    guard let affine = restored.affine else { return false }
    let direction = (0..<3).map { affine.rows[$0 * 4 + axis.rawValue] }
    guard let main = direction.indices.max(by: { abs(direction[$0]) < abs(direction[$1]) }) else {
      return false
    }
    return main > 0 && direction[main] > 0
  }

  /// Where a voxel lies, in the file's unit; nil where the file does not say.
  func place(of voxel: [Int]) -> [Double]? {
    guard let rows = restored.affine?.rows else { return nil }
    return (0..<3).map { row in
      var place = rows[row * 4 + 3]
      for axis in 0..<3 { place += rows[row * 4 + axis] * Double(voxel[axis]) }
      return place
    }
  }
}
