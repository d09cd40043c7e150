import CVectorMath
import Kernels
import Reconstruction

/// One round of hard thresholding: four shifted tilings of blocks of 8 x 16 x 16 samples, and the writing back.
struct ThresholdingRound {
  static let tilings = 4
  static let threshold: Float = 0.05
  /// Floating-point operations of the fast transforms for one sample of a block, there and back.
  ///
  /// A transform of n points takes 3 n / 2 for sums and differences, n / 2 (n - 1) for the odd half and one of n / 2
  /// points: 4, 16, 56 and 200 for 2 to 16 points. A block has 2 x 128 lines of 16 points and 256 of 8. Thresholding
  /// is not counted.
  static let flopsPerSample = 2 * (256 * 200.0 + 256 * 56.0) / 2048

  /// Seconds, with one thread and with all.
  let single: Timing
  let parallel: Timing
  /// Seconds of the plain twin, one thread.
  let plain: Double
  /// Samples of all blocks of the round's tilings, and those of the volume.
  let blockSamples: Int
  let samples: Int
  /// Root mean square of the difference from the plain twin over that of the values.
  let difference: Double

  var flops: Double { Self.flopsPerSample * Double(blockSamples) }

  /// - Throws: `WrongResult`.
  init(_ volume: TestVolume, threads: Int, runs: Int) throws {
    var values = volume.values
    var sums = [Float](repeating: 0, count: volume.samples)
    var expected = sums
    let states = volume.states
    var (blocks, seconds) = (0, 0.0)
    var timings: [Timing] = []
    var difference = Double.infinity
    let samples = volume.samples
    let frame = volume.height * volume.width

    values.withSharedElements { values in
      sums.withUnsafeMutableBufferPointer { sums in
        expected.withUnsafeMutableBufferPointer { expected in
          states.withUnsafeBufferPointer { states in
            guard let s = sums.baseAddress, let e = expected.baseAddress, let m = states.baseAddress else {
              return
            }
            let tilings = Self.shiftedTilings(
              volume, values: values.address(of: 0, count: samples), sums: s, states: m)
            func addTilings(threads: Int) {
              for tiling in tilings {
                let rows = withUnsafePointer(to: tiling) { tiling_rows($0) }
                parallelFor(rows, threads: threads) { row in
                  withUnsafePointer(to: tiling) { vm_kernels_best().pointee.blocks.row($0, row) }
                }
              }
            }
            addTilings(threads: threads)
            let twin = PlainThresholding()
            seconds =
              Timing.measure(runs: min(runs, 3)) {
                expected.update(repeating: 0)
                blocks = 0
                for var tiling in tilings {
                  tiling.sums = e
                  blocks += twin.addTiling(tiling)
                }
              }.median
            difference = Self.relativeDifference(sums, expected)
            sums.update(repeating: 0)
            if !(difference <= Self.largestDifference) { return }
            timings = [1, threads].map { threads in
              Timing.measure(runs: runs) {
                addTilings(threads: threads)
                let tiling = tilings[0]
                parallelFor(samples / frame, threads: threads) { k in
                  vm_kernels_best().pointee.blocks.write_back(
                    values.address(of: k * frame, count: frame), tiling.sums + k * frame,
                    tiling.states + k * frame, 1 / Float(Self.tilings), frame)
                }
              }
            }
          }
        }
      }
    }
    try WrongResult.check("hard thresholding", difference: difference, limit: Self.largestDifference)
    (single, parallel) = (timings[0], timings[1])
    (plain, self.difference) = (seconds, difference)
    (self.samples, blockSamples) = (samples, blocks * 2048)
  }

  /// Rounding may put a few coefficients on the other side of the threshold; anything wrong differs by far more.
  private static let largestDifference = 1e-3

  private static func shiftedTilings(
    _ volume: TestVolume, values: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>,
    states: UnsafePointer<UInt8>
  ) -> [block_tiling] {
    var random = RandomSource(seed: 5)
    return (0..<Self.tilings).map { _ in
      block_tiling(
        values: values, sums: sums, states: states, channels: volume.channels,
        channel_stride: volume.planeSamples, frames: volume.frames, height: volume.height,
        width: volume.width,
        shift_t: random.below(8), shift_y: random.below(16), shift_x: random.below(16), threshold: threshold,
        depth: 8, opponent: 0, offsets: nil, blocks: nil, touched: nil,
        counts: nil)
    }
  }

  private static func relativeDifference(
    _ a: UnsafeMutableBufferPointer<Float>, _ b: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    var (difference, square) = (0.0, 0.0)
    for i in a.indices {
      difference += Double((a[i] - b[i]) * (a[i] - b[i]))
      square += Double(b[i] * b[i])
    }
    return square > 0 ? (difference / square).squareRoot() : .infinity
  }
}
