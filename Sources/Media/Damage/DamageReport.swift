/// What is damaged in a video that could still be read.
public struct DamageReport: Sendable, Hashable, Codable {
  /// Errors that the decoder reported.
  public var decoderErrors: Int
  /// Frames that the decoder delivered but flagged as corrupt.
  public var corruptFrames: Int
  /// Whether the file ends before what its header announces, or reading stopped with an error.
  public var isTruncated: Bool
  /// Frames delivered so far.
  public var framesRead: Int
  /// One sentence with the file and what is wrong with it.
  public var sentence: String
}

extension DamageReport {
  /// Nil where nothing is wrong.
  ///
  /// - Parameters:
  ///   - corruptPackets: packets that the container flags as damaged.
  ///   - truncation: why the file seems to end too early.
  ///   - lostImages: names of a sequence's images that could not be read.
  init?(
    path: String, decoderErrors errors: Int, corruptFrames: Int, corruptPackets: Int, truncation: String?,
    lostImages: [String], framesRead: Int
  ) {
    if errors == 0 && corruptFrames == 0 && corruptPackets == 0 && truncation == nil { return nil }
    var parts = [truncation].compactMap { $0 }
    if !lostImages.isEmpty {
      let shown = lostImages.prefix(3).joined(separator: ", ")
      let more = lostImages.count > 3 ? " and \(lostImages.count - 3) more" : ""
      parts.append(
        "\(shown)\(more) can't be read, and the image before stands in (--mask-corrupt makes such frames missing)"
      )
    }
    if corruptPackets > 0 { parts.append(Self.damagedPackets(corruptPackets)) }
    if errors > 0 { parts.append("the decoder reported \(errors) error\(errors == 1 ? "" : "s")") }
    if corruptFrames > 0 {
      parts.append("\(corruptFrames) frame\(corruptFrames == 1 ? " is" : "s are") flagged as corrupt")
    }
    self.init(
      decoderErrors: errors, corruptFrames: corruptFrames, isTruncated: truncation != nil,
      framesRead: framesRead,
      sentence: "\(path) is damaged: \(parts.joined(separator: "; ")); \(framesRead) "
        + "frame\(framesRead == 1 ? " was" : "s were") read")
  }

  static func damagedPackets(_ count: Int) -> String {
    "the container flags \(count) packet\(count == 1 ? "" : "s") as damaged"
  }
}
