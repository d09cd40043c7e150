import Frames
import CVectorMath
import Kernels

/// Sendable because the samples it points to change only between the loops over its groups.
extension group_volume: @retroactive @unchecked Sendable {}

/// Channels, and groups of their similar patches, which are thresholded together.
///
/// Groups are thresholded a batch at a time, and each batch is added frame by frame, in its order, so that the sums are the same
/// for any number of threads.
final class PatchGroups {
  private static let kernels = vm_kernels_best().pointee

  /// The side of a patch in samples.
  static let side = Int(GROUP_SIDE)
  private static let size = Int(GROUP_SIZE)
  /// Groups of a batch, which take 3 MiB with three channels.
  private static let batch = 256
  /// Frames that groups are added to by one thread.
  private static let frames = 4

  private let plane: MaskedSamples.Plane
  private let frames: Int
  private let settings: GroupedThresholding
  /// (channels, frames x height x width).
  private let values: Matrix
  private let sums: Matrix
  /// Sums of weights, (1, frames x height x width).
  private let counts: Matrix
  /// (batch, channels x side x side x size).
  private let patches: Matrix
  private let weights: Matrix
  private var references: [UInt32] = []
  /// (references, size).
  private var matches: [UInt32] = []

  /// - Parameters:
  ///   - channels: (frames, height, width) each; patches are compared by the first.
  ///   - plane: any of their planes, whose states they share.
  init(_ channels: [[Float]], of plane: MaskedSamples.Plane, frames: Int, settings: GroupedThresholding) {
    precondition((1...Int(GROUP_CHANNELS)).contains(channels.count), "one to three channels")
    precondition(min(plane.height, plane.width) >= Self.side, "a plane holds a patch")
    (self.plane, self.frames, self.settings) = (plane, frames, settings)
    let count = frames * plane.height * plane.width
    values = Matrix(rows: channels.count, columns: count, values: channels.flatMap { $0 })
    sums = Matrix(rows: channels.count, columns: count)
    counts = Matrix(rows: 1, columns: count)
    patches = Matrix(rows: Self.batch, columns: channels.count * Self.side * Self.side * Self.size)
    weights = Matrix(rows: 1, columns: Self.batch)
  }

  /// (frames, height, width) each.
  var channels: [[Float]] {
    (0..<values.rows).map { Array(values.values[$0 * values.columns..<($0 + 1) * values.columns]) }
  }

  private func volume(threshold: Float = 0) -> group_volume {
    group_volume(
      values: values.base, channels: values.rows, channel_stride: values.columns, frames: frames,
      height: plane.height, width: plane.width, near: settings.near, reach: settings.reach, far: settings.far,
      threshold: threshold)
  }

  /// Groups each patch that has a sample that is not known with the patches most similar to it.
  func match(using random: inout RandomSource, threads: Int) {
    references = places(using: &random)
    matches = Array(repeating: 0, count: references.count * Self.size)
    let volume = volume()
    parallelFor(references.count, threads: threads, writing: &matches) { [references] k, matches in
      withUnsafePointer(to: volume) {
        Self.kernels.group.match(
          $0, references[k], matches.address(of: k * Self.size, count: Self.size))
      }
    }
  }

  /// One round: thresholds all groups, and writes the weighted mean of their patches into the samples that are not known.
  func hardThreshold(by threshold: Float, threads: Int) {
    let volume = volume(threshold: threshold)
    matches.withSharedElements { matches in
      for start in stride(from: 0, to: references.count, by: Self.batch) {
        let count = min(Self.batch, references.count - start)
        add(matches, from: start, count, to: volume, threads: threads)
      }
    }
    plane.states.withUnsafeBufferPointer { states in
      guard let states = states.baseAddress else { return }
      for c in 0..<values.rows {
        Self.kernels.blocks.write_back_counted(
          values.base + c * values.columns, sums.base + c * values.columns, counts.base, states,
          values.columns)
      }
    }
    counts.base.update(repeating: 0, count: counts.count)
  }

  private func add(
    _ matches: SharedElements<UInt32>, from start: Int, _ count: Int, to volume: group_volume, threads: Int
  ) {
    parallelFor(count, threads: threads) { [weights, patches] k in
      weights[0, k] = withUnsafePointer(to: volume) {
        Self.kernels.group.threshold(
          $0, matches.address(of: (start + k) * Self.size, count: Self.size),
          patches.base + k * patches.columns)
      }
    }
    let parts = (frames + Self.frames - 1) / Self.frames
    parallelFor(parts, threads: threads) { [frames, weights, patches, sums, counts] part in
      let first = part * Self.frames
      withUnsafePointer(to: volume) {
        group_add(
          $0, matches.address(of: start * Self.size, count: count * Self.size), patches.base, weights.base,
          count, first, min(frames, first + Self.frames), sums.base, counts.base)
      }
    }
  }

  /// Upper left samples of the patches that have a sample that is not known, on a grid shifted at random in each frame.
  private func places(using random: inout RandomSource) -> [UInt32] {
    func line(_ length: Int) -> [Int] {
      let last = length - Self.side
      return [0] + stride(from: 1 + random.below(settings.step), to: last, by: settings.step)
        + (last > 0 ? [last] : [])
    }
    var result: [UInt32] = []
    for t in 0..<frames {
      let (rows, columns) = (line(plane.height), line(plane.width))
      for y in rows {
        for x in columns where hasHole(frame: t, y: y, x: x) {
          result.append(UInt32((t * plane.height + y) * plane.width + x))
        }
      }
    }
    return result
  }

  private func hasHole(frame: Int, y: Int, x: Int) -> Bool {
    (y..<y + Self.side).contains { y in
      let start = (frame * plane.height + y) * plane.width + x
      return plane.states[start..<start + Self.side].contains { $0 != SampleState.known }
    }
  }
}
