internal import CFFmpeg
import Frames

/// Decodes a video stream of a file, frame by frame in presentation order.
public final class VideoReader {
  /// What messages call the file.
  public let path: String
  public let format: FrameFormat
  public let info: VideoInfo

  let demuxer: Demuxer
  /// Packets of the other streams of a pipe.
  let others: PacketQueue?
  let decoder: PictureDecoder
  /// Where the samples of a frame lie in FFmpeg's pictures.
  let layout: PixelLayout
  /// How samples are read from pictures that hold indices into a palette, or bits; nil for others.
  private let expansion: PixelExpansion?
  /// The pixel format that the decoder gives.
  private let decodedFormat: Int32
  /// Tags and side data of the first frame, which stand for the whole video.
  let firstProperties: PictureProperties?
  /// The picture file that the first frame is from; nil where the input is a video.
  let firstFile: String?
  private var clock: FrameClock
  private let indexedPackets: Int
  private var isAtEnd = false
  private var framesRead = 0
  private var corruptFrames = 0
  /// Of a sequence of images, names of those that could not be read.
  private var lostImages: [String] = []
  private var previous: Frame?
  private var loggedErrors = 0

  /// Opens `path`: any file FFmpeg reads, a pattern such as `frame_%05d.png`, or a still image.
  ///
  /// - Parameters:
  ///   - path: `-` for standard input
  ///   - stream: the number of the stream in the file; nil for the one that moves.
  ///   - threads: threads of the decoder; the frames do not depend on it.
  ///   - gaps: what becomes of numbers that a pattern's images skip.
  ///   - container: FFmpeg's name of the file's format where it is known; else the content tells.
  /// - Throws: `MediaError` if there is no such file, or no video that can be decoded in it.
  public init(
    path: String, stream wanted: Int? = nil, threads: Int = 1, gaps: SequenceGaps = .refused,
    container: String? = nil
  ) throws {
    demuxer = try Demuxer(path: path, gaps: gaps, container: container)
    let path = demuxer.path
    self.path = path
    let stream = try VideoStreamChoice.stream(of: demuxer, wanted: wanted)
    others = demuxer.isReadOnce && demuxer.streams.count > 1 ? PacketQueue() : nil
    isStreamChosen = wanted != nil
    indexedPackets = demuxer.indexedPackets(of: stream)
    decoder = try PictureDecoder(demuxer: demuxer, stream: stream, threads: threads, others: others)
    guard let first = try decoder.next() else {
      if WebPParts.isAnimated(file: demuxer.source) {
        throw MediaError(
          .unsupported,
          "\(path): this is a moving WebP, which this FFmpeg can't decode: make pictures of it first, for example with "
            + "ImageMagick (convert in.webp -coalesce f_%05d.png)")
      }
      throw MediaError(
        .damaged,
        "\(path): not one frame of stream \(stream.pointee.index) could be decoded; is the file complete?")
    }
    decodedFormat = first.pointee.format
    expansion = try PixelExpansion(first, path: path)
    layout = try expansion?.layout ?? PixelLayout(AVPixelFormat(rawValue: decodedFormat), path: path)
    format = layout.frameFormat(width: Int(first.pointee.width), height: Int(first.pointee.height))
    firstProperties = PictureProperties(copying: first, messages: decoder.messages(of: first))
    firstFile = StillFiles.path(of: first, in: demuxer)
    clock = FrameClock(stream: stream)
    info = VideoInfo(demuxer: demuxer, stream: stream, first: first)
    pendingPicture = first
  }

  /// The images where the path is a pattern of them.
  public var sequence: ImageSequence? { demuxer.sequence }

  /// The first picture between `init` and the first call of `nextFrame()`; the decoder owns it.
  private var pendingPicture: PicturePointer?

  /// Has times count from the first frame on, whichever is read first.
  func noteBeginning() {
    if framesRead == 0, let pendingPicture { _ = clock.timing(of: pendingPicture) }
  }

  /// The decoder's next picture, which it owns.
  func nextPicture() throws -> PicturePointer? {
    if let pendingPicture {
      self.pendingPicture = nil
      return pendingPicture
    }
    return try decoder.next()
  }

  /// Whether samples stand for others in the pictures.
  var isExpanded: Bool { expansion != nil }

  /// Begins anew with a picture of the decoder as frame `number`.
  func begin(with picture: PicturePointer, number: Int) {
    (pendingPicture, framesRead, isAtEnd, previous) = (picture, number, false, nil)
    clock.goOn()
  }

  /// The next frame, or nil after the last one.
  ///
  /// Damage that the decoder can live with is counted in `damage`, not thrown.
  ///
  /// - Throws: `MediaError`: `.damaged` if the picture's size or format changes, `.readFailed`, or `.outOfMemory`.
  public func nextFrame() throws -> Frame? {
    if isAtEnd { return nil }
    let next = try nextPicture()
    if let frame = standIn(before: next) {
      pendingPicture = next
      return frame
    }
    guard let picture = next else {
      isAtEnd = true
      noteMessages()
      return nil
    }
    try checkFormat(of: picture)
    var attachment = clock.timing(of: picture)
    let isDamaged = decoder.isFromDamagedPacket(picture)
    if noteMessages() || isDamaged { attachment.isCorrupt = true }
    if attachment.isCorrupt { corruptFrames += 1 }
    attachment.properties = PictureProperties(copying: picture, messages: decoder.messages(of: picture))
    attachment.page = decoder.page
    attachment.position = demuxer.position
    let frame = Frame(
      format: format, planes: layoutPlanes(of: picture), index: framesRead,
      time: clock.seconds(attachment.pts),
      attachment: attachment)
    framesRead += 1
    if sequence != nil { previous = frame }
    return frame
  }

  /// A copy of the frame before, for an image of a sequence that is missing or can't be read; nil where the next picture
  /// comes next. Without it every later frame would have another's number, time and mask.
  private func standIn(before next: PicturePointer?) -> Frame? {
    guard let sequence, framesRead < sequence.count else { return nil }
    if let next, next.pointee.pts <= Int64(framesRead) { return nil }
    guard let planes = previous?.planes ?? next.map({ layoutPlanes(of: $0) }) else { return nil }
    var attachment =
      previous?.attachment as? DecodedPicture
      ?? DecodedPicture(pts: 0, duration: 1, isKey: true, isInterlaced: false, isCorrupt: false)
    attachment.pts = Int64(framesRead)
    // It is made of the frame before.
    attachment.isKey = false
    attachment.isCorrupt = !sequence.gaps.contains { $0.contains(framesRead) }
    if attachment.isCorrupt {
      corruptFrames += 1
      lostImages.append(sequence.name(ofFrame: framesRead))
    }
    let frame = Frame(
      format: format, planes: planes, index: framesRead, time: clock.seconds(attachment.pts),
      attachment: attachment)
    framesRead += 1
    return frame
  }

  private func layoutPlanes(of picture: PicturePointer) -> [SamplePlane] {
    expansion?.readPlanes(of: picture, format: format) ?? layout.readPlanes(of: picture, format: format)
  }

  /// Ends reading at a picture that is not like the first one.
  private func checkFormat(of picture: PicturePointer) throws {
    let (width, height) = (Int(picture.pointee.width), Int(picture.pointee.height))
    let advice = "split the file there and restore the parts one by one"
    if width != format.width || height != format.height || picture.pointee.format != decodedFormat {
      isAtEnd = true
      throw MediaError(
        .damaged,
        "\(path), frame \(framesRead): the picture changes from \(format.width)x\(format.height) "
          + "\(info.pixelFormat) to \(width)x\(height) \(AVPixelFormat.name(picture.pointee.format)); \(advice)"
      )
    }
    if expansion?.losesAlpha(of: picture) == true {
      isAtEnd = true
      throw MediaError(
        .damaged,
        "\(path), frame \(framesRead): the palette becomes transparent in parts, which no frame before was; \(advice)"
      )
    }
  }

  /// Counts what the decoder complained about since the last frame; true if it did.
  @discardableResult
  private func noteMessages() -> Bool {
    // Odd metadata of a JPEG is no damage of its picture.
    let lines = decoder.log.takeLines().filter { !$0.contains("APP fields") }
    loggedErrors += lines.count
    return !lines.isEmpty
  }

  /// What was found to be wrong so far, nil if nothing; complete after the last frame.
  public var damage: DamageReport? {
    DamageReport(
      path: path, decoderErrors: decoder.decoderErrors + loggedErrors, corruptFrames: corruptFrames,
      corruptPackets: decoder.tally.corrupt, truncation: isAtEnd ? truncation : nil, lostImages: lostImages,
      framesRead: framesRead)
  }

  /// Why the file seems to end too early, nil if it does not. Asked once, after the last frame: the demuxer's messages
  /// can be taken once.
  private lazy var truncation = Truncation.reason(
    demuxer: demuxer, stream: decoder.stream, tally: decoder.tally, indexedPackets: indexedPackets)

  /// Whether the file can't be opened a second time.
  public var isReadOnce: Bool { demuxer.isReadOnce }

  /// Whether the caller named the stream.
  private let isStreamChosen: Bool

  /// A warning where the file has several videos and the caller named none; else nil.
  public var choiceWarning: String? {
    let films = VideoStreamChoice.films(of: demuxer).sorted()
    if isStreamChosen || films.count < 2 { return nil }
    let list = films.map { index in
      let parameters = demuxer.streams[index].pointee.codecpar.pointee
      return "\(index) (\(UnknownCodec.name(of: parameters)), \(parameters.width)x\(parameters.height))"
    }
    return "\(path) has \(films.count) video streams, \(list.joined(separator: ", ")): stream "
      + "\(info.streamIndex) is restored; --stream chooses another"
  }

  /// The stream of another file that has the same place among its videos as this reader's stream among its own; nil where
  /// the caller did not name this one, or the other file has fewer videos.
  public func counterpart(in path: String) throws -> Int? {
    guard isStreamChosen else { return nil }
    func films(_ demuxer: Demuxer) -> [Int] { VideoStreamChoice.films(of: demuxer).sorted() }
    guard let place = films(demuxer).firstIndex(of: info.streamIndex) else { return nil }
    let others = films(try Demuxer(path: path))
    return others.indices.contains(place) ? others[place] : nil
  }
}
