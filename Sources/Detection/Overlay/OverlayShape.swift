import Frames

/// The samples of an overlay: its insides too, not only its edges.
///
/// Where it makes the picture brighter or darker on the whole, that is where its gradient adds up to something; and where it
/// hides the picture, that changes less than around: its variance falls by (1 - opacity)^2.
struct OverlayShape {
  /// Of what the mark adds at its brightest, or darkest, parts: less is soft surroundings.
  private static let share: Float = 0.25
  /// Of the other sign's, such as a shadow's of bright letters.
  private static let shareOfOther: Float = 0.12
  /// Times what is added where the mark is not.
  private static let aboveNoise: Float = 1.5
  private static let least: Float = 2
  /// The deviation inside, over that outside, up to which the mark hides enough for that to be told.
  private static let hidden: Float = 0.6

  let box: Box
  /// By row, of the box.
  private(set) var mask: [Bool]

  /// - Parameters:
  ///   - viewBox: of the views, in the frame.
  ///   - edges: the box around the mark's edges, in the frame.
  init(_ views: [[UInt8]], viewBox: Box, edges: Box, threads: Int) {
    box = viewBox
    let (width, height) = (viewBox.width, viewBox.height)
    let gradient = LastingGradient(views, width: width, height: height, threads: threads)
    let added = gradient.integrated()
    let region = Region(edges, in: viewBox)
    let mask = Self.added(added, region: region)
    let hidden = Self.hiding(gradient.deviation, region: region)
    self.mask = Self.pieces(
      zip(mask, hidden).map { $0 || $1 }, width: width, height: height, isEdge: gradient.isEdge)
  }

  /// The box of a mark's edges in its view, and what is far from it.
  private struct Region {
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
  }

  private static func added(_ values: [Float], region: Region) -> [Bool] {
    var mask = [Bool](repeating: false, count: values.count)
    let noise = aboveNoise * quantile(region.outside.map { abs(values[$0]) }, 0.85, otherwise: 0)
    let level = quantile(region.inside.map { abs(values[$0]) }.filter { $0 > least }, 0.8, otherwise: 0)
    for sign in [Float(1), -1] {
      let strong = region.inside.map { sign * values[$0] }.filter { $0 > least }
      if strong.count < 12 { continue }
      let threshold = max(
        least, share * quantile(strong, 0.8, otherwise: 0), shareOfOther * level, noise)
      for i in region.inside where sign * values[i] > threshold { mask[i] = true }
    }
    return mask
  }

  private static func hiding(_ deviation: [Float], region: Region) -> [Bool] {
    let (width, height) = (region.width, region.height)
    let none = [Bool](repeating: false, count: deviation.count)
    let outside = quantile(region.outside.map { deviation[$0] }, 0.5, otherwise: 0)
    var smooth = deviation
    for y in 0..<height {
      for x in 0..<width {
        var (sum, count) = (Float(0), Float(0))
        for v in max(0, y - 1)...min(height - 1, y + 1) {
          for u in max(0, x - 1)...min(width - 1, x + 1) {
            sum += deviation[v * width + u]
            count += 1
          }
        }
        smooth[y * width + x] = sum / count
      }
    }
    let least = quantile(region.inside.map { smooth[$0] }, 0.1, otherwise: outside)
    if least >= hidden * outside { return none }
    let threshold = (max(least, 0.1 * outside) * outside).squareRoot()
    var mask = none
    for i in region.inside where smooth[i] < threshold { mask[i] = true }
    return opened(mask, width: width, height: height, side: max(3, min(15, region.thickness / 6)))
  }

  private static func quantile(_ values: [Float], _ share: Float, otherwise: Float) -> Float {
    values.isEmpty ? otherwise : values.sorted()[Int(share * Float(values.count - 1))]
  }

  /// What is covered by squares that lie within the mask altogether.
  static func opened(_ mask: [Bool], width: Int, height: Int, side: Int) -> [Bool] {
    var result = [Bool](repeating: false, count: mask.count)
    if width < side || height < side { return result }
    // Length of the run that ends at each place, along rows; then how many rows have one as long as the square.
    var rows = [Int](repeating: 0, count: width)
    for y in 0..<height {
      var run = 0
      for x in 0..<width {
        run = mask[y * width + x] ? run + 1 : 0
        rows[x] = run >= side ? rows[x] + 1 : 0
        if rows[x] < side { continue }
        for v in y - side + 1...y {
          for i in v * width + x - side + 1...v * width + x { result[i] = true }
        }
      }
    }
    return result
  }

  /// Pieces of the mask that have edges of the mark, without holes of a few samples.
  private static func pieces(
    _ mask: [Bool], width: Int, height: Int, isEdge: (Int) -> Bool
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: mask.count)
    for piece in connected(mask, width: width, height: height, diagonally: true) {
      let edges = piece.reduce(0) { $0 + (isEdge($1) ? 1 : 0) }
      if piece.count < 4 || Float(edges) < 0.3 * Float(piece.count).squareRoot() { continue }
      for i in piece { result[i] = true }
    }
    for hole in connected(result.map { !$0 }, width: width, height: height, diagonally: false)
    where hole.count <= 3 {
      for i in hole { result[i] = true }
    }
    return result
  }

  static func connected(_ mask: [Bool], width: Int, height: Int, diagonally: Bool) -> [[Int]] {
    var open = mask
    var pieces: [[Int]] = []
    for first in open.indices where open[first] {
      open[first] = false
      var piece = [first]
      var next = 0
      while next < piece.count {
        let (x, y) = (piece[next] % width, piece[next] / width)
        next += 1
        for v in max(0, y - 1)...min(height - 1, y + 1) {
          for u in max(0, x - 1)...min(width - 1, x + 1)
          where open[v * width + u] && (diagonally || u == x || v == y) {
            open[v * width + u] = false
            piece.append(v * width + u)
          }
        }
      }
      pieces.append(piece)
    }
    return pieces
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
