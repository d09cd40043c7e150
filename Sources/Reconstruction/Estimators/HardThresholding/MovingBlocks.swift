import CVectorMath
import Kernels

/// Hard thresholding of tilings whose blocks follow the motion.
///
/// Such blocks overlap, and leave samples out. All blocks of a tiling are thresholded first and then added frame by frame, in
/// their order, so that the sums are the same for any number of threads.
final class MovingBlocks {
  private static let kernels = vm_kernels_best().pointee.blocks

  private let motion: BlockMotion
  private let frames: Int
  /// Not a matrix, whose zeros would be written: most blocks of a small hole are never touched, and take no memory.
  private let blocks: UnsafeMutableRawBufferPointer
  private var touched: [UInt32]
  /// How many blocks lie on each sample, (frames, height, width).
  private var counts: [Float]

  /// - Parameter tiling: any of those that will be added; its shifts do not matter.
  init(motion: BlockMotion, tiling: block_tiling) {
    self.motion = motion
    frames = Int(tiling.frames)
    var largest = tiling
    (largest.shift_t, largest.shift_y, largest.shift_x) = (Int(tiling.depth) - 1, 15, 15)
    let count = tiling_rows(&largest) * tiling_columns(&largest)
    let floats = count * Int(tiling.channels) * Int(tiling.depth) * 256
    blocks = .allocate(byteCount: floats * MemoryLayout<Float>.stride, alignment: 64)
    touched = Array(repeating: 0, count: count)
    counts = Array(repeating: 0, count: Int(tiling.frames * tiling.height * tiling.width))
  }

  deinit { blocks.deallocate() }

  /// Adds one tiling to its `sums`.
  func add(_ tiling: block_tiling, threads: Int) {
    let offsets = motion.offsets(tiling, threads: threads)
    offsets.withUnsafeBufferPointer { offsets in
      touched.withUnsafeMutableBufferPointer { touched in
        counts.withUnsafeMutableBufferPointer { counts in
          var moving = tiling
          moving.offsets = offsets.baseAddress
          moving.blocks = blocks.baseAddress?.assumingMemoryBound(to: Float.self)
          moving.touched = touched.baseAddress
          moving.counts = counts.baseAddress
          parallelFor(tiling_rows(&moving), threads: threads) { [moving] row in
            withUnsafePointer(to: moving) { Self.kernels.row($0, row) }
          }
          parallelFor(frames, threads: threads) { [moving] frame in
            withUnsafePointer(to: moving) { Self.kernels.frame($0, frame) }
          }
        }
      }
    }
  }

  /// Replaces the values that are not known by the means of all blocks added since the last call; those under no block stay.
  ///
  /// - Parameters:
  ///   - tiling: whose sums and states are taken.
  ///   - values: (channels, frames, height, width).
  ///   - spans: for each channel and frame, spans that hold all samples that are not known.
  func writeBack(
    _ tiling: block_tiling, to values: SharedElements<Float>, spans: [[Range<Int>]], threads: Int
  ) {
    let area = counts.count / frames
    parallelFor(frames, threads: threads, writing: &counts) { [frames] t, counts in
      for k in stride(from: t, to: spans.count, by: frames) {
        for span in spans[k] {
          let i = span.lowerBound
          Self.kernels.write_back_counted(
            values.address(of: i, count: span.count), tiling.sums + i,
            counts.address(of: i + (t - k) * area, count: span.count), tiling.states + i, span.count)
        }
      }
      // Counts beyond the spans are never read, and may be anything.
      for k in stride(from: t, to: spans.count, by: frames) {
        for span in spans[k] {
          counts[span.lowerBound + (t - k) * area..<span.upperBound + (t - k) * area].update(repeating: 0)
        }
      }
    }
  }
}
