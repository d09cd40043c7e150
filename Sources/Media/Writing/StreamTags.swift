internal import CFFmpeg

/// Tags, dispositions and chapters from one file to another.
enum StreamTags {
  /// Tags about the bytes of the source, for which the output's muxer writes its own.
  private static let stale = ["DURATION", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "BPS", "_STATISTICS_"]

  /// Copies tags and disposition of a stream.
  ///
  /// - Parameters:
  ///   - isEncodedAnew: whether tags about the encoder and the coded size are wrong in the output.
  ///   - keepsTags: whether tags are wanted; those that an attached file needs are always copied.
  static func copy(
    from source: StreamPointer, to target: StreamPointer,
    isEncodedAnew: Bool = false, keepsTags: Bool
  ) {
    av_dict_copy(&target.pointee.metadata, source.pointee.metadata, 0)
    target.pointee.disposition = source.pointee.disposition
    Tags.remove(from: &target.pointee.metadata) { key in
      if !keepsTags && !["filename", "mimetype"].contains(key.lowercased()) { return true }
      if isEncodedAnew && (key.lowercased() == "encoder" || key == "vendor_id") { return true }
      return key == "DURATION" || key.hasPrefix("DURATION-")
        || (isEncodedAnew && stale.contains { key.hasPrefix($0) })
    }
  }

  /// Copies the tags of a cover picture that becomes an attached file, which needs a name and a type.
  static func copyCover(from source: StreamPointer, to target: StreamPointer, keepsTags: Bool) {
    copy(from: source, to: target, keepsTags: keepsTags)
    target.pointee.disposition = 0
    let codec = source.pointee.codecpar.pointee.codec_id
    let name = codec == AV_CODEC_ID_MJPEG ? "jpeg" : codec.name
    let ending = codec == AV_CODEC_ID_MJPEG ? "jpg" : name
    av_dict_set(&target.pointee.metadata, "filename", "cover.\(ending)", AV_DICT_DONT_OVERWRITE)
    av_dict_set(&target.pointee.metadata, "mimetype", "image/\(name)", AV_DICT_DONT_OVERWRITE)
  }

  /// Copies the file's tags and chapters, as far as they are wanted.
  static func copy(from source: Demuxer, to muxer: Muxer, _ choice: StreamChoice) throws {
    if choice.metadata {
      av_dict_copy(&muxer.context.pointee.metadata, source.context.pointee.metadata, 0)
      let brands = ["major_brand", "minor_version", "compatible_brands"]
      Tags.remove(from: &muxer.context.pointee.metadata) {
        brands.contains($0) || $0.lowercased() == "encoder"
      }
    }
    if !choice.chapters { return }
    let code = inrr_copy_chapters(muxer.context, source.context)
    try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot copy the chapters")
  }

  /// The name of a broadcaster's service; nil for a program without one, or with FFmpeg's default name.
  static func service(of program: UnsafePointer<AVProgram>) -> String? {
    Tags.value("service_name", in: program.pointee.metadata).flatMap { $0 == "Service01" ? nil : $0 }
  }

  static func programs(of file: AVFormatContext) -> [UnsafeMutablePointer<AVProgram>] {
    (0..<Int(file.nb_programs)).compactMap { file.programs?[$0] }
  }

  /// Copies the programs of a transport stream, or the name of its only one as a tag.
  ///
  /// - Parameter targets: the output's streams by the index of the input's.
  static func copyPrograms(
    from source: Demuxer, to muxer: Muxer, _ targets: [Int: StreamPointer], keepsTags: Bool
  ) {
    let programs = programs(of: source.context.pointee)
    if !muxer.container.isTransportStream {
      guard keepsTags, programs.count == 1, service(of: programs[0]) != nil else { return }
      for key in ["service_name", "service_provider"] {
        guard let value = Tags.value(key, in: programs[0].pointee.metadata) else { continue }
        av_dict_set(&muxer.context.pointee.metadata, key, value, AV_DICT_DONT_OVERWRITE)
      }
      return
    }
    guard programs.count > 1 || programs.contains(where: { service(of: $0) != nil }) else { return }
    var placed: Set<Int> = []
    for program in programs {
      guard let made = av_new_program(muxer.context, program.pointee.id) else { continue }
      if keepsTags { av_dict_copy(&made.pointee.metadata, program.pointee.metadata, 0) }
      for place in 0..<Int(program.pointee.nb_stream_indexes) {
        guard let index = program.pointee.stream_index.map({ Int($0[place]) }), let target = targets[index]
        else { continue }
        placed.insert(index)
        av_program_add_stream_index(muxer.context, made.pointee.id, UInt32(target.pointee.index))
      }
    }
    // A stream of no program would be in none of the tables: it joins the first one.
    for (index, target) in targets where !placed.contains(index) {
      av_program_add_stream_index(muxer.context, programs[0].pointee.id, UInt32(target.pointee.index))
    }
  }
}
