/// What a video file says about itself, checked against its first decoded frame.
public struct VideoInfo: Sendable, Hashable {
  /// Short name of the container, such as "matroska,webm".
  public var containerName: String
  /// Short name of the codec, such as "h264".
  public var codecName: String
  /// FFmpeg's name of the decoded pixel format, such as "yuv420p10le".
  public var pixelFormat: String
  /// Size in samples, in coded orientation (before `rotation`).
  public var width: Int
  public var height: Int
  /// Frames per second, averaged; nil if unknown.
  public var averageFrameRate: Rational?
  /// Seconds per unit of the stream's time stamps.
  public var timeBase: Rational
  /// Shape of a sample, width : height; nil if unknown.
  public var sampleAspectRatio: Rational?
  /// FFmpeg's names of the colour properties; nil where unspecified.
  public var colorRange: String?
  public var colorPrimaries: String?
  public var colorTransfer: String?
  public var colorMatrix: String?
  public var chromaLocation: String?
  /// Clockwise turn in degrees (0, 90, 180 or 270 as a rule) that a player applies for display.
  public var rotation: Int
  /// Whether a player mirrors the picture, left to right, before turning it.
  public var isMirrored: Bool
  /// Length in seconds; nil if unknown.
  public var duration: Double?
  /// Number of frames that the container promises or its duration suggests; nil if unknown.
  public var estimatedFrameCount: Int?
  /// Whether that number is from an index of the frames or a count in the header, not estimated from duration and rate.
  public var isFrameCountKnown: Bool
  /// Whether the first frame is interlaced.
  public var isInterlaced: Bool
  /// Index of the video stream in the file.
  public var streamIndex: Int
  /// Numbers of the other streams by kind: "audio", "subtitle", "video", "data", "attachment".
  public var otherStreams: [String: Int]

  /// FFmpeg's name of the matrix that players use: the file's own, or the one that they assume where it says none.
  public var displayedMatrix: String {
    if let colorMatrix, colorMatrix != "gbr" { return colorMatrix }
    return VideoInfo.isHighDefinition(height: height) ? "bt709" : "smpte170m"
  }

  /// Whether players assume BT.709 for a picture that does not say its matrix (from 720 lines up), else BT.601.
  static func isHighDefinition(height: Int) -> Bool { height >= 720 }
}

/// A ratio of two integers: a frame rate, a time base or an aspect ratio.
public struct Rational: Sendable, Hashable, Codable, CustomStringConvertible {
  public var numerator: Int
  public var denominator: Int

  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The ratio as a number; 0 where the denominator is 0.
  public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }

  public var description: String { "\(numerator)/\(denominator)" }
}
