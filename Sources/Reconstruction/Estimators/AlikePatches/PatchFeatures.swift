import CVectorMath
import Foundation
import Kernels

/// What patches of a signal are compared by: the components of largest variance of their samples, those in the middle weighing
/// more.
struct PatchFeatures {
  static let count = Int(ALIKE_FEATURES)
  private static let side = Int(ALIKE_SIDE)
  /// Deviation, in samples, of the Gauss bell that samples of a patch weigh by.
  private static let deviation: Float = 3
  /// Patches, at most, that components are found from.
  private static let most = 12_000

  /// Places where a patch can begin.
  let (frames, rows, columns): (Int, Int, Int)
  /// Numbers from one feature of a row of places to the next, a multiple of 16.
  let stride: Int
  /// (frames x rows x features, stride); infinite beyond the last column.
  let values: Matrix

  /// - Parameters:
  ///   - channels: (channels, frames x height x width).
  ///   - depth: frames of a patch.
  init(of channels: Matrix, frames: Int, height: Int, width: Int, depth: Int, threads: Int) {
    self.frames = frames - depth + 1
    (rows, columns) = (height - Self.side + 1, width - Self.side + 1)
    stride = (columns + 15) / 16 * 16
    values = Matrix(rows: self.frames * rows * Self.count, columns: stride)
    let cut = Cut(channels: channels, height: height, width: width, depth: depth)
    let axes = Self.axes(cut, frames: self.frames, rows: rows, columns: columns)
    let (values, rows, columns, stride) = (values, rows, columns, stride)
    parallelFor(self.frames * rows, threads: threads) { line in
      let patches = Matrix(rows: columns, columns: cut.count)
      for x in 0..<columns {
        cut.read(frame: line / rows, row: line % rows, column: x, into: patches.base + x * cut.count)
      }
      let features = Matrix(rows: Self.count, columns: columns)
      multiply(axes, patches, transposing: .second, into: features)
      for j in 0..<Self.count {
        let to = values.base + (line * Self.count + j) * stride
        to.update(from: features.base + j * columns, count: columns)
        for x in columns..<stride { to[x] = .infinity }
      }
    }
  }

  /// The directions in which patches vary most, (features, samples of a patch); zero where a patch has fewer samples.
  private static func axes(_ cut: Cut, frames: Int, rows: Int, columns: Int) -> Matrix {
    let step = max(1, frames * rows * columns / most)
    let places = Swift.stride(from: 0, to: frames * rows * columns, by: step).map { $0 }
    let patches = Matrix(rows: places.count, columns: cut.count)
    for (k, place) in places.enumerated() {
      cut.read(
        frame: place / (rows * columns), row: place / columns % rows, column: place % columns,
        into: patches.base + k * cut.count)
    }
    let mean = Matrix(rows: 1, columns: cut.count)
    for k in places.indices {
      for j in 0..<cut.count { mean[0, j] += patches[k, j] / Float(places.count) }
    }
    for k in places.indices {
      for j in 0..<cut.count { patches[k, j] -= mean[0, j] }
    }
    let covariance = Matrix(rows: cut.count, columns: cut.count)
    multiply(patches, patches, transposing: .first, into: covariance)
    let vectors = symmetricEigenvectors(covariance).vectors
    let axes = Matrix(rows: count, columns: cut.count)
    for k in 0..<min(count, cut.count) {
      for j in 0..<cut.count { axes[k, j] = vectors[cut.count - 1 - k, j] }
    }
    return axes
  }

  /// Cuts patches, weighted, out of a signal.
  private struct Cut: Sendable {
    private let channels: Matrix
    private let (height, width, depth): (Int, Int, Int)
    private let weights: [Float]

    var count: Int { channels.rows * depth * side * side }

    init(channels: Matrix, height: Int, width: Int, depth: Int) {
      (self.channels, self.height, self.width, self.depth) = (channels, height, width, depth)
      weights = (0..<side * side).map { i in
        let (y, x) = (Float(i / side - side / 2), Float(i % side - side / 2))
        return exp(-(y * y + x * x) / (4 * deviation * deviation))
      }
    }

    func read(frame: Int, row: Int, column: Int, into patch: UnsafeMutablePointer<Float>) {
      var j = 0
      for c in 0..<channels.rows {
        for z in frame..<frame + depth {
          for y in 0..<side {
            let from = channels.base + c * channels.stride + (z * height + row + y) * width + column
            for x in 0..<side {
              patch[j] = weights[y * side + x] * from[x]
              j += 1
            }
          }
        }
      }
    }
  }
}
