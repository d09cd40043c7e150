import CVectorMath
import Frames
import Kernels

/// A signal whose patches are estimated by those that look like them: as the most probable samples of the normal distribution of
/// their group, given those of their own samples that are known.
///
/// Groups are estimated a batch at a time, and each batch is added by rows, in its order, so that the sums are the same for any
/// number of threads.
final class AlikePatches {
  /// Samples from patch to patch, which overlap.
  static let step = 4
  /// Variance of what a group's distribution leaves, full scale = 1.
  static let noise: Float = 1e-4
  /// Rows, columns and frames from a place within which alike patches are looked for.
  static let (far, reach) = (128, 2)
  static let side = Int(ALIKE_SIDE)
  private static let kernels = vm_kernels_best().pointee.alike
  private static let size = Int(ALIKE_SIZE)
  private static let members = Int(ALIKE_MEMBERS)
  /// Groups of a batch.
  private static let batch = 256
  /// Rows that groups are added to by one thread.
  private static let rows = 16

  private let (frames, height, width, depth): (Int, Int, Int, Int)
  private let states: [UInt8]
  /// (channels, frames x height x width).
  let values: Matrix
  private let sums: Matrix
  private let counts: Matrix
  /// (batch, members x samples of a patch).
  private let patches: Matrix
  private var round = 0

  /// - Parameters:
  ///   - channels: values and states, (frames, height, width) each.
  ///   - frames: of which a patch has one where there are several channels, else three at most.
  init(_ channels: [(values: [Float], states: [UInt8])], frames: Int, height: Int, width: Int) {
    depth = channels.count == 1 ? min(frames, 3) : 1
    precondition(
      channels.count * depth * Self.side * Self.side <= Int(ALIKE_LARGEST) && min(height, width) >= Self.side,
      "patches of these samples")
    (self.frames, self.height, self.width) = (frames, height, width)
    let count = frames * height * width
    values = Matrix(rows: channels.count, columns: count, values: channels.flatMap { $0.values })
    states = channels.flatMap { $0.states }
    sums = Matrix(rows: channels.count, columns: count)
    counts = Matrix(rows: 1, columns: count)
    patches = Matrix(
      rows: Self.batch, columns: Self.members * channels.count * depth * Self.side * Self.side)
  }

  /// One round: estimates all patches, and writes their mean into the samples that are not known.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ context: EstimatorContext) throws {
    let features = PatchFeatures(
      of: values, frames: frames, height: height, width: width, depth: depth, threads: context.threads)
    let references = places(features)
    round += 1
    for start in stride(from: 0, to: references.count, by: Self.batch) {
      try context.checkCancellation()
      add(references[start..<min(start + Self.batch, references.count)], features, threads: context.threads)
    }
    for c in 0..<values.rows {
      for i in 0..<values.columns where states[c * values.columns + i] != SampleState.known {
        if counts[0, i] > 0 { values[c, i] = sums[c, i] / counts[0, i] }
      }
    }
    sums.base.update(repeating: 0, count: sums.count)
    counts.base.update(repeating: 0, count: counts.count)
  }

  private struct Place {
    var (frame, row, column): (Int, Int, Int)
  }

  /// Where patches begin, on a grid that moves from round to round.
  private func places(_ features: PatchFeatures) -> [Place] {
    func line(_ count: Int, from first: Int) -> [Int] {
      Set([0, count - 1] + stride(from: first, to: count, by: Self.step)).sorted()
    }
    let (rows, columns) = (
      line(features.rows, from: round % Self.step),
      line(features.columns, from: round / Self.step % Self.step)
    )
    return (0..<features.frames).flatMap { t in
      rows.flatMap { y in columns.map { Place(frame: t, row: y, column: $0) } }
    }
  }

  private func add(_ references: ArraySlice<Place>, _ features: PatchFeatures, threads: Int) {
    let (frames, height, width, depth) = (frames, height, width, depth)
    var places = [UInt32](repeating: 0, count: references.count * Self.size)
    states.withUnsafeBufferPointer { states in
      guard let states = states.baseAddress else { return }
      // Unsafe because of its pointers: what they point to is only read until all patches have been added.
      nonisolated(unsafe) let signal = alike_signal(
        values: values.base, states: states, channels: values.rows, channel_stride: values.columns,
        frames: frames, height: height, width: width, depth: depth, noise: Self.noise)
      parallelFor(references.count, threads: threads, writing: &places) { [patches] k, places in
        var distances = [Float](repeating: 0, count: Self.size)
        let place = references[references.startIndex + k]
        let group = places.address(of: k * Self.size, count: Self.size)
        Self.match(place, features, width: width, area: width * height, into: group, &distances)
        withUnsafePointer(to: signal) {
          Self.kernels.estimate($0, group, distances, patches.base + k * patches.columns)
        }
      }
      let parts = (frames * height + Self.rows - 1) / Self.rows
      places.withSharedElements { places in
        parallelFor(parts, threads: threads) { [patches, sums, counts] part in
          let first = part * Self.rows
          withUnsafePointer(to: signal) {
            alike_add(
              $0, places.address(of: 0, count: places.count), patches.base, references.count, first,
              min(frames * height, first + Self.rows), sums.base, counts.base)
          }
        }
      }
    }
  }

  private static func match(
    _ place: Place, _ features: PatchFeatures, width: Int, area: Int,
    into places: UnsafeMutablePointer<UInt32>,
    _ distances: inout [Float]
  ) {
    var space = alike_space(
      features: features.values.base, frames: features.frames, rows: features.rows, stride: features.stride,
      width: width, area: area)
    var range = alike_range(
      first_frame: max(0, place.frame - reach), last_frame: min(features.frames, place.frame + reach + 1),
      first_row: max(0, place.row - far), last_row: min(features.rows, place.row + far + 1),
      first_column: max(0, place.column - far), last_column: min(features.columns, place.column + far + 1))
    kernels.match(&space, &range, place.frame, place.row, place.column, places, &distances)
  }
}
