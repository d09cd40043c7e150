internal import CFFmpeg

/// An output file under construction; owns the format context and its file.
final class Muxer {
  /// Where the file is written.
  enum Destination: Equatable {
    case file(String)
    case standardOutput
    /// Memory, for a header that is only tried.
    case nowhere
  }

  /// The muxer's own until `deinit`, with its streams.
  let context: UnsafeMutablePointer<AVFormatContext>
  let container: Container
  /// What messages call the file.
  let path: String
  private let destination: Destination
  /// Whether nothing that was written can be changed any more.
  private let isPipe: Bool
  private var isHeaderWritten = false
  /// Boxes that FFmpeg does not write, put into the file's description when it is complete.
  private var boxes = MovieAdditions()

  /// - Parameter path: what messages call the output.
  convenience init(path: String, to destination: Destination, container: Container) throws {
    let url =
      switch destination {
      // The protocol's name keeps a colon in the path from ending one.
      case .file(let place): "file:" + place
      case .standardOutput: StandardStream.outputURL
      case .nowhere: ""
      }
    try self.init(
      path: path, url: url, destination: destination, container: container,
      isPipe: destination == .standardOutput)
  }

  /// A container of the same kind that is written to nowhere.
  convenience init(trying other: Muxer) throws {
    try self.init(
      path: other.path, url: String(cString: other.context.pointee.url), destination: .nowhere,
      container: other.container, isPipe: other.isPipe)
  }

  private init(path: String, url: String, destination: Destination, container: Container, isPipe: Bool) throws
  {
    FFmpegLog.install()
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    let format = UnsafeMutablePointer(mutating: container.format)
    let code = avformat_alloc_output_context2(&allocated, format, nil, url)
    guard code >= 0, let allocated else {
      throw MediaError(code: code, .cannotWrite, "\(path): cannot set up the container")
    }
    (context, self.container, self.path) = (allocated, container, path)
    (self.destination, self.isPipe) = (destination, isPipe)
    // No random identifiers and versions: the same input gives the same bytes.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
  }

  deinit {
    if hasFile && destination == .nowhere {
      var bytes: UnsafeMutablePointer<UInt8>?
      avio_close_dyn_buf(context.pointee.pb, &bytes)
      av_free(bytes)
      context.pointee.pb = nil
    } else if hasFile {
      avio_closep(&context.pointee.pb)
    }
    avformat_free_context(context)
  }

  /// Keeps the source's times: those before zero, and in a transport stream those of the source's clock, to which
  /// splice points and other programs of a broadcast refer.
  ///
  /// - Parameters:
  ///   - microseconds: where the source begins.
  ///   - origin: what was taken off the source's times, in microseconds.
  func keepTimes(beginningAt microseconds: Int64, origin: Int64) {
    // A clock of 33 bits, in ticks of 1/90000 s, that begins before zero has wrapped.
    let period = av_rescale_q(1 << 33, AVRational(num: 1, den: 90000), .microseconds)
    if container.isTransportStream {
      context.pointee.output_ts_offset = origin < 0 ? origin &+ period : origin
    }
    if container.hasTimesBeforeZero && microseconds > -30_000_000 { context.pointee.avoid_negative_ts = 0 }
  }

  private var hasFile: Bool { !container.isImages && context.pointee.pb != nil }

  func newStream() throws -> StreamPointer {
    try MediaError.allocated(avformat_new_stream(context, nil), path)
  }

  /// Creates the file and writes the header, after which streams have the container's time base.
  ///
  /// - Parameter firstImageNumber: the first image's number; nil for a single image, whose name is no pattern.
  func begin(firstImageNumber: Int?) throws {
    if !container.isImages {
      let code = UnfinishedFile.making {
        avio_open2(&context.pointee.pb, context.pointee.url, AVIO_FLAG_WRITE, nil, nil)
      }
      try MediaError.check(code, .cannotWrite, "\(path): cannot create the file")
    }
    if let refusal = writeHeader(firstImageNumber: firstImageNumber) { throw refusal.error }
    isHeaderWritten = true
  }

  /// Why a container does not take the streams.
  struct HeaderRefusal {
    var error: MediaError
    /// The container's own words.
    var words: String?
  }

  /// Writes the header to memory; nil if the container takes the streams.
  func tryHeader() throws -> HeaderRefusal? {
    let code = avio_open_dyn_buf(&context.pointee.pb)
    try MediaError.check(code, .outOfMemory, "\(path): cannot try the container")
    if isPipe { context.pointee.pb.pointee.seekable = 0 }
    return writeHeader(firstImageNumber: nil)
  }

  private func writeHeader(firstImageNumber: Int?) -> HeaderRefusal? {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if container.isQuickTime {
      if container.needsViewBoxes { boxes.addViews(of: streams) }
      // Boxes are added to the description at the end of the file, where nothing follows that would move.
      let flags = (boxes.isEmpty ? "+faststart" : "") + (hasOwnTags ? "+use_metadata_tags" : "")
      if !flags.isEmpty { av_dict_set(&options, "movflags", flags, 0) }
      // Spherical mapping, stereo 3D and Dolby Vision have boxes that are no part of the standard.
      if hasUnofficialData { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    }
    // Its names for gray and colour of more than 8 bits, which all programs write, are no part of the standard.
    if container.isYUV4MPEG { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    if let firstImageNumber {
      av_dict_set(&options, "start_number", "\(firstImageNumber)", 0)
    } else if container.isImages {
      av_dict_set(&options, "update", "1", 0)
    }
    let (code, log) = FFmpegLog.capturing { avformat_write_header(context, &options) }
    if code >= 0 { return nil }
    let hint =
      isPipe
      ? "--container nut or matroska takes almost anything, and needs no way back"
      : "a name ending in .mkv takes almost anything"
    let error = MediaError(
      code: code, .cannotWrite, "\(path): the container \(container.name) refuses the streams", log: log,
      hint: hint)
    return HeaderRefusal(error: error, words: log.first.map { String($0.prefix(160)) })
  }

  /// Whether the file has tags, such as those of phones, that QuickTime and MP4 keep in a list of keys only. A cover
  /// picture has no place in that list.
  private var hasOwnTags: Bool {
    !streams.contains(where: \.isCover)
      && Tags.keys(context.pointee.metadata).contains { !container.hasPlace(forTag: $0) }
  }

  private var streams: [StreamPointer] {
    (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams?[$0] }
  }

  private var hasUnofficialData: Bool {
    streams.flatMap(\.sideDataTypes).contains { type in
      PictureContent(stream: type).map { [.spherical, .stereo, .dolbyVisionConfiguration].contains($0) }
        ?? false
    }
  }

  /// Keeps the boxes that a camera wrote into the file's description for its maker's programs.
  func keepUserData(of path: String) {
    if container.isQuickTime { boxes.userData = MovieBoxes.userData(of: path) }
  }

  /// Writes a packet where it belongs in time; the packet is empty afterwards. Returns FFmpeg's code.
  func write(_ packet: PacketPointer) -> Int32 { av_interleaved_write_frame(context, packet) }

  /// Writes what is queued and the trailer, and closes the file.
  func end() throws {
    guard isHeaderWritten else { return }
    isHeaderWritten = false
    let (code, log) = FFmpegLog.capturing { av_write_trailer(context) }
    if code < 0 { throw MediaError(code: code, .cannotWrite, "\(path): cannot complete the file", log: log) }
    guard hasFile else { return }
    let failed = context.pointee.pb.pointee.error
    let closed = avio_closep(&context.pointee.pb)
    try MediaError.check(min(failed, closed), .cannotWrite, "\(path): cannot complete the file")
    if case .file(let place) = destination, !boxes.isEmpty { try boxes.write(into: place, path: path) }
  }
}
