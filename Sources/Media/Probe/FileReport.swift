/// What a media file holds, found by reading all of its packets.
public struct FileReport: Sendable, Hashable, Codable {
  public var path: String
  /// FFmpeg's short names of the container.
  public var container: String
  public var bytes: Int64?
  /// Seconds from the first packet to the end of the last one.
  public var startSeconds: Double?
  public var durationSeconds: Double?
  public var tags: [String: String]
  public var chapters: Int
  /// The video that would be restored; nil where none can be decoded.
  public var video: VideoReport?
  public var streams: [StreamReport]
  /// What is wrong with the file, as far as its packets and its first frame show it; nil for nothing.
  public var damage: String?

  enum CodingKeys: String, CodingKey {
    case path, container, bytes, tags, chapters, video, streams, damage
    case startSeconds = "start_seconds"
    case durationSeconds = "duration_seconds"
  }
}

/// The properties of a video that come out as they went in.
public struct VideoReport: Sendable, Hashable, Codable {
  public var stream: Int
  public var codec: String
  public var pixelFormat: String
  public var bitDepth: Int
  public var width: Int
  public var height: Int
  /// As a player shows it: turned, and with square pixels.
  public var displayedWidth: Int
  public var displayedHeight: Int
  public var sampleAspectRatio: String?
  public var rotation: Int
  public var isMirrored: Bool
  public var colorRange: String?
  public var colorPrimaries: String?
  public var colorTransfer: String?
  public var colorMatrix: String?
  public var chromaLocation: String?
  /// `progressive`, `top first`, `bottom first` or `unknown`, by the stream.
  public var fieldOrder: String
  /// Whether the first frame is interlaced.
  public var isInterlaced: Bool
  /// Pictures to show: packets less those that an edit list cuts away.
  public var frames: Int
  public var hiddenPackets: Int
  public var keyFrames: Int
  /// What the container's header says, or its duration suggests.
  public var announcedFrames: Int?
  public var timing: TimingReport

  enum CodingKeys: String, CodingKey {
    case stream, codec, width, height, rotation, frames, timing
    case pixelFormat = "pixel_format"
    case bitDepth = "bit_depth"
    case displayedWidth = "displayed_width"
    case displayedHeight = "displayed_height"
    case sampleAspectRatio = "sample_aspect_ratio"
    case isMirrored = "mirrored"
    case colorRange = "color_range"
    case colorPrimaries = "color_primaries"
    case colorTransfer = "color_transfer"
    case colorMatrix = "color_matrix"
    case chromaLocation = "chroma_location"
    case fieldOrder = "field_order"
    case isInterlaced = "interlaced"
    case hiddenPackets = "hidden_packets"
    case keyFrames = "key_frames"
    case announcedFrames = "announced_frames"
  }
}

/// One stream of a file.
public struct StreamReport: Sendable, Hashable, Codable {
  public var index: Int
  /// `video`, `audio`, `subtitle`, `data`, `attachment`.
  public var kind: String
  public var codec: String
  /// Of videos and pictures, as they are stored.
  public var width: Int?
  public var height: Int?
  public var language: String?
  public var title: String?
  /// FFmpeg's names, such as `default` and `attached_pic`.
  public var dispositions: [String]
  /// FFmpeg's names of what is attached to the stream, such as the display matrix.
  public var sideData: [String]
  public var packets: Int
  public var bytes: Int64
  /// Packets that the container flags as damaged.
  public var corruptPackets: Int
  public var firstSeconds: Double?
  public var endSeconds: Double?

  enum CodingKeys: String, CodingKey {
    case index, kind, codec, width, height, language, title, dispositions, packets, bytes
    case sideData = "side_data"
    case corruptPackets = "corrupt_packets"
    case firstSeconds = "first_seconds"
    case endSeconds = "end_seconds"
  }
}
