import Frames

/// The box of a mark's edges in its view, and what is far from it.
struct MarkRegion {
  let width: Int
  let height: Int
  let inside: [Int]
  let outside: [Int]
  let thickness: Int

  init(_ edges: Box, in view: Box) {
    (width, height) = (view.width, view.height)
    let (left, top) = (edges.x - view.x, edges.y - view.y)
    let (right, bottom) = (left + edges.width, top + edges.height)
    var (inside, outside): ([Int], [Int]) = ([], [])
    for y in 0..<view.height {
      for x in 0..<view.width {
        let i = y * view.width + x
        if x >= left && x < right && y >= top && y < bottom { inside.append(i) }
        if x < left - 2 || x >= right + 2 || y < top - 2 || y >= bottom + 2 { outside.append(i) }
      }
    }
    (self.inside, self.outside) = (inside, outside)
    thickness = min(edges.width, edges.height)
  }

  static func quantile(_ values: [Float], _ share: Float, otherwise: Float) -> Float {
    values.isEmpty ? otherwise : values.sorted()[Int(share * Float(values.count - 1))]
  }
}

/// Areas in which a mark hides what is below: they change less over time than what surrounds the mark.
struct HidingAreas {
  /// The deviation over that of the surroundings, up to which that can be told from chance.
  private static let most: Float = 0.6
  /// How much the deviation rises at the border of an area, of that of the surroundings: where a scene changes little, it does
  /// so gradually.
  private static let leastRise: Float = 0.35
  /// Samples on both sides of the border that are compared.
  private static let reach = 3

  private let region: MarkRegion
  private let smooth: [Float]
  private let outside: Float
  private let threshold: Float

  /// - Parameter deviation: over time, by place.
  init(_ deviation: [Float], region: MarkRegion) {
    self.region = region
    let (width, height) = (region.width, region.height)
    outside = MarkRegion.quantile(region.outside.map { deviation[$0] }, 0.65, otherwise: 0)
    let means = BoxMeans(deviation, width: width, height: height)
    smooth = deviation.indices.map { means.mean(x: $0 % width, y: $0 / width, reach: 1) }
    let (smooth, outside) = (smooth, outside)
    let least = MarkRegion.quantile(region.inside.map { smooth[$0] }, 0.1, otherwise: outside)
    threshold = least < Self.most * outside ? (max(least, 0.1 * outside) * outside).squareRoot() : 0
  }

  /// Those of some places, without what is thin.
  func mask(within places: [Int]) -> [Bool] {
    var mask = [Bool](repeating: false, count: smooth.count)
    if threshold <= 0 { return mask }
    for i in places where smooth[i] < threshold { mask[i] = true }
    return MaskPieces.opened(
      mask, width: region.width, height: region.height, side: max(3, min(15, region.thickness / 6)))
  }

  /// Areas with a sharp border that hold what was found already, and at least as much besides.
  func sharpAreas(around found: [Bool]) -> [[Int]] {
    if threshold <= 0 { return [] }
    let (width, height) = (region.width, region.height)
    let mask = mask(within: Array(smooth.indices))
    return MaskPieces.connected(mask, width: width, height: height, diagonally: false).filter { area in
      let own = area.reduce(0) { $0 + (found[$1] ? 1 : 0) }
      if own == 0 || area.count < 2 * own { return false }
      let isWithin = area.allSatisfy {
        $0 % width > 0 && $0 % width < width - 1 && $0 / width > 0 && $0 / width < height - 1
      }
      return isWithin && rise(atBorderOf: area) >= Self.leastRise * outside
    }
  }

  private func rise(atBorderOf area: [Int]) -> Float {
    let (width, height) = (region.width, region.height)
    var isArea = [Float](repeating: 0, count: smooth.count)
    for i in area { isArea[i] = 1 }
    let shares = BoxMeans(isArea, width: width, height: height)
    var (inner, outer, innerCount, outerCount) = (Float(0), Float(0), Float(0), Float(0))
    for i in smooth.indices {
      let share = shares.mean(x: i % width, y: i / width, reach: Self.reach)
      if share <= 0 || share >= 1 { continue }
      if isArea[i] > 0 {
        inner += smooth[i]
        innerCount += 1
      } else {
        outer += smooth[i]
        outerCount += 1
      }
    }
    return outer / max(1, outerCount) - inner / max(1, innerCount)
  }
}
