internal import CFFmpeg

/// What a file holds beside the samples, colours and times of its video and the packets of its other streams.
///
/// It is found out in the same way for input and output: what only the input has was lost.
struct FileContents {
  enum Item: Hashable {
    case chapters
    case streamGroups
    case programs(Int)
    case service(String)
    case tag(String)
    case streamTag(Int, String)
    case disposition(Int, String)
    case streamData(Int, PictureContent)
    case box(String)
    case picture(PictureContent)
  }

  private(set) var items: Set<Item> = []

  /// - Parameters:
  ///   - reader: the file.
  ///   - numbers: numbers for the streams to consider, by their index in this file; the same for input and output.
  init(_ reader: VideoReader, numbers: [Int: Int]) {
    let file = reader.demuxer.context.pointee
    if file.nb_chapters > 0 { items.insert(.chapters) }
    if inrr_stream_groups(reader.demuxer.context) > 0 { items.insert(.streamGroups) }
    addPrograms(of: file)
    for key in Self.keys(file.metadata, ofStream: false) { items.insert(.tag(key)) }
    for (index, stream) in reader.demuxer.streams.enumerated() {
      guard let number = numbers[index] else { continue }
      add(stream, number, isVideo: index == reader.info.streamIndex)
    }
    if reader.isTurned { items.insert(.picture(.orientation)) }
    for content in reader.firstProperties?.contents ?? [] { items.insert(.picture(content)) }
    if reader.demuxer.isQuickTime && !reader.isReadOnce {
      for name in MovieBoxes.unknown(in: reader.demuxer.source) { items.insert(.box(name)) }
    }
  }

  /// Removes what is not wanted in the output, and what `StillFiles` keeps or warns of.
  mutating func keep(_ choice: StreamChoice, of reader: VideoReader) {
    items = items.filter { item in
      switch item {
      case .chapters: choice.chapters
      case .tag, .streamTag, .service, .box: choice.metadata
      case .picture(let content): !reader.saysItself(content)
      default: true
      }
    }
  }

  /// The streams of a file that are no covers or attached files, in order: containers place those differently.
  static func ordinary(_ demuxer: Demuxer) -> [Int] {
    demuxer.streams.indices.filter { index in
      let stream = demuxer.streams[index]
      return stream.kind != "attachment" && !stream.isCover
    }
  }

  private mutating func addPrograms(of file: AVFormatContext) {
    let programs = StreamTags.programs(of: file)
    if programs.count > 1 { items.insert(.programs(programs.count)) }
    let services = programs.compactMap { StreamTags.service(of: $0) }
    for name in services + [Tags.value("service_name", in: file.metadata)].compactMap({ $0 }) {
      items.insert(.service(name))
    }
  }

  private mutating func add(_ stream: StreamPointer, _ number: Int, isVideo: Bool) {
    for key in Self.keys(stream.pointee.metadata, ofStream: true) { items.insert(.streamTag(number, key)) }
    // Each container marks default streams in its own way.
    for name in stream.dispositions where name != "default" { items.insert(.disposition(number, name)) }
    for content in stream.sideDataTypes.compactMap(PictureContent.init(stream:)) {
      if content == .orientation && isVideo { continue }
      if isVideo {
        items.insert(.picture(content))
      } else if stream.kind == "video" {
        items.insert(.streamData(number, content))
      }
    }
  }

  /// Tags that say something that nothing else says, in small letters; a tag in several languages counts once.
  private static func keys(_ tags: OpaquePointer?, ofStream: Bool) -> Set<String> {
    let all = Tags.pairs(tags).map { ($0.0.lowercased(), $0.1) }
    let names = Set(all.map(\.0))
    var found: Set<String> = []
    for (name, value) in all where !isAboutTheFile(name) {
      let parts = name.split(separator: "-")
      if let last = parts.last, parts.count > 1, last.count == 3, names.contains(String(name.dropLast(4))) {
        continue
      }
      if ofStream {
        if ["creation_time", "rotate", "stereo_mode", "alpha_mode"].contains(name) { continue }
        if name == "language" && value == "und" { continue }
        if name == "handler_name" && usualHandlers.contains(where: value.contains) { continue }
      }
      found.insert(name)
    }
    return found
  }

  /// Names that programs give to all streams of a kind.
  private static let usualHandlers = [
    "VideoHandler", "SoundHandler", "DataHandler", "SubtitleHandler", "TimeCodeHandler", "Core Media",
    "ISO Media", "Mainconcept", "Data Handler", "Media Handler",
  ]

  private static func isAboutTheFile(_ key: String) -> Bool {
    let names = [
      "major_brand", "minor_version", "compatible_brands", "encoder", "vendor_id", "duration", "service_name",
      "service_provider", "filename", "mimetype",
      // The program that wrote an AVI file, and the identities of MXF files and their sources.
      "software", "material_package_umid", "file_package_umid", "reel_umid", "uid", "generation_uid",
    ]
    return names.contains(key)
      || ["duration-", "bps", "number_of_", "_statistics_", "variant_bitrate"].contains {
        key.hasPrefix($0)
      }
  }
}

extension VideoReader {
  /// Whether players turn or mirror the picture.
  var isTurned: Bool { info.rotation != 0 || info.isMirrored }

  /// Whether a picture file says something beside its samples; `StillFiles` keeps it or warns of it.
  func saysItself(_ content: PictureContent) -> Bool {
    // `StillFiles` does not read TIFF files.
    guard firstFile != nil, decoder.page == nil else { return false }
    if case .tag = content { return true }
    return content == .colourProfile
  }
}
