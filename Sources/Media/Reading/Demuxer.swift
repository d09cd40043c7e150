internal import CFFmpeg
import Foundation

/// An open input file; owns the format context. What is particular to single containers is in
/// `Demuxer+Container.swift`.
final class Demuxer {
  /// What messages call the file.
  let path: String
  /// What was opened: a path, or `-` for standard input.
  let source: String
  /// Open until `deinit`, with its streams.
  let context: UnsafeMutablePointer<AVFormatContext>
  /// What FFmpeg says of the container from the first packet on.
  let log: FFmpegLog
  /// The images where the path is a pattern of them.
  let sequence: ImageSequence?
  /// Reads them, one by one.
  let sequencePackets: SequencePackets?
  let packets: PacketSource

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
    var options = Demuxer.options(startNumber: sequence?.first, url: sequence?.url ?? plainURL)
    defer { av_dict_free(&options) }
    var opened: UnsafeMutablePointer<AVFormatContext>?
    let (code, said) = FFmpegLog.capturing {
      avformat_open_input(
        &opened, sequence?.url ?? plainURL, Demuxer.format(container, path: isStandardInput ? nil : path),
        &options)
    }
    guard code >= 0, let context = opened else { throw Demuxer.openError(code, path: path, log: said) }
    let name = String(cString: context.pointee.iformat.pointee.name)
    if name == "tty" {
      avformat_close_input(&opened)
      throw MediaError(.notAVideo, "\(path): this is text, not a video")
    }
    // Looking into the streams reads packets, all of a short file's.
    log = FFmpegLog()
    context.pointee.opaque = log.opaque
    let (found, messages) = FFmpegLog.capturing { avformat_find_stream_info(context, nil) }
    if found < 0 {
      let failure = Demuxer.failure(of: context, path: path)
      avformat_close_input(&opened)
      throw failure
        ?? MediaError(
          code: found, .cannotRead, "\(path): cannot read the file's streams", log: messages,
          hint: "the file may be damaged")
    }
    if let failure = Demuxer.failure(of: context, path: path) {
      avformat_close_input(&opened)
      throw failure
    }
    self.context = context
    packets = PacketSource(context: context)
    given = GivenPictures(context)
    // A name with a number that is no image's is just a name.
    self.sequence = name == "image2" ? sequence : nil
    sequencePackets = self.sequence.map { SequencePackets($0, first: context) }
  }

  /// The format to read a file as; nil where FFmpeg finds it out. FFmpeg takes some TIFF files for other formats.
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

  /// Options to open a file with: pictures of a sequence say which file they are from, and the sequence begins with a
  /// number.
  static func options(startNumber: Int?, url: String) -> OpaquePointer? {
    var values = ["export_path_metadata": "1"]
    if let startNumber {
      values.merge(["start_number": "\(startNumber)", "start_number_range": "1"]) { $1 }
    }
    values["protocol_whitelist"] = protocols(from: url)
    return Tags.options(values)
  }

  /// What a file may lead to: playlists and lists of files name others, which may lie on the network. Nil for a URL, which
  /// was asked for.
  private static func protocols(from url: String) -> String? {
    switch avio_find_protocol_name(url).map({ String(cString: $0) }) {
    case "file": "file,crypto,data"
    case "pipe": "pipe,crypto,data"
    default: nil
    }
  }

  deinit {
    var closing: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&closing)
  }

  /// The streams, in the file's order.
  var streams: [StreamPointer] {
    guard let list = context.pointee.streams else { return [] }
    return (0..<Int(context.pointee.nb_streams)).compactMap { list[$0] }
  }

  /// Reads the next packet as `av_read_frame` does. Times go on where the file's clock jumps, and begin at zero where
  /// the container's clock may begin anywhere.
  func read(_ packet: PacketPointer) -> Int32 {
    let code = sequencePackets?.read(packet) ?? packets.read(packet)
    if code >= 0 { note(packet) }
    return code
  }

  /// How far the file was read, in bytes: where the last of its packets so far begins. Of a sequence, bytes of all images so far.
  private(set) var position = 0

  /// What was given of a Matroska file's video; nil for other containers, and once reading went to another place.
  var given: GivenPictures?
  /// Pictures that the demuxer passed over, known at the end of the file.
  private(set) var passedOver = 0

  private func note(_ packet: PacketPointer) {
    given?.note(packet, in: context)
    if sequence != nil {
      position += Int(max(0, packet.pointee.size))
    } else {
      position = max(position, Int(packet.pointee.pos))
    }
  }

  /// Asked where no packet could be read: FFmpeg ends there as at the end of the file, or as at damage of it.
  ///
  /// - Throws: `MediaError` of kind `.readFailed` where the disk or network failed under the file.
  func checkDisk() throws { if let failure = Demuxer.failure(of: context, path: path) { throw failure } }

  /// Asked at the end of the file, whether the demuxer has given all of it.
  ///
  /// - Throws: `MediaError` of kind `.outOfMemory` where it gives more when it is asked again; else `passedOver` says what is missing.
  func checkWhole() throws {
    guard let given, !isReadOnce, given.seemIncomplete(in: self), let place = given.place,
      let file = FileBytes(source), let held = MatroskaPictures.count(in: file, ofTrackAt: place),
      held > given.packets
    else { return }
    passedOver = held - given.packets
    let again = try Demuxer(path: source)
    var packets = 0
    try PacketPointer.with(path) { packet in
      while again.read(packet) >= 0 {
        if packet.pointee.stream_index == given.index { packets += 1 }
        av_packet_unref(packet)
      }
    }
    if packets > given.packets { throw MediaError.outOfMemory(path) }
  }

  private static func failure(of context: UnsafeMutablePointer<AVFormatContext>, path: String) -> MediaError?
  {
    guard let code = context.pointee.pb?.pointee.error, MediaError.isFailedRead(code) else { return nil }
    return .readFailed(path, code)
  }

  /// Reads packet after packet until `body` returns false, the file ends, or no more of it can be read.
  ///
  /// - Parameter tally: takes errors of reading into account.
  /// - Throws: `MediaError` of kind `.readFailed` or `.outOfMemory`.
  func forEachPacket(_ tally: inout PacketTally, _ body: (PacketPointer, inout PacketTally) -> Bool) throws {
    try PacketPointer.with(path) { packet in
      while true {
        let code = read(packet)
        if code < 0 {
          try checkDisk()
          if !tally.goesOn(after: code) { return try checkWhole() }
          continue
        }
        defer { av_packet_unref(packet) }
        if !body(packet, &tally) { return }
      }
    }
  }

  /// What is taken off the times of all packets, in microseconds.
  var origin: Int64 { packets.origin }

  /// Where the file begins by the packets' times, in microseconds; nil where the container does not say it.
  var start: Int64? {
    let start = context.pointee.start_time
    return start == noTime ? nil : start &- origin
  }

  /// Whether the file can't be opened a second time.
  var isReadOnce: Bool { StandardStream.isReadOnce(source) }

  /// The URL of a path: "12:30.mp4" is the name of a file and no protocol, and so is "http:1.mp4" where that file exists.
  static func url(_ path: String) -> String {
    guard let colon = path.firstIndex(of: ":"), !path[..<colon].contains("/"), !path.contains("://"),
      access(path, F_OK) == 0 || avio_find_protocol_name(path) == nil
    else { return path }
    return "file:" + path
  }

  /// The path of a URL.
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
    // Demuxers say "input/output error" of files, too, that end early.
    if MediaError.isFailedRead(code) && (number != EIO || exists && FileBytes.isUnreadable(path)) {
      return .readFailed(path, code)
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
    FileBytes(path)?.bytes(atMost: 8, at: 0) ?? []
  }
}
