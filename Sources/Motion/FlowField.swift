import Kernels

/// The flow from one picture to another: what (y, x) shows in the first, (y + dy, x + dx) shows in the second.
///
/// Displacements are in samples of the pictures.
public struct FlowField: Sendable {
  /// (height, width) each, without gaps between rows.
  public let dx: Matrix
  public let dy: Matrix

  public var height: Int { dx.rows }
  public var width: Int { dx.columns }

  public init(dx: Matrix, dy: Matrix) {
    precondition(dx.rows == dy.rows && dx.columns == dy.columns, "both displacements have the same size")
    precondition(dx.isContiguous && dy.isContiguous, "gaps between rows")
    self.dx = dx
    self.dy = dy
  }

  /// No motion.
  public init(still height: Int, _ width: Int) {
    self.init(dx: Matrix(rows: height, columns: width), dy: Matrix(rows: height, columns: width))
  }

  /// The displacement at a place between samples, linear between its four neighbours and held beyond the edge.
  public func displacement(y: Float, x: Float) -> (dy: Float, dx: Float) {
    let cell = BilinearCell(y: y, x: x, height: height, width: width)
    return (cell.value(in: dy.base), cell.value(in: dx.base))
  }

  /// The same motion of pictures with twice the resolution.
  func doubled(height: Int, width: Int) -> FlowField {
    let result = FlowField(still: height, width)
    for y in 0..<height {
      for x in 0..<width {
        let (dy, dx) = displacement(y: (Float(y) - 0.5) / 2, x: (Float(x) - 0.5) / 2)
        (result.dy[y, x], result.dx[y, x]) = (2 * dy, 2 * dx)
      }
    }
    return result
  }
}

/// Bilinear interpolation at a place in a picture: the four samples around it and their weights.
///
/// Places beyond the edge are moved to it.
struct BilinearCell {
  /// Row, column and index of the upper left sample, and the steps in the index to the right and down.
  let top: Int
  let left: Int
  let index: Int
  let right: Int
  let down: Int
  /// Share of the right and of the lower samples, 0 ... 1.
  let fx: Float
  let fy: Float

  @inline(__always)
  init(y: Float, x: Float, height: Int, width: Int) {
    let cx = max(0, min(Float(width - 1), x))
    let cy = max(0, min(Float(height - 1), y))
    left = Int(cx)
    top = Int(cy)
    index = top * width + left
    right = left + 1 < width ? 1 : 0
    down = top + 1 < height ? width : 0
    fx = cx - Float(left)
    fy = cy - Float(top)
  }

  @inline(__always)
  func value(in picture: UnsafePointer<Float>) -> Float {
    let p = picture + index
    let upper = p[0] + fx * (p[right] - p[0])
    let lower = p[down] + fx * (p[down + right] - p[down])
    return upper + fy * (lower - upper)
  }

  /// The values in four pictures at once.
  ///
  /// - Parameter values: those of a sample, by its index.
  @inline(__always)
  func value(of values: (Int) -> SIMD4<Float>) -> SIMD4<Float> {
    let (upperLeft, lowerLeft) = (values(index), values(index + down))
    let upper = upperLeft + (values(index + right) - upperLeft) * fx
    let lower = lowerLeft + (values(index + down + right) - lowerLeft) * fx
    return upper + (lower - upper) * fy
  }

  /// The weighted sum of a value of the four samples.
  @inline(__always)
  func sum(of value: (Int) -> Float) -> Float {
    let weights = weights
    return weights[0] * value(index) + weights[1] * value(index + right) + weights[2] * value(index + down)
      + weights[3] * value(index + down + right)
  }

  /// Draws one of the four samples that fit, with probabilities in proportion to their weights; nil if none fits.
  ///
  /// - Parameter share: the random number, 0 ..< 1.
  @inline(__always)
  func sample(at share: Float, where fits: (Int) -> Bool) -> (row: Int, column: Int)? {
    let places = SIMD4(index, index + right, index + down, index + down + right)
    var fitting = weights
    for k in 0..<4 where !fits(places[k]) { fitting[k] = 0 }
    var rest = share * fitting.sum()
    var found: Int?
    for k in 0..<4 where fitting[k] > 0 {
      found = k
      if rest < fitting[k] { break }
      rest -= fitting[k]
    }
    return found.map { (top + ($0 & 2 != 0 && down > 0 ? 1 : 0), left + ($0 & 1 != 0 ? right : 0)) }
  }

  /// Weights of the upper left, upper right, lower left and lower right sample; their sum is one.
  @inline(__always)
  var weights: SIMD4<Float> {
    SIMD4((1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy)
  }
}
