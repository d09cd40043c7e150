/// Cubic convolution at a place in a picture: the sixteen samples around it and their weights. It keeps detail that linear
/// interpolation blurs. (R. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981,
/// doi:10.1109/TASSP.1981.1163711, with a = -1/2: exact for polynomials of second degree.)
///
/// Places and samples beyond the edge are moved to it.
struct BicubicCell {
  private let rows: SIMD4<Int>
  private let columns: SIMD4<Int>
  private let rowWeights: SIMD4<Float>
  private let columnWeights: SIMD4<Float>

  @inline(__always)
  init(y: Float, x: Float, height: Int, width: Int) {
    let (top, fy) = Self.split(y, count: height)
    let (left, fx) = Self.split(x, count: width)
    rows = Self.around(top, count: height) &* width
    columns = Self.around(left, count: width)
    rowWeights = Self.weights(fy)
    columnWeights = Self.weights(fx)
  }

  @inline(__always)
  func value(in picture: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for i in 0..<4 {
      let p = picture + rows[i]
      let line = SIMD4(p[columns[0]], p[columns[1]], p[columns[2]], p[columns[3]])
      sum += rowWeights[i] * (columnWeights * line).sum()
    }
    return sum
  }

  @inline(__always)
  private static func split(_ place: Float, count: Int) -> (Int, Float) {
    let clamped = max(0, min(Float(count - 1), place))
    let whole = Int(clamped)
    return (whole, clamped - Float(whole))
  }

  @inline(__always)
  private static func around(_ first: Int, count: Int) -> SIMD4<Int> {
    let last = count - 1
    return SIMD4(max(0, first - 1), first, min(last, first + 1), min(last, first + 2))
  }

  /// Weights of the samples at -1, 0, 1 and 2 for a place at `f`, 0 ... 1; their sum is one.
  @inline(__always)
  private static func weights(_ f: Float) -> SIMD4<Float> {
    SIMD4(
      ((2 - f) * f - 1) * f, (3 * f - 5) * f * f + 2, ((4 - 3 * f) * f + 1) * f, (f - 1) * f * f) * 0.5
  }
}
