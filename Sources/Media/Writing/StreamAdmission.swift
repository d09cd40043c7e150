internal import CFFmpeg

/// What becomes of each of a file's streams in a container. A writer and a probe find it out in the same way: by writing
/// the container's header to memory.
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
  private let output: OutputSetup
  private let encoder: VideoEncoder

  /// - Throws: `MediaError.cannotWrite` where the container refuses the restored video itself.
  init(of source: VideoReader, in muxer: Muxer, _ output: OutputSetup, _ encoder: VideoEncoder) throws {
    (self.source, self.muxer, self.output, self.encoder) = (source, muxer, output, encoder)
    verdicts = source.demuxer.streams.map(first)
    if !muxer.container.isImages { try tryHeaders() }
  }

  /// A sentence for each stream that is lost.
  var warnings: [String] {
    verdicts.enumerated().compactMap { index, verdict in
      guard case .refused(let reason) = verdict else { return nil }
      let stream = source.demuxer.streams[index]
      return "\(source.path): stream \(index) (\(stream.kind), "
        + "\(UnknownCodec.name(of: stream.pointee.codecpar.pointee))) was left out: \(reason)"
    }
  }

  /// The verdict on a stream by itself.
  private func first(_ stream: StreamPointer) -> Verdict {
    if stream == source.decoder.stream { return .restored }
    if !output.settings.streams.isCopied(kind: stream.kind) { return .unwanted }
    let parameters = stream.pointee.codecpar.pointee
    guard let refusal = muxer.container.refusal(of: parameters) else { return .copied }
    if refusal.isMadeAnew || source.demuxer.isChapterText(stream) { return .madeAnew }
    return .refused(withRemedy(refusal.reason, parameters))
  }

  private func withRemedy(_ reason: String, _ parameters: AVCodecParameters) -> String {
    if muxer.container.isImages { return reason }
    let remedy = muxer.container.remedy(for: parameters, source: source.path)
    return remedy.map { "\(reason); \($0)" } ?? reason
  }

  /// Tries a header of all streams together; where the container refuses it, of one stream more at a time.
  private mutating func tryHeaders() throws {
    let candidates = verdicts.indices.filter { verdicts[$0] == .copied }
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
          "the container \(muxer.container.name) refuses it\(words)",
          source.demuxer.streams[index].pointee.codecpar.pointee))
    }
  }

  /// What the container says of the video and some other streams; nil if it takes them.
  private func headerRefusal(_ others: [Int]) throws -> Muxer.HeaderRefusal? {
    let trial = try Muxer(trying: muxer)
    for (index, stream) in source.demuxer.streams.enumerated() {
      if stream == source.decoder.stream {
        _ = try OutputStreams.addVideo(to: trial, output, encoder, source: source)
      } else if others.contains(index) {
        _ = try StreamCopier.addStream(like: stream, to: trial, keepsTags: output.settings.streams.metadata)
      }
    }
    return try trial.tryHeader()
  }
}
