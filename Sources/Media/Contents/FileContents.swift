internal import CFFmpeg

/// What a file holds beside the samples, colours and times of its video and the packets of its other streams.
///
/// Of input and output alike: what the one has and the other has not was lost.
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
  ///   - numbers: numbers of the streams that count, by their index in this file; input and output share them.
  init(_ reader: VideoReader, numbers: [Int: Int]) {
    let file = reader.demuxer.context.pointee
    if file.nb_chapters > 0 { items.insert(.chapters) }
    if inrr_stream_groups(reader.demuxer.context) > 0 { items.insert(.streamGroups) }
    addPrograms(of: file)
    for key in Self.keys(file.metadata, of: nil) { items.insert(.tag(key)) }
    for (index, stream) in reader.demuxer.streams.enumerated() {
      guard let number = numbers[index] else { continue }
      add(stream, number, isVideo: index == reader.info.streamIndex)
    }
    if reader.isTurned { items.insert(.picture(.orientation)) }
    for content in reader.firstProperties?.contents ?? [] { items.insert(.picture(content)) }
    if reader.demuxer.formatName.hasPrefix("mov") && !reader.demuxer.isReadOnce {
      for name in MovieBoxes.unknown(in: reader.demuxer.source) { items.insert(.box(name)) }
    }
  }

  /// Takes out what nobody asked for, and what of the file is told of elsewhere.
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

  /// The streams of a file that have tags and dispositions of their own, in order: files that are attached have a
  /// name, and places differ by container.
  static func ordinary(_ demuxer: Demuxer) -> [Int] {
    demuxer.streams.indices.filter { index in
      let stream = demuxer.streams[index].pointee
      return stream.codecpar.pointee.codec_type != AVMEDIA_TYPE_ATTACHMENT
        && stream.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
  }

  private mutating func addPrograms(of file: AVFormatContext) {
    let count = Int(file.nb_programs)
    if count > 1 { items.insert(.programs(count)) }
    for index in 0..<count {
      guard let program = file.programs?[index], let name = StreamTags.service(of: program) else { continue }
      items.insert(.service(name))
    }
    if let name = StreamTags.value("service_name", in: file.metadata) { items.insert(.service(name)) }
  }

  private mutating func add(_ stream: UnsafeMutablePointer<AVStream>, _ number: Int, isVideo: Bool) {
    for key in Self.keys(stream.pointee.metadata, of: stream.pointee.codecpar.pointee) {
      items.insert(.streamTag(number, key))
    }
    // Which stream is shown unasked is for the container to say, as it can.
    for bit in 1..<31 where stream.pointee.disposition & (Int32(1) << Int32(bit)) != 0 {
      guard let name = av_disposition_to_string(Int32(1) << Int32(bit)) else { continue }
      items.insert(.disposition(number, String(cString: name)))
    }
    var index: Int32 = 0
    while case let type = inrr_stream_side_data_type(stream, index), type >= 0 {
      index += 1
      guard let content = PictureContent(stream: AVPacketSideDataType(rawValue: UInt32(type))) else {
        continue
      }
      if content == .orientation && isVideo { continue }
      let isOfPictures = stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
      if isVideo {
        items.insert(.picture(content))
      } else if isOfPictures {
        items.insert(.streamData(number, content))
      }
    }
  }

  /// Tags that say something that nothing else says; small letters, without the language that some end with.
  private static func keys(_ tags: OpaquePointer?, of stream: AVCodecParameters?) -> Set<String> {
    let all = StreamTags.keys(of: tags)
    let names = Set(all.map { $0.lowercased() })
    var found: Set<String> = []
    for key in all {
      let name = key.lowercased()
      if isAboutTheFile(name) { continue }
      let parts = name.split(separator: "-")
      if let last = parts.last, parts.count > 1, last.count == 3, names.contains(String(name.dropLast(4))) {
        continue
      }
      if stream != nil {
        let value = StreamTags.value(key, in: tags) ?? ""
        if ["creation_time", "rotate", "stereo_mode", "alpha_mode"].contains(name) { continue }
        if name == "language" && value == "und" { continue }
        if name == "handler_name" && usualHandlers.contains(where: value.contains) { continue }
      }
      found.insert(name)
    }
    return found
  }

  /// Names that programs give to streams of a kind, and nobody means anything by.
  private static let usualHandlers = [
    "VideoHandler", "SoundHandler", "DataHandler", "SubtitleHandler", "TimeCodeHandler", "Core Media",
    "ISO Media", "Mainconcept", "Data Handler", "Media Handler",
  ]

  private static func isAboutTheFile(_ key: String) -> Bool {
    let names = [
      "major_brand", "minor_version", "compatible_brands", "encoder", "vendor_id", "duration", "service_name",
      "service_provider", "filename", "mimetype",
      // What wrote an AVI file, and the identities of MXF files and of those that they were made of.
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

  /// Whether something is what a picture file says beside its samples, which `StillFiles` keeps or names.
  func saysItself(_ content: PictureContent) -> Bool {
    // Nothing beside samples is read there of TIFF files.
    guard firstFile != nil, decoder.page == nil else { return false }
    if case .tag = content { return true }
    return content == .colourProfile
  }
}
