import Foundation
import Kernels

/// A texture of many waves, which can be shifted by fractions of a sample without error.
enum MovingTexture {
  /// Value in 0 ... 1 at a place.
  static func value(y: Float, x: Float) -> Float {
    var sum: Float = 0
    for (fy, fx, phase) in waves { sum += sin(fy * y + fx * x + phase) }
    return 0.5 + 0.08 * sum
  }

  private static let waves: [(Float, Float, Float)] = [
    (0.31, 0.17, 0.4), (-0.23, 0.41, 1.9), (0.67, -0.12, 3.1), (0.11, 0.73, 5.2), (-0.53, -0.47, 2.4),
    (0.07, -0.09, 0.9),
  ]

  /// A picture whose content has moved by (dy, dx).
  static func picture(height: Int, width: Int, dy: Float = 0, dx: Float = 0) -> Matrix {
    let result = Matrix(rows: height, columns: width)
    for y in 0..<height {
      for x in 0..<width { result[y, x] = value(y: Float(y) - dy, x: Float(x) - dx) }
    }
    return result
  }
}
