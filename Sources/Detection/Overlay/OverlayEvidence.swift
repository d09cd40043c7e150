import Frames

/// Looks for overlays in sums of gradient signs.
struct OverlayEvidence {
  /// Edges are gathered in squares of so many samples; those with fewer edges are chance.
  private static let square = 4
  private static let fewestInSquare = 2
  /// Squares that a mark's parts may lie apart.
  private static let gap = 2
  private static let noEdge: UInt8 = 255
  /// Edges of a part of a mark; and parts in the picture above which it is still as a whole.
  private static let fewestInPart = 12
  private static let mostParts = 200

  private let sums: EdgeSums<Int16>
  private let width: Int
  private let height: Int
  private let columns: Int
  private let rules: OverlayRules
  private let across: Int
  private let down: Int
  /// The edge that stays at each place, and for how many of the frames that count.
  private var edges: [UInt8]
  private var hits: [Int16]
  /// By square.
  private var counts: [Int16]
  private var stillEdges = 0
  private var allEdges = 0

  init(_ sums: EdgeSums<Int16>, width: Int, height: Int, columns: Int, rules: OverlayRules) {
    (self.sums, self.width, self.height, self.columns, self.rules) = (sums, width, height, columns, rules)
    (across, down) = ((width + Self.square - 1) / Self.square, (height + Self.square - 1) / Self.square)
    edges = Array(repeating: Self.noEdge, count: width * height)
    hits = Array(repeating: 0, count: width * height)
    counts = Array(repeating: 0, count: across * down)
    findEdges()
  }

  /// What may be overlays, unless so much else stays that the picture as a whole does.
  func candidates() -> [OverlayCandidate] {
    let found = joined(groups()).compactMap { candidate($0) }.sorted { $0.strength > $1.strength }
    if found.count > OverlayRules.mostAtOnce { return [] }
    let own = found.reduce(0) { $0 + $1.places.count }
    let others = Float(stillEdges - own) / Float(max(1, allEdges - own))
    return others > OverlayRules.mostStill ? [] : found
  }

  private mutating func findEdges() {
    // Beside the picture's borders gradients are not complete.
    let border = 2
    if width <= 2 * border || height <= 2 * border { return }
    let size = ContentSampler.cell
    for y in border..<height - border {
      for x in border..<width - border {
        let i = y * width + x
        let count = Int(sums.counts[y / size * columns + x / size])
        if count < LastingEdge.fewest { continue }
        let (xx, yy) = (Int(sums.xx[i]), Int(sums.yy[i]))
        // Most places have too few edges of any kind.
        if 10 * (xx + yy) <= 3 * count { continue }
        allEdges += 1
        guard
          let found = LastingEdge.found(
            x: Int(sums.x[i]), y: Int(sums.y[i]), xx: xx, yy: yy, xy: Int(sums.xy[i]), count: count)
        else { continue }
        edges[i] = found.edge.rawValue
        hits[i] = Int16(clamping: found.sum)
        stillEdges += 1
        counts[y / Self.square * across + x / Self.square] += 1
      }
    }
  }

  /// Squares with edges that lie near each other.
  private func groups() -> [[Int]] {
    var isTaken = counts.map { Int($0) < Self.fewestInSquare }
    var groups: [[Int]] = []
    for first in isTaken.indices where !isTaken[first] {
      isTaken[first] = true
      var group = [first]
      var next = 0
      var edges = 0
      while next < group.count {
        let (x, y) = (group[next] % across, group[next] / across)
        edges += Int(counts[group[next]])
        next += 1
        for v in max(0, y - Self.gap)...min(down - 1, y + Self.gap) {
          for u in max(0, x - Self.gap)...min(across - 1, x + Self.gap) where !isTaken[v * across + u] {
            isTaken[v * across + u] = true
            group.append(v * across + u)
          }
        }
      }
      if edges >= Self.fewestInPart { groups.append(group) }
    }
    return groups
  }

  /// Groups that are parts of one mark together, such as letters: they lie beside, or above, each other, nearer than half
  /// the smaller one's size.
  private func joined(_ groups: [[Int]]) -> [[Int]] {
    if groups.count > Self.mostParts { return groups }
    var parts = groups.map { ($0, squareBox($0)) }
    var isDone = false
    while !isDone {
      isDone = true
      search: for i in parts.indices {
        for k in parts.indices where k > i && isOne(parts[i].1, parts[k].1) {
          parts[i] = (parts[i].0 + parts[k].0, parts[i].1.union(parts[k].1))
          parts.remove(at: k)
          isDone = false
          break search
        }
      }
    }
    return parts.map(\.0)
  }

  private func squareBox(_ squares: [Int]) -> Box {
    squares.map { Box(x: $0 % across, y: $0 / across, width: 1, height: 1) }
      .reduce(nil as Box?) { $0?.union($1) ?? $1 } ?? Box(x: 0, y: 0, width: 0, height: 0)
  }

  private func isOne(_ a: Box, _ b: Box) -> Bool {
    let columns = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let rows = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    let near = max(
      min(a.height, b.height) / 2, min(max(a.width, a.height), max(b.width, b.height)) / 4)
    return 2 * rows >= min(a.height, b.height) && -columns <= near
      || 2 * columns >= min(a.width, b.width) && -rows <= near
  }

  private func candidate(_ squares: [Int]) -> OverlayCandidate? {
    var places: [Int32] = []
    for square in squares {
      let (left, top) = (square % across * Self.square, square / across * Self.square)
      for y in top..<min(height, top + Self.square) {
        for i in y * width + left..<y * width + min(width, left + Self.square) where edges[i] != Self.noEdge {
          places.append(Int32(i))
        }
      }
    }
    if places.count < OverlayRules.fewestEdges { return nil }
    places.sort()
    let xs = places.map { Int($0) % width }
    guard let first = places.first, let last = places.last, let left = xs.min(), let right = xs.max() else {
      return nil
    }
    let (top, bottom) = (Int(first) / width, Int(last) / width)
    let box = Box(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    let border = OverlayRules.border
    if left < border || top < border || right >= width - border || bottom >= height - border { return nil }
    if Float(box.width) > OverlayRules.mostWidth * Float(width)
      || Float(box.height) > OverlayRules.mostHeight * Float(height)
    {
      return nil
    }
    var (all, kept) = (0.0, 0.0)
    for place in places {
      let (count, hit) = (Double(count(at: Int(place))), Double(hits[Int(place)]))
      all += count * count
      kept += hit * hit
    }
    let loss = Float(all / max(1, kept))
    let strength = Float(places.count) / (loss * loss * loss)
    if loss > OverlayRules.mostLoss || strength < rules.caution * OverlayRules.strength
      || !isAloneInChange(box)
    {
      return nil
    }
    return OverlayCandidate(
      places: places, edges: places.compactMap { LastingEdge(rawValue: edges[Int($0)]) }, box: box,
      strength: strength, level: min(1, (1 / loss).squareRoot()))
  }

  private func count(at place: Int) -> Int {
    let size = ContentSampler.cell
    return Int(sums.counts[place / width / size * columns + place % width / size])
  }

  /// Whether what surrounds a box changes on all sides.
  ///
  /// For n independent contents sums of signs are as large as the root of the number of edges; the quotient of mean squares is
  /// the number of contents that are as good as independent.
  private func isAloneInChange(_ box: Box) -> Bool {
    let gap = 4
    let reach = gap + max(16, min(48, (box.width + box.height) / 4))
    let (x0, y0) = (max(0, box.x - reach), max(0, box.y - reach))
    let (x1, y1) = (min(width, box.x + box.width + reach), min(height, box.y + box.height + reach))
    let inner = Box(x: box.x - gap, y: box.y - gap, width: box.width + 2 * gap, height: box.height + 2 * gap)
    var sectors = [Sector](repeating: Sector(), count: 8)
    var (still, all) = (0, 0)
    for y in y0..<y1 {
      for x in x0..<x1 {
        if x >= inner.x && x < inner.x + inner.width && y >= inner.y && y < inner.y + inner.height {
          continue
        }
        let i = y * width + x
        let count = count(at: i)
        let (xx, yy) = (Double(sums.xx[i]), Double(sums.yy[i]))
        let (sx, sy) = (Double(sums.x[i]), Double(sums.y[i]))
        let u = (2 * (x - box.x) - box.width) * box.height
        let v = (2 * (y - box.y) - box.height) * box.width
        let sector = (u > 0 ? 1 : 0) | (v > 0 ? 2 : 0) | (abs(u) > abs(v) ? 4 : 0)
        sectors[sector].size += 1
        sectors[sector].frames += count
        sectors[sector].edges += xx + yy
        sectors[sector].squares += xx * xx + yy * yy
        sectors[sector].sums += sx * sx + sy * sy
        if xx + yy > 0.3 * Double(count) { all += 1 }
        if edges[i] != Self.noEdge { still += 1 }
      }
    }
    if Float(still) > OverlayRules.mostStillBeside * Float(max(1, all)) { return false }
    let possible = sectors.filter { $0.size > 40 }
    let known = possible.filter { $0.edges >= 0.05 * Double($0.frames) + 1 }
    let contents = known.map { Float(($0.squares + 1) / ($0.sums + 1)) }.sorted()
    if contents.isEmpty || 2 * contents.count <= possible.count { return false }
    return contents[min(1, contents.count - 1)] >= OverlayRules.fewestContents
  }

  /// Sums over a part of the surroundings.
  private struct Sector {
    var size = 0
    var frames = 0
    var edges = 0.0
    var squares = 0.0
    var sums = 0.0
  }
}
