/// The shape across a line that fits best: even in its middle, with sides that fall off evenly.
struct ShapeFit {
  struct Point {
    /// From the line's middle, in columns.
    var distance: Float
    /// Steps of 8 bits.
    var value: Float
    var weight: Float
  }

  struct Shape {
    /// Columns between the middles of both sides.
    var width: Float
    /// Columns over which each side falls off.
    var softness: Float
    /// From the middle of the points.
    var offset: Float
    /// Steps of 8 bits.
    var height: Float
    /// The squared error that is left.
    var error: Float
  }

  private let points: [Point]
  private var weight: Float = 0
  private var sum: Float = 0
  private var squares: Float = 0

  init(_ points: [Point]) {
    self.points = points
    for point in points {
      weight += point.weight
      sum += point.weight * point.value
      squares += point.weight * point.value * point.value
    }
  }

  /// The best of some shapes over an even ground; the first one, without height, where none fits.
  func best(
    widths: StrideThrough<Float>, softnesses: StrideThrough<Float>, offsets: StrideThrough<Float>
  ) -> Shape {
    var best = Shape(width: 1, softness: 0.5, offset: 0, height: 0, error: .infinity)
    for softness in softnesses {
      for width in widths {
        for offset in offsets {
          let (error, height) = fit(width: width, softness: softness, offset: offset)
          if error < best.error {
            best = Shape(width: width, softness: softness, offset: offset, height: height, error: error)
          }
        }
      }
    }
    return best
  }

  private func fit(width: Float, softness: Float, offset: Float) -> (error: Float, height: Float) {
    let (reach, slope) = ((width + softness) / 2, 1 / softness)
    var (wx, wxx, wxy) = (Float(0), Float(0), Float(0))
    for point in points {
      let x = max(0, min(1, (reach - abs(point.distance - offset)) * slope))
      let share = point.weight * x
      wx += share
      wxx += share * x
      wxy += share * point.value
    }
    let xx = weight * wxx - wx * wx
    let xy = weight * wxy - wx * sum
    if xx <= 1e-6 * weight * weight || xy <= 0 { return (.infinity, 0) }
    return (weight * squares - sum * sum - xy * xy / xx, xy / xx)
  }
}
