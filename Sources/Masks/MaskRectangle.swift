import Frames

/// A rectangle of missing samples in all frames or some, which may move and change its size. Its units are samples of the
/// displayed picture.
public struct MaskRectangle: Sendable, Equatable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  /// The frames it covers; nil for all.
  public var interval: FrameInterval?
  /// The number of frames or seconds after which `interval` comes again, as often as the video lasts; nil for once.
  public var period: FrameMoment?
  /// Where it is at moments in their order; between them it moves evenly. Empty for one that stays where it is.
  public private(set) var keys: [RectangleKey] = []

  public init(
    x: Int, y: Int, width: Int, height: Int, interval: FrameInterval? = nil, period: FrameMoment? = nil
  ) {
    (self.x, self.y, self.width) = (x, y, width)
    (self.height, self.interval, self.period) = (height, interval, period)
  }

  /// A rectangle that is there from the first of its keys to the last one, both included.
  ///
  /// - Throws: `MaskError` of kind `.options` for keys that are not in order, or mix frames and times.
  public init(keys: [RectangleKey]) throws {
    guard let first = keys.first, let last = keys.last else {
      throw MaskError(.options, "a rectangle that moves needs keys: write x,y,w,h@10; x,y,w,h@20")
    }
    for (key, next) in zip(keys, keys.dropFirst()) {
      guard let distance = key.moment.distance(to: next.moment) else {
        throw MaskError(
          .options,
          "the keys \(key.text) and \(next.text) mix a frame number and a time: give all keys of a rectangle one kind"
        )
      }
      guard distance > 0 else {
        throw MaskError(
          .options,
          "the key \(next.text) is not after \(key.text): give the keys of a rectangle in their order")
      }
    }
    self.init(
      x: first.box.x, y: first.box.y, width: first.box.width, height: first.box.height,
      interval: FrameInterval(from: first.moment, to: last.moment))
    self.keys = keys
  }

  var box: Box { Box(x: x, y: y, width: width, height: height) }

  /// Whether it is in every frame, always at the same place.
  var isConstant: Bool { keys.isEmpty && interval?.isEverything != false }

  /// Whether it names times instead of frame numbers.
  var usesTimes: Bool { if case .times? = interval { true } else { false } }

  /// Where it is in a frame; nil where it is not.
  ///
  /// - Parameters:
  ///   - index: the frame's number, from 0.
  ///   - time: seconds since the first frame.
  func box(index: Int, time: Double?) -> Box? {
    if !keys.isEmpty { return RectangleKey.box(of: keys, index: index, time: time) }
    guard let interval else { return box }
    return interval.contains(index: index, time: time, period: period) ? box : nil
  }

  /// For messages: as `init(parsing:)` reads it, without its frames; of one that moves the first key.
  var text: String { keys.first.map { "\($0.text); ..." } ?? "\(x),\(y),\(width),\(height)" }
}

extension MaskRectangle {
  /// Reads `x,y,w,h`, `x,y,w,h@from-to`, `x,y,w,h@from-to/period`, or keys such as `x,y,w,h@10; x,y,w,h@20`.
  ///
  /// - Throws: `MaskError` of kind `.options`, for a size of zero too.
  public init(parsing text: String) throws {
    if text.contains(";") {
      let parts = text.split(separator: ";", omittingEmptySubsequences: false)
      try self.init(keys: parts.map { try RectangleKey(parsing: $0.trimmed) })
      return
    }
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let box = try Self.box(parsing: String(parts[0]), of: text)
    self.init(x: box.x, y: box.y, width: box.width, height: box.height)
    guard parts.count == 2 else { return }
    let times = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let interval = try FrameInterval(parsing: times[0].trimmed)
    self.interval = interval
    if times.count == 2 { period = try interval.period(parsing: times[1].trimmed) }
  }

  /// Reads `x,y,w,h`.
  ///
  /// - Parameter text: the whole of what the person wrote, for messages.
  static func box(parsing part: String, of text: String) throws -> Box {
    let numbers = part.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.trimmed) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3]
    else {
      throw MaskError(.options, "'\(text)' is no rectangle: write x,y,width,height in whole pixels")
    }
    guard width > 0, height > 0 else {
      throw MaskError(.options, "the rectangle '\(text)' is empty: width and height must be at least 1")
    }
    // Larger than any picture, and too small for x + width to overflow.
    let limit = 1 << 30
    guard [x, y, width, height].allSatisfy({ $0.magnitude <= limit }) else {
      throw MaskError(.options, "the rectangle '\(text)' has numbers too large for a picture")
    }
    return Box(x: x, y: y, width: width, height: height)
  }
}
