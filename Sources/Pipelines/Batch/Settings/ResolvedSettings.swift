import Foundation
import Masks
import Reconstruction

/// A job's settings after defaults, overrides and placeholders: written beside its output, and compared with those of an
/// earlier run.
struct ResolvedSettings: Codable, Equatable {
  struct Encoding: Codable, Equatable {
    var codec: String?
    var lossless: Bool
    var crf: Double?
    var pixelFormat: String
    /// nil for none.
    var options: [String: String]?

    enum CodingKeys: String, CodingKey {
      case codec, lossless, crf, options
      case pixelFormat = "pixel_format"
    }
  }

  var tool = ToolVersion.current
  var mask: [String: String]
  var solve: RestorationSettings
  var encode: Encoding
  /// Whether interlaced frames are left whole; nil where they are not.
  var interlacedAsFrames: Bool?
  /// The video stream that is restored; nil for the one that moves.
  var stream: Int?
  /// The order of a stack's pages; nil for the file's own.
  var stackAs: String?
  /// Factors of a finer grid; nil for the file's own.
  var scale: String?
  /// Distances of voxels; nil for the file's own.
  var spacing: String?
  /// Kinds of streams that the output leaves out; nil for none.
  var drop: [String]?

  enum CodingKeys: String, CodingKey {
    case tool, mask, solve, encode, stream, scale, spacing, drop
    case interlacedAsFrames = "interlaced_as_frames"
    case stackAs = "stack_as"
  }

  init(job: RestoreJob) {
    mask = Self.texts(job.masks).merging(Self.texts(job.volume.masks)) { first, _ in first }
    solve = job.restoration
    let lossless = job.encoding.lossless
    encode = Encoding(
      codec: lossless ? nil : job.encoding.codec, lossless: lossless, crf: lossless ? nil : job.encoding.crf,
      pixelFormat: job.encoding.pixelFormat,
      options: job.encoding.options.isEmpty ? nil : job.encoding.options)
    interlacedAsFrames = job.interlacedAsFrames ? true : nil
    stream = job.stream
    stackAs = job.volume.masks.pages?.text
    scale = job.volume.scale?.text
    spacing = job.volume.spacing.map { "\($0.x),\($0.y),\($0.z)" }
    let streams = job.encoding.streams
    let dropped = [
      ("audio", streams.audio), ("subtitles", streams.subtitles), ("data", streams.data),
      ("chapters", streams.chapters), ("metadata", streams.metadata),
    ].filter { !$0.1 }.map(\.0)
    drop = dropped.isEmpty ? nil : dropped
  }

  var digest: String {
    get throws { ContentHash.text(of: try ReportJSON.line(self)) }
  }

  /// The settings with the paths they were used for, as JSON with sorted keys.
  func json(input: String, output: String) throws -> Data {
    struct Document: Encodable {
      var input: String
      var output: String
      var settings: ResolvedSettings
    }
    return try ReportJSON.file(Document(input: input, output: output, settings: self))
  }

  /// Empty where no option of volumes was given.
  private static func texts(_ masks: VolumeMaskOptions) -> [String: String] {
    // Only where it is set: outputs of versions without this setting must not count as changed.
    var texts = masks.keepsNaN ? ["keep_nan": "true"] : [:]
    if masks.isEmpty { return texts }
    texts["axis"] = masks.axis
    texts["missing_value"] = masks.value.map { "\($0)" }
    if !masks.slices.isEmpty { texts["slices"] = masks.slices.map(\.text).joined(separator: ",") }
    if !masks.boxes.isEmpty { texts["boxes"] = masks.boxes.map(\.text).joined(separator: " ") }
    return texts
  }

  private static func texts(_ masks: MaskOptions) -> [String: String] {
    var texts = [
      "polarity": masks.threshold.polarity.rawValue, "threshold": "\(masks.threshold.level)",
      "dilate": "\(masks.dilation)", "hold": "\(masks.holdsLastFrame)",
      "corrupt": "\(masks.corruptFrames)", "orientation": masks.orientation.rawValue,
    ]
    texts["file"] = masks.file
    // Only where it is set, as above.
    if masks.gapFrames { texts["gaps"] = "true" }
    if masks.planes != .all { texts["planes"] = masks.planes.text }
    texts["bayer"] = masks.bayer?.rawValue
    texts["value"] = masks.value.map { "\($0)" }
    texts["tolerance"] = masks.tolerance.map { "\($0)" }
    texts["color"] = masks.colour.map { "\($0.red),\($0.green),\($0.blue)" }
    texts["keep_file"] = masks.keptFile
    for (key, rectangles) in [
      ("rects", masks.rectangles), ("keep_rects", masks.keptRectangles), ("within", masks.valuePlaces),
      ("detect_regions", masks.detection?.regions ?? []),
    ] where !rectangles.isEmpty {
      texts[key] = rectangles.map(\.digestText).joined(separator: " ")
    }
    if let detection = masks.detection {
      texts["detect"] = detection.kinds.map(\.rawValue).joined(separator: ",")
      texts["detect_sensitivity"] = "\(detection.settings.sensitivity)"
    }
    // Only where it is set, as above.
    if masks.overlay != .opaque { texts["overlay"] = masks.overlay.text }
    if !masks.tracks.isEmpty {
      texts["track"] = masks.tracks.map { "\($0.file)@\($0.moment.digestText)" }.joined(separator: " ")
    }
    if !masks.frames.isEmpty { texts["frames"] = masks.frames.map(\.text).joined(separator: ",") }
    return texts
  }
}

extension MaskRectangle {
  /// All that it says, with times in full precision. As versions before wrote it where these could read it.
  fileprivate var digestText: String {
    if !keys.isEmpty {
      return keys.map { key in
        "\(key.box.x),\(key.box.y),\(key.box.width),\(key.box.height)@\(key.moment.digestText)"
      }.joined(separator: ";")
    }
    return "\(x),\(y),\(width),\(height)" + (interval.map { "@\($0.text)" } ?? "")
      + (period.map { "/\($0.digestText)" } ?? "")
  }
}

extension FrameMoment {
  fileprivate var digestText: String {
    switch self {
    case .frame(let frame): "\(frame)"
    case .time(let time): "\(time)s"
    }
  }
}

extension FrameInterval {
  /// `10-20`, or `5.0s-7.5s`.
  fileprivate var text: String {
    switch self {
    case .frames(let first, let last):
      "\(first.map { "\($0)" } ?? "")-\(last.map { "\($0)" } ?? "")"
    case .times(let start, let end): "\(start.map { "\($0)s" } ?? "")-\(end.map { "\($0)s" } ?? "")"
    }
  }
}
