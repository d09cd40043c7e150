import Frames

/// Tells whether what appeared at a place is a subtitle, and which samples belong to it.
struct TextReader {
  /// Share of samples beside text that may have come with it: more, and the whole scene did.
  private static let others: Float = 0.3
  /// The same of the whole picture, by what is new at the place itself.
  private static let elsewhere: Float = 1.5
  /// Steps of 8 bits across four samples of texture.
  private static let texture = 16
  /// Steps of 8 bits between samples of a rim.
  private static let evenRim = 24

  let planes: FrameWindow<BrightnessPlane>
  let settings: DetectionSettings
  /// Of the box behind the text that was there just before, if there was one.
  let margins: Backing.Margins?
  /// Of the same frames, where the planes are of colour; such text has no box of its own.
  let brightness: FrameWindow<BrightnessPlane>?

  func subtitle(at place: TextPlaces.Place, birth: Int, fade: Int, scale: Int) -> Subtitle? {
    let plane = planes[planes.end - 1]
    let rough = place.box
    let margin = scale * max(16, min(40, rough.height))
    let x0 = max(0, rough.x * scale - margin)
    let y0 = max(0, rough.y * scale - margin)
    let box = Box(
      x: x0, y: y0, width: min(plane.width, (rough.x + rough.width) * scale + margin) - x0,
      height: min(plane.height, (rough.y + rough.height) * scale + margin) - y0)
    let appearance = Appearance(planes, box: box, birth: birth)
    let rules = LetteringRules(caution: settings.caution, frameHeight: plane.height)
    guard let lettering = rules.best(in: appearance) else { return nil }
    let nearness = Nearness(lettering.strokes, width: box.width)
    let rim = TextRim(lettering, appearance, nearness: nearness)
    var mask = rim.grown(lettering, appearance)

    let subtitle = Subtitle(
      appearance, mask: mask, frameWidth: plane.width, lettering: lettering, frames: birth..<planes.end)
    let first = start(of: subtitle, birth: birth, fade: fade)

    // What lies between strokes and beside them tells of a box.
    let beside = Int32(max(6, lettering.letterHeight / 2))
    let isFree = nearness.distances.map { $0 > beside ? UInt8(1) : 0 }
    var backing = Backing(width: box.width, height: box.height, mean: appearance.mean, isFree: isFree)
    if first > planes.start {
      backing.before = Patch(planes[first - 1], box: box).values
      backing.after = Patch(planes[min(birth + 1, planes.end - 1)], box: box).values
    }
    var found: Backing.Margins?
    for line in lettering.lines where brightness == nil {
      let rows = lettering.rows(beside: line, height: box.height, margin: 3)
      var back = backing.around(line, rows: rows, reach: lettering.letterHeight)
      if let back { found = Backing.Margins(of: back, around: line) }
      // A box that stays between two texts does not appear.
      if back == nil, let margins {
        back = margins.around(line, width: box.width, height: box.height)
        found = margins
      }
      guard let back else { continue }
      for y in back.y..<back.y + back.height {
        for x in back.x..<back.x + back.width { mask[y * box.width + x] = 1 }
      }
    }
    // The scene may have come, or stopped, as a whole.
    let others = shareOfOthers(appearance, mask: mask)
    let isAlone =
      others <= Self.others
      && Float(place.elsewhere) <= Self.elsewhere * Float(place.count)
      && isAloneInBrightness(subtitle, birth: birth)
    let isOutlined = isOutlined(appearance, nearness, rim: rim, letterHeight: lettering.letterHeight)
    let isPlaced = isPlaced(lettering, in: box, of: plane)
    if !isAlone && !isOutlined && !isPlaced { return nil }
    if birth > planes.start, hasMoved(lettering, nearness, box: box, birth: birth) { return nil }
    var result = Subtitle(
      appearance, mask: mask, frameWidth: plane.width, lettering: lettering, frames: first..<planes.end)
    result.margins = found
    if brightness != nil {
      let ground = Ground(
        appearance, nearness: nearness, reach: max(2, rim.reach + 1), radius: lettering.letterHeight)
      result.fine = ColourLetters.fine(mask, of: lettering, in: appearance, over: ground)
    }
    return result
  }

  /// Whether it is what nothing but a subtitle is: much text, without fault, centred, and in the outer parts of the picture.
  private func isPlaced(_ lettering: Lettering, in box: Box, of plane: BrightnessPlane) -> Bool {
    if lettering.score < 0.55 || lettering.letters < 8 { return false }
    return lettering.lines.allSatisfy { line in
      let centre = 2 * (box.x + line.x) + line.width - plane.width
      let middle = 2 * (box.y + line.y) + line.height
      return abs(centre) <= max(4, plane.width / 25)
        && (5 * middle >= 6 * plane.height || 2 * middle <= plane.height)
    }
  }

  /// The share of samples outside a mask that are new: of those with texture, which show motion, if there are enough.
  private func shareOfOthers(_ appearance: Appearance, mask: [UInt8]) -> Float {
    let (width, height) = (appearance.box.width, appearance.box.height)
    let mean = appearance.mean
    var (new, all, newTexture, texture) = (0, 0, 0, 0)
    for y in 2..<max(2, height - 2) {
      for x in 2..<max(2, width - 2) {
        let i = y * width + x
        if mask[i] != 0 { continue }
        let isNew = appearance.isNew[i] != 0
        all += 1
        if isNew { new += 1 }
        if abs(Int(mean[i + 2]) - Int(mean[i - 2])) >= Self.texture
          || abs(Int(mean[i + 2 * width]) - Int(mean[i - 2 * width])) >= Self.texture
        {
          texture += 1
          if isNew { newTexture += 1 }
        }
      }
    }
    if 33 * texture >= all { return Float(newTexture) / Float(max(1, texture)) }
    return Float(new) / Float(max(1, all))
  }

  /// Whether nothing but a text of a colour has come where it is.
  private func isAloneInBrightness(_ subtitle: Subtitle, birth: Int) -> Bool {
    guard let brightness, let plane = brightness.range.last.map({ brightness[$0] }) else { return true }
    let (box, shift) = (subtitle.box, subtitle.shift)
    let (x, y) = (box.x << shift.x, box.y << shift.y)
    let whole = Box(
      x: x, y: y, width: min(plane.width, (box.x + box.width) << shift.x) - x,
      height: min(plane.height, (box.y + box.height) << shift.y) - y)
    let mask = (0..<whole.area).map { i -> UInt8 in
      subtitle.covers(y: y + i / whole.width, x: x + i % whole.width) ? 1 : 0
    }
    return shareOfOthers(Appearance(brightness, box: whole, birth: birth), mask: mask) <= Self.others
  }

  /// Whether strokes have a rim of one brightness, with something else beyond it.
  private func isOutlined(
    _ appearance: Appearance, _ nearness: Nearness, rim: TextRim, letterHeight: Int
  ) -> Bool {
    if rim.places.isEmpty { return false }
    let inner = Int32(4)...Int32(max(5, min(9, 3 * rim.reach)))
    let outer = Int32(3 * rim.reach + 6)...Int32(3 * rim.reach + 9 + 2 * letterHeight)
    var histogram = [Int](repeating: 0, count: 256)
    for i in appearance.mean.indices where inner.contains(nearness.distances[i]) {
      histogram[Int(appearance.mean[i])] += 1
    }
    let count = histogram.reduce(0, +)
    let usual = median(of: histogram)
    let values = max(0, usual - Self.evenRim)...min(255, usual + Self.evenRim)
    let even = histogram[values].reduce(0, +)
    var (same, all) = (0, 0)
    for i in appearance.mean.indices where outer.contains(nearness.distances[i]) {
      all += 1
      if values.contains(Int(appearance.mean[i])) { same += 1 }
    }
    return Float(even) >= 0.7 * Float(count) && Float(same) <= 0.3 * Float(all)
  }

  /// Whether the same strokes were elsewhere before: text of a scene that has come to rest.
  private func hasMoved(_ lettering: Lettering, _ nearness: Nearness, box: Box, birth: Int) -> Bool {
    let (width, height) = (box.width, box.height)
    let reach = max(8, min(24, lettering.letterHeight))
    func some(_ isOne: (Int) -> Bool) -> [Int] {
      let all = lettering.strokes.indices.filter(isOne)
      return stride(from: 0, to: all.count, by: max(1, all.count / 120)).map { all[$0] }
    }
    let strokes = some { lettering.strokes[$0] != 0 }
    let beside = some { (5...8).contains(nearness.distances[$0]) }
    if strokes.isEmpty || beside.isEmpty { return false }
    for frame in [birth - 2, birth - 6] where frame >= planes.start {
      let before = Patch(planes[frame], box: box).values
      func share(_ places: [Int], dy: Int, dx: Int) -> Float {
        var (same, all) = (0, 0)
        for i in places {
          let (y, x) = (i / width + dy, i % width + dx)
          if y < 0 || x < 0 || y >= height || x >= width { continue }
          all += 1
          if abs(Int(before[y * width + x]) - lettering.brightness) <= 36 { same += 1 }
        }
        return 2 * all < places.count ? 0 : Float(same) / Float(all)
      }
      for dy in -reach...reach {
        for dx in -reach...reach where abs(dy) > 2 || abs(dx) > 2 {
          if share(strokes, dy: dy, dx: dx) - share(beside, dy: dy, dx: dx) > 0.6 { return true }
        }
      }
    }
    return false
  }

  /// The frame in which it begins to fade in: there its strokes are nearer to their brightness than before.
  private func start(of subtitle: Subtitle, birth: Int, fade: Int) -> Int {
    let gone = subtitle.distance(in: planes[max(planes.start, birth - fade)])
    var first = birth
    // Ages are guesses: a frame that is like those before, and not like the next one, is without it.
    if birth - 2 >= planes.start {
      let without = subtitle.distance(in: planes[birth - 2])
      while first < birth + 2, first + 1 < planes.end,
        subtitle.distance(in: planes[first]) > 0.9 * without,
        subtitle.distance(in: planes[first + 1]) < Subtitle.faded * without
      {
        first += 1
      }
      if first > birth { return first }
    }
    // A scene that moves is near by chance at times, but not that near.
    if first <= planes.start || subtitle.distance(in: planes[first - 1]) > Subtitle.faded * gone {
      return first
    }
    while first > max(planes.start, birth - fade), subtitle.distance(in: planes[first - 1]) < 0.85 * gone,
      first == birth || subtitle.distance(in: planes[first - 1]) >= subtitle.distance(in: planes[first]),
      first - 1 == planes.start
        || (max(planes.start, first - 3)..<first - 1).contains(where: {
          subtitle.distance(in: planes[first - 1]) < Subtitle.step * subtitle.distance(in: planes[$0])
        })
    {
      first -= 1
    }
    return first
  }
}
