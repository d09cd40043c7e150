import Frames

/// The samples of an overlay: its insides too, not only its edges.
///
/// Where it makes the picture brighter or darker on the whole, that is where its gradient adds up to something; and where it
/// hides the picture, that changes less than around: its variance falls by (1 - opacity)^2.
struct OverlayShape {
  /// Of what the mark adds at its brightest, or darkest, parts: less is soft surroundings.
  private static let share: Float = 0.18
  /// Of the other sign's, such as a shadow's of bright letters.
  private static let shareOfOther: Float = 0.08
  /// Times what is added where the mark is not.
  private static let aboveNoise: Float = 1.5
  private static let least: Float = 2
  /// Soft edges, so many samples wide at most, go down to this share of what counts as the mark, and to `leastSoft`.
  private static let (softReach, softShare, leastSoft) = (4, Float(0.3), Float(0.8))
  /// More than this share of what is added at the mark's strongest parts is no gradual error.
  private static let surely: Float = 0.4
  /// The share of a mark's edges beside what it adds to, from which on that is all of it.
  private static let explained: Float = 0.8

  let box: Box
  /// By row, of the box.
  private(set) var mask: [Bool]

  /// - Parameters:
  ///   - viewBox: of the views, in the frame.
  ///   - candidate: the mark's edges, in the smaller picture.
  ///   - pictureWidth: of the smaller picture, that is `factor` times as small.
  init(
    _ views: [[UInt8]], viewBox: Box, candidate: OverlayCandidate, pictureWidth: Int, factor: Int,
    threads: Int
  ) {
    box = viewBox
    let (width, height) = (viewBox.width, viewBox.height)
    let gradient = LastingGradient(views, width: width, height: height, threads: threads)
    let edgeBox = Box(
      x: candidate.box.x * factor, y: candidate.box.y * factor, width: candidate.box.width * factor,
      height: candidate.box.height * factor)
    let region = MarkRegion(edgeBox, in: viewBox)
    var isEdge = (0..<width * height).map { gradient.isEdge($0) }
    let places = candidate.places.map { place -> (x: Int, y: Int) in
      let (x, y) = (Int(place) % pictureWidth * factor, Int(place) / pictureWidth * factor)
      return (x + factor / 2 - viewBox.x, y + factor / 2 - viewBox.y)
    }.filter { $0.x >= 0 && $0.y >= 0 && $0.x < width && $0.y < height }
    var mask = Self.added(gradient.integrated(), region: region)
    let near = BoxMeans(mask.map { $0 ? 1 : 0 }, width: width, height: height)
    let explained = places.filter { near.mean(x: $0.x, y: $0.y, reach: 2 * factor) > 0 }.count
    let hiding = HidingAreas(gradient.deviation, region: region)
    if Float(explained) < Self.explained * Float(places.count) {
      mask = zip(mask, hiding.mask(within: region.inside)).map { $0 || $1 }
      for place in places { isEdge[place.y * width + place.x] = true }
    }
    for area in hiding.sharpAreas(around: mask) {
      for i in area { mask[i] = true }
    }
    self.mask = Self.pieces(mask, width: width, height: height, isEdge: isEdge)
  }

  private static func added(_ integrated: [Float], region: MarkRegion) -> [Bool] {
    let values = withoutGradualErrors(integrated, region: region)
    var shapes: [[Bool]] = []
    let noise = aboveNoise * MarkRegion.quantile(region.outside.map { abs(values[$0]) }, 0.85, otherwise: 0)
    let level = level(values, region: region)
    for sign in [Float(1), -1] {
      let strong = region.inside.map { sign * values[$0] }.filter { $0 > least }
      if strong.count < 12 { continue }
      let threshold = max(
        least, share * MarkRegion.quantile(strong, 0.8, otherwise: 0), shareOfOther * level, noise)
      var shape = [Bool](repeating: false, count: values.count)
      for i in region.inside where sign * values[i] > threshold { shape[i] = true }
      let soft = max(leastSoft, softShare * threshold, noise)
      grow(&shape, width: region.width) { sign * values[$0] > soft }
      shapes.append(shape)
    }
    var mask = [Bool](repeating: false, count: values.count)
    // Between bright letters and their shadow what is added crosses 0.
    let besides = shapes.map { BoxMeans($0.map { $0 ? 1 : 0 }, width: region.width, height: region.height) }
    for i in region.inside {
      mask[i] =
        shapes.contains { $0[i] }
        || besides.count == 2
          && besides.allSatisfy { $0.mean(x: i % region.width, y: i / region.width, reach: 1) > 0 }
    }
    return mask
  }

  /// Adds what lies at the shape's edges and is part of it, such as letters' soft outlines.
  private static func grow(_ shape: inout [Bool], width: Int, where isPart: (Int) -> Bool) {
    for _ in 0..<softReach {
      let before = shape
      for i in before.indices where !before[i] && isPart(i) {
        let x = i % width
        let isBeside =
          (x > 0 && before[i - 1]) || (x + 1 < width && before[i + 1]) || (i >= width && before[i - width])
          || (i + width < before.count && before[i + width])
        if isBeside { shape[i] = true }
      }
    }
  }

  /// What the mark adds at its stronger parts.
  private static func level(_ values: [Float], region: MarkRegion) -> Float {
    let strong = region.inside.map { abs(values[$0]) }.filter { $0 > least }
    return strong.count < 12 ? 6 : MarkRegion.quantile(strong, 0.8, otherwise: 0)
  }

  /// A few wrong edges tilt what they add up to over a wide area: what lies beside the mark's surer parts is taken for 0.
  private static func withoutGradualErrors(_ values: [Float], region: MarkRegion) -> [Float] {
    let (width, height) = (region.width, region.height)
    let sure = surely * level(values, region: region)
    let parts = BoxMeans(values.map { abs($0) > sure ? 1 : 0 }, width: width, height: height)
    let isFree = values.indices.map { i -> Float in
      parts.mean(x: i % width, y: i / width, reach: 2) > 0 ? 0 : 1
    }
    let reach = max(4, region.thickness / 4)
    let sums = BoxMeans(zip(values, isFree).map { $0 * $1 }, width: width, height: height)
      .smoothed(reach: reach)
    let weights = BoxMeans(isFree, width: width, height: height).smoothed(reach: reach)
    return values.indices.map { i in
      // Where little is free around, little is known of errors.
      values[i] - sums[i] / max(0.001, weights[i]) * min(1, 5 * weights[i])
    }
  }

  /// Pieces of the mask that have edges of the mark, without holes of a few samples.
  private static func pieces(
    _ mask: [Bool], width: Int, height: Int, isEdge: [Bool]
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: mask.count)
    for piece in MaskPieces.connected(mask, width: width, height: height, diagonally: true) {
      let edges = piece.reduce(0) { $0 + (isEdge[$1] ? 1 : 0) }
      if piece.count < 4 || Float(edges) < 0.3 * Float(piece.count).squareRoot() { continue }
      for i in piece { result[i] = true }
    }
    for hole in MaskPieces.connected(result.map { !$0 }, width: width, height: height, diagonally: false)
    where hole.count <= 3 {
      for i in hole { result[i] = true }
    }
    return result
  }

  /// Boxes that make up the mask, without overlap: runs of rows, those of the same columns together.
  var parts: [Box] {
    var parts: [Box] = []
    /// Places in `parts` of the row above's runs.
    var above: [Int] = []
    for y in 0..<box.height {
      var here: [Int] = []
      var x = 0
      while x < box.width {
        if !mask[y * box.width + x] {
          x += 1
          continue
        }
        let start = x
        while x < box.width && mask[y * box.width + x] { x += 1 }
        let run = Box(x: box.x + start, y: box.y + y, width: x - start, height: 1)
        if let i = above.first(where: { parts[$0].x == run.x && parts[$0].width == run.width }) {
          parts[i].height += 1
          here.append(i)
        } else {
          parts.append(run)
          here.append(parts.count - 1)
        }
      }
      above = here
    }
    return parts
  }
}
