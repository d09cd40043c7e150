import Frames

/// A mask that is drawn for one frame, and followed from there to others.
public struct TrackKey: Sendable, Equatable {
  /// An image that is white where the thing is, of the frames' size.
  public var file: String
  /// The frame that it is drawn for; of a time, the first frame from then on.
  public var moment: FrameMoment

  public init(file: String, moment: FrameMoment) { (self.file, self.moment) = (file, moment) }

  /// Reads `FILE@10`, `FILE@5s` or `FILE@00:00:05`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    guard let at = text.lastIndex(of: "@"), !text[text.index(after: at)...].trimmed.isEmpty else {
      let file = text.hasSuffix("@") ? String(text.dropLast()) : text
      throw MaskError(
        .options,
        "--mask-track '\(text)' does not say for which frame it is drawn: write \(file)@10 or \(file)@5s")
    }
    let file = String(text[..<at])
    if file.isEmpty {
      throw MaskError(
        .options, "--mask-track '\(text)' names no image: write FILE.png\(text[at...]), for example")
    }
    self.init(file: file, moment: try FrameMoment(parsing: text[text.index(after: at)...].trimmed))
  }

  /// For messages: as `init(parsing:)` reads it.
  public var text: String { "\(file)@\(moment.text)" }

  /// Reads the image, and turns it the way frames are stored.
  ///
  /// - Returns: the mask, of which something is missing, before it grows; and warnings about how it was read.
  /// - Throws: `MaskError`.
  public func mask(options: MaskOptions, input: MaskedInput) throws -> (mask: FrameMask, warnings: [String]) {
    // It grows when it is where it belongs.
    var reading = options
    reading.dilation = 0
    guard case .still = try MaskFileKind(path: file) else {
      throw MaskError(.options, "--mask-track \(text) follows what is drawn in one image: \(file) is none")
    }
    let source = try MaskFileSource(path: file, options: reading, input: input)
    guard let mask = source.still, !mask.isEmpty else {
      throw MaskError(
        .mismatch, "--mask-track \(text): nothing is drawn in \(file), so there is nothing to follow")
    }
    return (mask, source.warnings)
  }
}

extension FrameMoment {
  /// Whether it is at a frame or before it.
  ///
  /// - Parameter time: seconds since the first frame; nil where it is unknown, at which no time is reached.
  public func isReached(index: Int, time: Double?) -> Bool {
    switch self {
    case .frame(let frame): index >= frame
    case .time(let moment): time.map { $0 >= moment - Self.slack } ?? false
    }
  }

  /// For messages: as `init(parsing:)` reads it.
  var text: String {
    switch self {
    case .frame(let frame): "\(frame)"
    case .time(let time): "\(FrameInterval.seconds(time))s"
    }
  }
}
