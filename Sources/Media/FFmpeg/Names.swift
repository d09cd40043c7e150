internal import CFFmpeg

extension UnsafePointer<AVCodec> {
  /// FFmpeg's name of an encoder or decoder, such as "libx264".
  var name: String { String(cString: pointee.name) }
}

extension AVCodecID {
  /// FFmpeg's name of a codec, such as "h264".
  var name: String { String(cString: avcodec_get_name(self)) }
}

extension AVPixelFormat {
  /// All formats, in FFmpeg's order.
  static var all: [AVPixelFormat] {
    sequence(state: nil as UnsafePointer<AVPixFmtDescriptor>?) { descriptor in
      descriptor = av_pix_fmt_desc_next(descriptor)
      return descriptor.map { av_pix_fmt_desc_get_id($0) }
    }.map { $0 }
  }

  /// FFmpeg's name of a number for a pixel format; "unknown" where it has none.
  static func name(_ number: Int32) -> String {
    av_get_pix_fmt_name(AVPixelFormat(rawValue: number)).map { String(cString: $0) } ?? "unknown"
  }
}

extension StreamPointer {
  /// "video", "audio", "subtitle", "data" or "attachment".
  var kind: String {
    av_get_media_type_string(pointee.codecpar.pointee.codec_type).map { String(cString: $0) } ?? "unknown"
  }

  /// FFmpeg's names of what a stream is marked as, such as "default" and "attached_pic".
  var dispositions: [String] {
    (0..<31).compactMap { bit in
      let mark = Int32(1) << Int32(bit)
      guard pointee.disposition & mark != 0 else { return nil }
      return av_disposition_to_string(mark).map { String(cString: $0) }
    }
  }

  /// Whether the stream is a cover picture.
  var isCover: Bool { pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 }
}

/// FFmpeg's dictionaries: the tags of files, streams and pictures, and options.
enum Tags {
  /// All keys and values, in their order.
  static func pairs(_ tags: OpaquePointer?) -> [(String, String)] {
    var found: [(String, String)] = []
    var entry = av_dict_get(tags, "", nil, AV_DICT_IGNORE_SUFFIX)
    while let current = entry {
      found.append((String(cString: current.pointee.key), String(cString: current.pointee.value)))
      entry = av_dict_get(tags, "", current, AV_DICT_IGNORE_SUFFIX)
    }
    return found
  }

  static func keys(_ tags: OpaquePointer?) -> [String] { pairs(tags).map(\.0) }

  static func value(_ key: String, in tags: OpaquePointer?) -> String? {
    av_dict_get(tags, key, nil, 0).map { String(cString: $0.pointee.value) }
  }

  static func remove(from tags: inout OpaquePointer?, where isUnwanted: (String) -> Bool) {
    for key in keys(tags) where isUnwanted(key) { av_dict_set(&tags, key, nil, AV_DICT_MATCH_CASE) }
  }

  /// A dictionary of options, which the caller frees.
  static func options(_ values: [String: String]) -> OpaquePointer? {
    var made: OpaquePointer?
    for (key, value) in values.sorted(by: { $0.key < $1.key }) { av_dict_set(&made, key, value, 0) }
    return made
  }
}
