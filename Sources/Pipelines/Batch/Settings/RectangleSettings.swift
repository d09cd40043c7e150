import Frames
import Masks

/// Rectangles in a file of settings: a text as the command line takes it, or a mapping.
enum RectangleSettings {
  static let shape = SettingShape.parsedOr(
    { _ = try MaskRectangle(parsing: $0) },
    .having(
      "keys", .joint(.mapping([keys]), { _ = moving($0) }),
      otherwise: .joint(.mapping(box + frames), checkFrames)))

  private static let coordinate = -(1 << 30)...(1 << 30)

  private static let box: [SettingKey] = [
    .init("x", .integer(coordinate), "left edge", isRequired: true),
    .init("y", .integer(coordinate), "upper edge", isRequired: true),
    .init("w", .integer(1...(1 << 30)), "width", isRequired: true),
    .init("h", .integer(1...(1 << 30)), "height", isRequired: true),
  ]

  private static let frames: [SettingKey] = [
    .init("from", .scalar, "first frame, or a time such as 5s or \"00:00:05\""),
    .init("to", .scalar, "last frame, or the time at which it ends"),
    .init("every", .scalar, "the number of frames, or the time such as 4s, after which it comes again"),
  ]

  private static let keys = SettingKey(
    "keys",
    .list(
      .mapping(
        box + [.init("at", .scalar, "frame, or a time such as 5s or \"00:00:05\"", isRequired: true)])),
    "where it is at moments in their order; it moves evenly between them", isRequired: true)

  /// The rectangle of a value whose numbers are right. Notes what is wrong with its frames, and returns nil.
  static func rectangle(_ value: YAMLValue) -> MaskRectangle? {
    if case .scalar = value.node { return value.parsed(MaskRectangle.init(parsing:)) }
    if value.value(at: ["keys"]) != nil { return moving(value) }
    guard let box = box(value) else { return nil }
    var rectangle = MaskRectangle(x: box.x, y: box.y, width: box.width, height: box.height)
    (rectangle.interval, rectangle.period) = interval(value)
    return rectangle
  }

  private static func box(_ value: YAMLValue) -> Box? {
    func number(_ key: String) -> Int? { value.value(at: [key])?.integer(in: .min ... .max) }
    guard let x = number("x"), let y = number("y"), let w = number("w"), let h = number("h") else {
      return nil
    }
    return Box(x: x, y: y, width: w, height: h)
  }

  /// Notes mistakes in the frames of a rectangle, also where its other keys are wrong.
  private static func checkFrames(_ value: YAMLValue) {
    guard case .mapping = value.node else { return }
    _ = interval(value)
  }

  private static func interval(_ value: YAMLValue) -> (FrameInterval?, period: FrameMoment?) {
    let (from, to) = (value.value(at: ["from"]), value.value(at: ["to"]))
    let every = value.value(at: ["every"])
    guard let place = from ?? to else {
      every?.fail("every needs from and to: the frames that come again")
      return (nil, nil)
    }
    let texts = [from, to].map { $0?.text() }
    if from != nil && texts[0] == nil || to != nil && texts[1] == nil { return (nil, nil) }
    let interval = place.attempt { try FrameInterval(parsing: "\(texts[0] ?? "")-\(texts[1] ?? "")") }
    guard let interval, let every else { return (interval, nil) }
    return (interval, every.parsed(interval.period(parsing:)))
  }

  /// The rectangle of a list of keys; nil where one of them is wrong. Their boxes' mistakes are noted elsewhere.
  private static func moving(_ value: YAMLValue) -> MaskRectangle? {
    guard let list = value.value(at: ["keys"]), list.isList else { return nil }
    let items = list.items()
    let keys = items.map { item -> RectangleKey? in
      let moment = item.value(at: ["at"])?.parsed(FrameMoment.init(parsing:))
      guard let moment, let box = box(item) else { return nil }
      return RectangleKey(box: box, moment: moment)
    }
    let sound = keys.compactMap { $0 }
    return sound.count == keys.count ? list.attempt { try MaskRectangle(keys: sound) } : nil
  }
}
