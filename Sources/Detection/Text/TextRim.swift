import Frames

/// Outline and shadow: what lies beside strokes, in the same places beside all of them.
struct TextRim: Sendable {
  /// Share of the strokes that have it.
  private static let share: Float = 0.5
  /// Samples that are looked at for a place beside strokes.
  private static let most = 3000
  private static let fewest = 24
  /// Steps of 8 bits that a rim may differ from its usual brightness.
  private static let tolerance = 16

  /// From a stroke's sample to its rim's, (dy, dx).
  let places: [(dy: Int, dx: Int)]
  /// How far it reaches, in samples.
  let reach: Int
  private let ground: Ground

  init(_ lettering: Lettering, _ appearance: Appearance, nearness: Nearness) {
    let (width, height) = (appearance.box.width, appearance.box.height)
    let reach = max(3, min(24, (3 * lettering.letterHeight + 9) / 10))
    let usual = Self.brightness(appearance, nearness)
    let ground = Ground(appearance, nearness: nearness, reach: reach, radius: lettering.letterHeight)
    // 1 where something new is, 0 where nothing is, 2 where it can't be known.
    let evidence = appearance.mean.indices.map { i -> UInt8 in
      // A shadow that the scene is seen through is not still, but darker than what is around.
      if appearance.isStill[i] == 0 {
        switch ground.compare(appearance.mean[i], at: i, with: lettering.brightness) {
        case .opposite: return 1
        case .unclear: return 2
        case .alike: return 0
        }
      }
      // Two samples away and more it is of one brightness.
      if appearance.isNew[i] != 0 {
        guard let usual, nearness.distances[i] > 6 else { return 1 }
        return abs(Int(appearance.mean[i]) - usual) <= 3 * Self.tolerance ? 1 : 0
      }
      if let usual, abs(Int(appearance.mean[i]) - usual) <= Self.tolerance { return 2 }
      return 0
    }
    let all = lettering.strokes.indices.filter { lettering.strokes[$0] != 0 }
    let step = max(1, all.count / Self.most)
    let strokes = stride(from: 0, to: all.count, by: step).map { all[$0] }
    var offsets: [(dy: Int, dx: Int, squared: Int)] = []
    for dy in -reach...reach {
      for dx in -reach...reach where dx != 0 || dy != 0 {
        let squared = dx * dx + dy * dy
        if squared <= reach * reach { offsets.append((dy, dx, squared)) }
      }
    }
    offsets.sort { $0.squared < $1.squared }
    var isRim = [Bool](repeating: false, count: (2 * reach + 1) * (2 * reach + 1))
    func at(_ dy: Int, _ dx: Int) -> Int { (dy + reach) * (2 * reach + 1) + dx + reach }
    isRim[at(0, 0)] = true
    var places: [(dy: Int, dx: Int)] = []
    for offset in offsets {
      let (dy, dx) = (offset.dy, offset.dx)
      // One step nearer to the stroke it is a rim too.
      if !isRim[at(dy - dy.signum(), dx - dx.signum())] { continue }
      let nearest = 3 * Float(offset.squared).squareRoot() - 3.5
      var (yes, no) = (0, 0)
      for i in strokes {
        let (y, x) = (i / width + dy, i % width + dx)
        if y < 0 || x < 0 || y >= height || x >= width { continue }
        let j = y * width + x
        if lettering.strokes[j] != 0 || Float(nearness.distances[j]) < nearest { continue }
        if evidence[j] == 1 { yes += 1 } else if evidence[j] == 0 { no += 1 }
      }
      if yes + no >= Self.fewest && Float(yes) >= Self.share * Float(yes + no) {
        isRim[at(dy, dx)] = true
        places.append((dy, dx))
      }
    }
    (self.places, self.ground) = (places, ground)
    self.reach = places.reduce(0) { max($0, abs($1.dx), abs($1.dy)) }
  }

  /// The median brightness right beside strokes: of what is new, if that is much of it, else of what stays, if it is even.
  private static func brightness(_ appearance: Appearance, _ nearness: Nearness) -> Int? {
    var new = [Int](repeating: 0, count: 256)
    var still = new
    var all = 0
    for i in appearance.mean.indices where (4...7).contains(nearness.distances[i]) {
      all += 1
      if appearance.isNew[i] != 0 { new[Int(appearance.mean[i])] += 1 }
      if appearance.isStill[i] != 0 { still[Int(appearance.mean[i])] += 1 }
    }
    if all == 0 { return nil }
    if 4 * new.reduce(0, +) >= all { return median(of: new) }
    let usual = median(of: still)
    let even = still[max(0, usual - tolerance)...min(255, usual + tolerance)].reduce(0, +)
    return 3 * even >= 2 * all ? usual : nil
  }

  /// Strokes with their rim, and samples beside it that a coder or a soft edge has touched.
  func grown(_ lettering: Lettering, _ appearance: Appearance) -> [UInt8] {
    let (width, height) = (appearance.box.width, appearance.box.height)
    var marks = lettering.strokes
    for i in lettering.strokes.indices where lettering.strokes[i] != 0 {
      let (y, x) = (i / width, i % width)
      for place in places {
        let (ny, nx) = (y + place.dy, x + place.dx)
        if ny >= 0 && nx >= 0 && ny < height && nx < width { marks[ny * width + nx] = 1 }
      }
    }
    var wider = marks
    func add(_ i: Int) {
      if marks[i] != 0 || appearance.isStill[i] != 0 && appearance.hasChanged[i] == 0
        || ground.isLike(appearance.mean[i], at: i, strokes: lettering.brightness)
      {
        return
      }
      wider[i] = 1
    }
    for i in marks.indices where marks[i] != 0 {
      let x = i % width
      if x > 0 { add(i - 1) }
      if x + 1 < width { add(i + 1) }
      if i >= width { add(i - width) }
      if i + width < marks.count { add(i + width) }
    }
    return wider
  }
}
