/// A file that goes through a restoration, and what may be different afterwards.
struct FidelityCase: Sendable, CustomStringConvertible {
  /// What is special about the file, in the words of the table in docs/fidelity.md.
  var property: String
  /// Names of the input and the output, whose endings choose the containers.
  var input: String
  var output: String
  /// FFmpeg's command lines that make the input, without the output's name for the last; words separated by spaces.
  var commands: [String]
  /// Degrees by which players turn the input clockwise.
  var turn = 0
  /// Fields of ffprobe's that the input must have, or the case would say nothing.
  var has: [String: String] = [:]
  var codec: String?
  var isLossless = false
  var pixelFormat: String?
  var encoderOptions: [String: String] = [:]
  /// Fields of ffprobe's that may differ here, beyond those that differ everywhere, and why.
  var mayDiffer: [AllowedDifference] = []
  /// Streams of the input that the output's container refuses, each of which a warning must name.
  var refused: [Int] = []
  /// A command line of FFmpeg's that makes the file to compare with, its last word, where that is not the input.
  var reference: String?
  /// Least PSNR of known luma in decibels where the output is lossy.
  var leastPSNR = 36.0

  var description: String { "\(property): \(input) to \(output)\(isLossless ? ", lossless" : "")" }

  var inputContainer: String { String(input.split(separator: ".").last ?? "") }
  var outputContainer: String { String(output.split(separator: ".").last ?? "") }
}

/// Fields that may differ, by the end of their path, and the reason.
struct AllowedDifference: Sendable {
  var fields: [String]
  var reason: String

  init(_ fields: String..., because reason: String) {
    self.fields = fields
    self.reason = reason
  }

  func covers(_ path: String) -> Bool {
    fields.contains { path == $0 || path.hasSuffix("." + $0) || (path.hasPrefix($0) && $0.hasSuffix(".")) }
  }
}

extension AllowedDifference {
  /// What differs between any two files, or follows from encoding anew.
  static let everywhere = [
    AllowedDifference(
      "format.filename", "format.size", "format.bit_rate", "format.probe_score", because: "another file"),
    AllowedDifference(
      "format.tags.encoder", "format.tags.creation_time", "format.tags.major_brand",
      "format.tags.minor_version",
      "format.tags.compatible_brands", because: "written by another program"),
    AllowedDifference(
      "video.profile", "video.level", "video.has_b_frames", "video.refs", "video.coded_width",
      "video.coded_height", "video.bit_rate", "video.extradata_size", "video.closed_captions",
      "video.bits_per_raw_sample", "video.is_avc", "video.nal_length_size", "video.quarter_sample",
      "video.divx_packed", "video.side_data_list.CPB properties.", "video.extradata_hash", "tags.encoder",
      "tags.vendor_id", "video.film_grain",
      because: "the encoder's choice"),
    AllowedDifference(
      "bit_rate", "max_bit_rate", because: "an average that muxers estimate over another length of time"),
    AllowedDifference(
      "tags.duration", "tags._statistics_tags",
      because: "statistics that the muxer writes anew"),
    AllowedDifference(
      "start_pts", "duration_ts", because: "the same as start_time and duration, which are compared"),
  ]

  /// What differs where the containers do.
  static let containers = [
    AllowedDifference(
      "format.format_name", "format.format_long_name", "codec_tag", "codec_tag_string", "time_base", "id",
      because: "another container"),
    AllowedDifference(
      "tags.handler_name", "tags.vendor_id", "format.tags.software", "format.nb_programs", "ts_id",
      "ts_packetsize", "id3",
      because: "names that only MP4 or transport streams know"),
    AllowedDifference(
      "nb_frames", "extradata_size", "extradata_hash", "initial_padding", "channel_layout",
      "disposition.default", "duration", "tags.language", "bits_per_sample",
      "bits_per_raw_sample", because: "said by some containers only"),
    AllowedDifference("format.start_time", "format.duration", because: "compared stream by stream"),
  ]

  /// What differs where the codecs do.
  static let codecs = [
    AllowedDifference(
      "video.codec_name", "video.codec_long_name", "video.codec_tag", "video.codec_tag_string",
      "video.view_ids_available", "video.view_pos_available",
      "video.tags.alpha_mode", "video.nb_frames", "video.color_range",
      because: "another codec")
  ]
}
