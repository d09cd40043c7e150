/// Warns about frames that the options name and the input does not have.
struct FrameExtent {
  private struct Named {
    var option: String
    var interval: FrameInterval
    /// Which of the interval's frames it is there in, where these are not all of them and no others.
    var rectangle: MaskRectangle?
    var isMet = false

    /// Whether its frames come again as often as the input lasts.
    var isRepeated: Bool { rectangle?.period != nil }

    func contains(index: Int, time: Double?) -> Bool {
      rectangle.map { $0.box(index: index, time: time) != nil } ?? interval.contains(index: index, time: time)
    }
  }

  private var named: [Named]
  private var lastTime: Double?
  private var secondLastTime: Double?
  private var isTold = false

  init(options: MaskOptions) {
    named = options.frames.map { Named(option: "--mask-frames", interval: $0) }
    named += Self.named(options.rectangles, "--mask-rect")
    named += Self.named(options.keptRectangles, "--keep-rect")
    named += Self.named(options.valuePlaces, "--mask-within")
    named += Self.named(options.detection?.regions ?? [], "--detect-region")
  }

  private static func named(_ rectangles: [MaskRectangle], _ option: String) -> [Named] {
    rectangles.compactMap { rectangle in
      rectangle.interval.map {
        Named(option: "\(option) \(rectangle.text)", interval: $0, rectangle: rectangle)
      }
    }
  }

  mutating func note(index: Int, time: Double?) {
    (secondLastTime, lastTime) = (lastTime, time)
    for i in named.indices where !named[i].isMet && named[i].contains(index: index, time: time) {
      named[i].isMet = true
    }
  }

  /// A warning for each range of frame numbers that reaches beyond the last frame.
  mutating func warnings(name: String, frames: Int) -> [String] {
    isTold = true
    return numberWarnings(name: name, frames: frames)
  }

  private func numberWarnings(name: String, frames: Int) -> [String] {
    named.compactMap { named in
      guard case .frames(let first, let last) = named.interval, frames > 0 else { return nil }
      let begin = first ?? 0
      if named.isRepeated && begin < frames { return nil }
      guard let end = last ?? (begin >= frames ? begin : nil), end >= frames else { return nil }
      let text = begin == end ? "\(begin)" : "\(begin)-\(last.map { "\($0)" } ?? "")"
      let absent = max(begin, frames)
      let which =
        absent == end ? "frame \(absent) does not exist" : "frames \(absent) to \(end) do not exist"
      return "\(which): \(name) has \(numbered(frames, "frame")), and \(named.option) says \(text)"
    }
  }

  /// Warnings after the last frame: for ranges of numbers, unless `warnings` gave them before, and for ranges of times.
  func lateWarnings(name: String, frames: Int) -> [String] {
    let numbers = isTold ? [] : numberWarnings(name: name, frames: frames)
    guard let lastTime, frames > 0 else { return numbers }
    let frame = lastTime - (secondLastTime ?? lastTime)
    return numbers
      + named.compactMap { named in
        guard case .times(_, let end) = named.interval else { return nil }
        // A range that ends with the last frame, or a little later, means one to the end.
        let isBeyond = end.map { $0 > lastTime + max(0.5, 2 * frame) } ?? false
        if named.isMet && (!isBeyond || named.isRepeated) { return nil }
        let what = named.isMet ? "ends after the last frame" : "holds no frame"
        return "\(named.interval.text) of \(named.option) \(what): the last frame of \(name) is shown at "
          + "\(FrameInterval.seconds(lastTime)) s"
      }
  }
}

extension FrameInterval {
  /// `10-20`, or `5s-7.5s`.
  var text: String {
    switch self {
    case .frames(let first, let last): "\(first.map { "\($0)" } ?? "")-\(last.map { "\($0)" } ?? "")"
    case .times(let start, let end):
      "\(start.map { "\(Self.seconds($0))s" } ?? "")-\(end.map { "\(Self.seconds($0))s" } ?? "")"
    }
  }

  /// Seconds with at most three decimals.
  static func seconds(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
