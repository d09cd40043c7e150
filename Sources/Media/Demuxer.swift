internal import CFFmpeg

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An input file, opened; owns the format context and closes it once.
final class Demuxer {
  /// What messages call the file.
  let path: String
  /// What was opened: a path, or `-` for standard input.
  let source: String
  /// Open until `deinit`, with its streams.
  let context: UnsafeMutablePointer<AVFormatContext>
  let log = FFmpegLog()
  /// The images where the path is a pattern of them.
  let sequence: ImageSequence?
  private let sequencePackets: SequencePackets?
  private let packets: PacketSource

  /// Opens the file and looks into its streams.
  ///
  /// - Parameter container: FFmpeg's name of the file's format where it is known; else the content tells.
  /// - Throws: `MediaError`: `.cannotRead` or, if the file is no media file at all, `.notAVideo`.
  init(path: String, gaps: SequenceGaps = .refused, container: String? = nil) throws {
    source = path
    let isStandardInput = path == StandardStream.path
    let plainURL = isStandardInput ? StandardStream.inputURL : Demuxer.url(path)
    let path = StandardStream.inputName(path)
    self.path = path
    let sequence = try ImageSequence(path: path)
    if let sequence, case .refused(let advice) = gaps { try sequence.refuseGaps(advice: advice) }
    var options = sequence.flatMap { Demuxer.options(startNumber: $0.first) }
    defer { av_dict_free(&options) }
    var opened: UnsafeMutablePointer<AVFormatContext>?
    // Pictures of a numbered sequence say which file they are from.
    av_dict_set(&options, "export_path_metadata", "1", 0)
    let (code, log) = FFmpegLog.capturing {
      avformat_open_input(
        &opened, sequence?.url ?? plainURL, Demuxer.format(container, path: isStandardInput ? nil : path),
        &options)
    }
    guard code >= 0, let opened else { throw Demuxer.openError(code, path: path, log: log) }
    if opened.pointee.iformat != nil, String(cString: opened.pointee.iformat.pointee.name) == "tty" {
      var closing: UnsafeMutablePointer<AVFormatContext>? = opened
      avformat_close_input(&closing)
      throw MediaError(.notAVideo, "\(path): this is text, not a video")
    }
    let (found, messages) = FFmpegLog.capturing { avformat_find_stream_info(opened, nil) }
    if found < 0 {
      var closing: UnsafeMutablePointer<AVFormatContext>? = opened
      avformat_close_input(&closing)
      throw MediaError(
        code: found, .cannotRead, "\(path): cannot read the file's streams", log: messages,
        hint: "the file may be damaged")
    }
    context = opened
    packets = PacketSource(context: opened)
    context.pointee.opaque = self.log.opaque
    // Names of files that are no images stand for themselves.
    let isSequence = String(cString: opened.pointee.iformat.pointee.name) == "image2"
    self.sequence = isSequence ? sequence : nil
    sequencePackets = self.sequence.map { SequencePackets($0, first: opened) }
  }

  /// The format to read a file as; nil where FFmpeg finds out, which takes some TIFF files for others by their samples.
  private static func format(_ name: String?, path: String?) -> UnsafePointer<AVInputFormat>? {
    if let name { return av_find_input_format(name) }
    guard let path, !StandardStream.isReadOnce(path), isTIFF(firstBytes(of: path)) else { return nil }
    return av_find_input_format("tiff_pipe")
  }

  /// Whether a file begins as TIFF does, in either order of bytes, with addresses of 32 or 64 bits.
  private static func isTIFF(_ bytes: [UInt8]) -> Bool {
    [[0x49, 0x49, 42, 0], [0x4d, 0x4d, 0, 42], [0x49, 0x49, 43, 0], [0x4d, 0x4d, 0, 43]].contains {
      bytes.starts(with: $0)
    }
  }

  /// Where a sequence of images begins.
  static func options(startNumber: Int) -> OpaquePointer? {
    var options: OpaquePointer?
    av_dict_set(&options, "export_path_metadata", "1", 0)
    av_dict_set(&options, "start_number", "\(startNumber)", 0)
    av_dict_set(&options, "start_number_range", "1", 0)
    return options
  }

  deinit {
    var closing: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&closing)
  }

  /// The streams, in the file's order.
  var streams: [UnsafeMutablePointer<AVStream>] {
    guard let list = context.pointee.streams else { return [] }
    return (0..<Int(context.pointee.nb_streams)).compactMap { list[$0] }
  }

  /// Reads the next packet as `av_read_frame` does, with times that run on where the file's clock jumps, and that begin at
  /// zero where the clock begins anywhere.
  func read(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
    sequencePackets?.read(packet) ?? packets.read(packet)
  }

  /// What is taken off the times of all packets, in microseconds.
  var origin: Int64 { packets.origin }

  /// Where the file begins by the packets' times, in microseconds; nil where nobody knows.
  var start: Int64? {
    let start = context.pointee.start_time
    return start == inrr_no_pts() ? nil : start &- origin
  }

  /// Whether the header leaves open how long the file is: a length of nothing but ones in MP4.
  var isLengthLeftOpen: Bool {
    formatName.hasPrefix("mov") && streams.contains { $0.pointee.duration == Int64(UInt32.max) }
  }

  var formatName: String { String(cString: context.pointee.iformat.pointee.name) }

  /// Whether the file can't be opened a second time.
  var isReadOnce: Bool { StandardStream.isReadOnce(source) }

  /// Whether the file is a numbered sequence of images.
  var isImageSequence: Bool { formatName == "image2" }

  /// Whether the file is a picture, or a sequence of them.
  var isStill: Bool { isImageSequence || formatName.hasSuffix("_pipe") || formatName == "gif" }

  /// A name that FFmpeg does not take for another protocol's: "12:30.mp4" is a file, and so is "http:1.mp4" where
  /// there is one.
  static func url(_ path: String) -> String {
    guard let colon = path.firstIndex(of: ":"), !path[..<colon].contains("/"), !path.contains("://"),
      access(path, F_OK) == 0 || avio_find_protocol_name(path) == nil
    else { return path }
    return "file:" + path
  }

  /// The name of the file behind a name that FFmpeg takes.
  static func file(_ path: String) -> String { path.hasPrefix("file:") ? String(path.dropFirst(5)) : path }

  private static func openError(_ code: Int32, path: String, log: [String]) -> MediaError {
    let number = inrr_errno_of(code)
    if number == ENOENT {
      return MediaError(.cannotRead, "\(path): there is no such file; check the name")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR {
      return MediaError(
        .cannotRead, "\(path): this is a folder; name a file, or a pattern such as frame_%05d.png")
    }
    if number == EACCES {
      return MediaError(.cannotRead, "\(path): permission denied; check who may read the file")
    }
    if exists && status.st_size == 0 && status.st_mode & S_IFMT == S_IFREG {
      return MediaError(.notAVideo, "\(path): the file is empty")
    }
    let start = firstBytes(of: path)
    let type = String(decoding: start.dropFirst(4), as: UTF8.self)
    if ["ftyp", "mdat", "free", "skip", "wide", "pnot"].contains(type),
      log.contains(where: { $0.contains("moov atom not found") })
    {
      return MediaError(
        .cannotRead,
        "\(path): the file's index (moov) is missing, so it was never finished or its end is cut off; nothing of "
          + "it can be shown without repair")
    }
    let isMatroska = start.starts(with: [0x1a, 0x45, 0xdf, 0xa3])
    if code == inrr_error_invalid_data() && !isMatroska {
      return MediaError(.notAVideo, "\(path): this is not a video or image file that FFmpeg knows")
    }
    return MediaError(code: code, .cannotRead, "\(path): cannot open the file", log: log)
  }

  /// The first eight bytes, fewer if there are none.
  private static func firstBytes(of path: String) -> [UInt8] {
    guard let file = fopen(Demuxer.file(path), "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8)
    let count = fread(&bytes, 1, 8, file)
    return Array(bytes.prefix(count))
  }
}
