import Frames
import Kernels

/// Signals of one shape with the same missing samples, at one resolution.
struct LevelLineGrid {
  let shape: (frames: Int, height: Int, width: Int)
  /// A `SampleState` for each sample.
  let states: [UInt8]
  /// (frames, height, width) each; missing samples hold a start, if there is one.
  var signals: [[Float]]

  private var area: Int { shape.height * shape.width }

  /// The grid at half the resolution along rows and columns, and along frames unless `byFrame`. A sample is the mean of the
  /// known ones among the up to eight that it stands for, and known if at least half of them are.
  func halved(byFrame: Bool) -> LevelLineGrid {
    let deep = byFrame ? 1 : 2
    let (frames, height, width) = (
      (shape.frames + deep - 1) / deep, (shape.height + 1) / 2, (shape.width + 1) / 2
    )
    var states = [UInt8](repeating: SampleState.missing, count: frames * height * width)
    var signals = signals.map { _ in [Float](repeating: 0, count: states.count) }
    var places: [Int] = []
    for t in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          places.removeAll(keepingCapacity: true)
          var count = 0
          for s in t * deep..<min(shape.frames, (t + 1) * deep) {
            for v in 2 * y..<min(shape.height, 2 * y + 2) {
              for h in 2 * x..<min(shape.width, 2 * x + 2) {
                count += 1
                let i = s * area + v * shape.width + h
                if self.states[i] == SampleState.known { places.append(i) }
              }
            }
          }
          if places.isEmpty || 2 * places.count < count { continue }
          let i = (t * height + y) * width + x
          states[i] = SampleState.known
          let share = 1 / Float(places.count)
          for p in signals.indices {
            signals[p][i] = places.reduce(0) { $0 + self.signals[p][$1] } * share
          }
        }
      }
    }
    return LevelLineGrid(shape: (frames, height, width), states: states, signals: signals)
  }

  /// Fills the missing samples from the grid at half the resolution, by cubic convolution (Keys 1981).
  mutating func fill(from coarse: LevelLineGrid) {
    for p in signals.indices {
      var fine = Self.doubled(coarse.signals[p], count: coarse.shape.width, stride: 1, to: shape.width)
      fine = Self.doubled(fine, count: coarse.shape.height, stride: shape.width, to: shape.height)
      if coarse.shape.frames < shape.frames {
        fine = Self.doubled(fine, count: coarse.shape.frames, stride: area, to: shape.frames)
      }
      for i in states.indices where states[i] != SampleState.known { signals[p][i] = fine[i] }
    }
  }

  /// Twice as many samples along one axis; new ones lie a quarter of the old distance to either side of the old ones.
  private static func doubled(_ values: [Float], count: Int, stride: Int, to length: Int) -> [Float] {
    let lines = values.count / count
    let taps: [Float] = [-0.0703125, 0.8671875, 0.2265625, -0.0234375]
    return [Float](unsafeUninitializedCapacity: lines * length) { result, size in
      for outer in 0..<lines / stride {
        for i in 0..<length {
          // Towards the next old sample on the side that the new one lies on.
          let step = i % 2 == 0 ? -1 : 1
          let from = (0..<4).map { tap in
            (outer * count + max(0, min(count - 1, i / 2 + (tap - 1) * step))) * stride
          }
          let to = (outer * length + i) * stride
          for k in 0..<stride {
            result[to + k] =
              taps[0] * values[from[0] + k] + taps[1] * values[from[1] + k] + taps[2] * values[from[2] + k]
              + taps[3] * values[from[3] + k]
          }
        }
      }
      size = lines * length
    }
  }

  /// The mean of the signals, which share their edges.
  var mean: [Float] {
    guard signals.count > 1, var sum = signals.first else { return signals.first ?? [] }
    for signal in signals.dropFirst() {
      for i in sum.indices { sum[i] += signal[i] }
    }
    let share = 1 / Float(signals.count)
    for i in sum.indices { sum[i] *= share }
    return sum
  }

  /// True if some missing sample has no known one within `reach` rows, columns and frames.
  func isWide(_ reach: Int) -> Bool {
    let known = states.map { $0 == SampleState.known }
    return widened(
      known, frames: shape.frames, height: shape.height, width: shape.width,
      reach: (reach, reach, reach)
    ).contains(false)
  }
}
