import Frames

/// Where a rectangle that moves is at a moment.
public struct RectangleKey: Sendable, Equatable {
  public var box: Box
  public var moment: FrameMoment

  public init(box: Box, moment: FrameMoment) { (self.box, self.moment) = (box, moment) }

  /// For messages: as `init(parsing:)` reads it.
  var text: String {
    "\(box.x),\(box.y),\(box.width),\(box.height)@\(moment.text)"
  }

  /// Reads `x,y,w,h@moment`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let box = try MaskRectangle.box(parsing: String(parts[0]), of: text)
    guard parts.count == 2, !parts[1].trimmed.isEmpty else {
      throw MaskError(
        .options,
        "the key '\(text)' of a rectangle that moves has no moment: write \(text.prefix { $0 != "@" })@10 or "
          + "\(text.prefix { $0 != "@" })@5s")
    }
    let when = parts[1].trimmed
    if when.contains("-") || when.contains("/") {
      throw MaskError(
        .options,
        "the key '\(text)' of a rectangle that moves has a range: write one moment, such as @10 or @5s")
    }
    self.init(box: box, moment: try FrameMoment(parsing: when))
  }
}

extension RectangleKey {
  /// Where a rectangle is in a frame; nil before its first key and after its last one.
  ///
  /// Edges are linear in time between two keys:
  ///
  ///     e(t) = e₀ + (e₁ - e₀) (t - t₀) / (t₁ - t₀)
  ///
  /// - Parameters:
  ///   - keys: in their order, all frames or all times.
  ///   - time: seconds since the first frame; nil where it is unknown, which is in no rectangle of times.
  static func box(of keys: [RectangleKey], index: Int, time: Double?) -> Box? {
    func seen(from key: RectangleKey) -> Double? {
      switch key.moment {
      case .frame: key.moment.distance(to: .frame(index))
      case .time: time.flatMap { key.moment.distance(to: .time($0)) }
      }
    }
    guard let first = keys.first, let last = keys.last, let sinceFirst = seen(from: first),
      let sinceLast = seen(from: last), sinceFirst >= -FrameMoment.slack, sinceLast <= FrameMoment.slack
    else { return nil }
    let after = keys.firstIndex { (seen(from: $0) ?? 0) < 0 } ?? keys.endIndex
    // Before the first key by the slack, at the last one, or beyond it by the slack.
    guard after > 0 else { return first.box }
    guard after < keys.endIndex else { return last.box }
    let (from, to) = (keys[after - 1], keys[after])
    guard let passed = seen(from: from), let all = from.moment.distance(to: to.moment), all > 0 else {
      return from.box
    }
    return from.box.moved(to: to.box, by: min(max(passed / all, 0), 1))
  }

  /// Whether a rectangle that moves is in a picture at some moment, be it between two frames.
  static func touches(_ keys: [RectangleKey], width: Int, height: Int) -> Bool {
    if keys.contains(where: { $0.box.clipped(toWidth: width, height: height) != nil }) { return true }
    return zip(keys, keys.dropFirst()).contains { from, to in
      let (a, b) = (from.box, to.box)
      // The picture's samples begin at 0, and edges are rounded.
      var part = 0.0...1.0
      return [
        (0.5 - Double(a.x + a.width), 0.5 - Double(b.x + b.width)),
        (Double(a.x - width) + 0.5, Double(b.x - width) + 0.5),
        (0.5 - Double(a.y + a.height), 0.5 - Double(b.y + b.height)),
        (Double(a.y - height) + 0.5, Double(b.y - height) + 0.5),
      ].allSatisfy { begin, end in
        // The part of the way on which an edge that is linear in time is not positive.
        if begin > 0 && end > 0 { return false }
        if begin <= 0 && end <= 0 { return true }
        let zero = begin / (begin - end)
        let side = begin > 0 ? zero...1 : 0...zero
        guard part.overlaps(side) else { return false }
        part = part.clamped(to: side)
        return true
      }
    }
  }
}

extension Box {
  /// The box on its way to another one, with edges rounded to whole samples.
  ///
  /// - Parameter share: of the way, 0 ... 1.
  func moved(to other: Box, by share: Double) -> Box {
    let (left, width) = Self.edges((x, width), (other.x, other.width), share)
    let (top, height) = Self.edges((y, height), (other.y, other.height), share)
    return Box(x: left, y: top, width: width, height: height)
  }

  private static func edges(
    _ from: (start: Int, length: Int), _ to: (start: Int, length: Int), _ share: Double
  ) -> (start: Int, length: Int) {
    // Halves are rounded up, also below zero, so that a box that keeps its size moves by the same steps everywhere.
    func rounded(_ from: Int, _ to: Int) -> Int {
      Int((Double(from) + (Double(to) - Double(from)) * share + 0.5).rounded(.down))
    }
    let start = rounded(from.start, to.start)
    if from.length == to.length { return (start, from.length) }
    let end = rounded(from.start + from.length, to.start + to.length)
    return (start, max(end - start, 1))
  }

  /// The part inside a picture, or nil where there is none.
  func clipped(toWidth pictureWidth: Int, height pictureHeight: Int) -> Box? {
    let (left, top) = (max(x, 0), max(y, 0))
    let (right, bottom) = (min(x + width, pictureWidth), min(y + height, pictureHeight))
    if left >= right || top >= bottom { return nil }
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }
}
