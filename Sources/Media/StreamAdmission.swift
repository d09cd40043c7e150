internal import CFFmpeg

/// What becomes of each of a file's streams in a container, found by writing the container's header to nowhere: a writer
/// and a probe ask the same question.
struct StreamAdmission {
  enum Verdict: Equatable {
    case restored
    case copied
    case unwanted
    /// The container writes it from what it knows, such as a time code from the tags.
    case madeAnew
    case refused(String)
  }

  private(set) var verdicts: [Verdict] = []
  private let source: VideoReader
  private let muxer: Muxer
  private let encoder: VideoEncoder
  private let properties: VideoProperties
  private let choice: StreamChoice

  /// - Throws: `MediaError.cannotWrite` where the container refuses the restored video itself.
  init(
    of source: VideoReader, in muxer: Muxer, encoder: VideoEncoder, properties: VideoProperties,
    choice: StreamChoice
  ) throws {
    self.source = source
    self.muxer = muxer
    self.encoder = encoder
    self.properties = properties
    self.choice = choice
    verdicts = source.demuxer.streams.indices.map(first)
    if !muxer.isImages { try tryHeaders() }
  }

  /// The streams that are copied, by their numbers.
  var copied: [Int] { verdicts.indices.filter { verdicts[$0] == .copied } }

  /// A sentence for each stream that is lost.
  var warnings: [String] {
    verdicts.enumerated().compactMap { index, verdict in
      guard case .refused(let reason) = verdict else { return nil }
      let parameters = source.demuxer.streams[index].pointee.codecpar.pointee
      return "\(source.path): stream \(index) (\(StreamAdmission.kind(of: parameters)), "
        + "\(UnknownCodec.name(of: parameters))) was left out: \(reason)"
    }
  }

  static func kind(of parameters: AVCodecParameters) -> String {
    av_get_media_type_string(parameters.codec_type).map { String(cString: $0) } ?? "unknown"
  }

  /// What can be said of a stream by itself.
  private func first(_ index: Int) -> Verdict {
    if index == source.info.streamIndex { return .restored }
    let parameters = source.demuxer.streams[index].pointee.codecpar.pointee
    if !choice.isCopied(kind: StreamAdmission.kind(of: parameters)) { return .unwanted }
    guard let refusal = muxer.refusal(of: parameters) else { return .copied }
    if refusal.isMadeAnew || isOfChapters(index) { return .madeAnew }
    return .refused(withRemedy(refusal.reason, parameters))
  }

  /// Whether a stream is where a QuickTime file keeps the names of its chapters, which are copied as chapters.
  private func isOfChapters(_ index: Int) -> Bool {
    let stream = source.demuxer.streams[index].pointee
    return source.demuxer.context.pointee.nb_chapters > 0 && source.demuxer.formatName.hasPrefix("mov")
      && stream.codecpar.pointee.codec_id == AV_CODEC_ID_BIN_DATA
      && stream.codecpar.pointee.codec_tag == 0x7478_6574
  }

  private func withRemedy(_ reason: String, _ parameters: AVCodecParameters) -> String {
    if muxer.isImages { return reason }
    let remedy = ContainerRules.remedy(for: parameters, muxer.format, source: source.path)
    return remedy.map { "\(reason); \($0)" } ?? reason
  }

  /// Has the container look at all streams together; where it refuses them, at one after the other.
  private mutating func tryHeaders() throws {
    let candidates = copied
    guard let refusal = try headerRefusal(candidates) else { return }
    if candidates.isEmpty { throw refusal.error }
    if let refusal = try headerRefusal([]) { throw refusal.error }
    var accepted: [Int] = []
    for index in candidates {
      guard let refusal = try headerRefusal(accepted + [index]) else {
        accepted.append(index)
        continue
      }
      let words = refusal.words.map { " (\($0))" } ?? ""
      verdicts[index] = .refused(
        withRemedy(
          "the container \(muxer.name) refuses it\(words)",
          source.demuxer.streams[index].pointee.codecpar.pointee))
    }
  }

  /// What the container says of the video and some other streams; nil if it takes them.
  private func headerRefusal(_ others: [Int]) throws -> Muxer.HeaderRefusal? {
    let trial = try Muxer(trying: muxer)
    for index in source.demuxer.streams.indices {
      if index == source.info.streamIndex {
        _ = try WriterSetup.videoStream(trial, encoder, properties, source: source, streams: choice)
      } else if others.contains(index) {
        _ = try StreamCopier.addStream(
          like: source.demuxer.streams[index], to: trial, keepsTags: choice.metadata)
      }
    }
    return try trial.tryHeader()
  }
}
