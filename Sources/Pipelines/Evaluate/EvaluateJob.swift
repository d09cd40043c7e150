import Detection
import Inspection
import Masks
import Media
import Reconstruction

/// Compares a restored video with its reference.
public struct EvaluateJob: Sendable {
  public var reference: String
  public var result: String
  /// The damaged file, on which masks by value, colour or damage depend.
  public var input: String?
  public var masks: MaskOptions
  /// The number of the video stream in the reference, and in the input; nil for the one that moves.
  public var stream: Int?

  public init(
    reference: String, result: String, input: String? = nil, stream: Int? = nil, masks: MaskOptions
  ) {
    (self.reference, self.result, self.input) = (reference, result, input)
    (self.stream, self.masks) = (stream, masks)
  }

  public struct Outcome: Sendable {
    public var quality: VideoQuality
    /// FFmpeg's name of the result's codec, and whether that keeps every sample.
    public var codec: String
    public var isLossless: Bool
    /// What was wrong with the files, which were compared up to there; empty for sound files.
    public var damage: [String]
  }

  /// Compares frame by frame; memory grows with the length only by a few numbers a frame.
  ///
  /// - Throws: `JobError`.
  public func run(warn: (String) -> Void = { _ in }, isCancelled: () -> Bool = { false }) throws -> Outcome {
    try JobError.during(.reading) { try compare(warn: warn, isCancelled: isCancelled) }
  }

  private func compare(warn: (String) -> Void, isCancelled: () -> Bool) throws -> Outcome {
    try masks.validate()
    if input == nil
      && (masks.value != nil || masks.colour != nil || masks.corruptFrames || masks.gapFrames
        || masks.detection != nil || !masks.tracks.isEmpty)
    {
      throw JobError.configuration(
        "--mask-value, --mask-color, --mask-corrupt, --mask-gaps, --mask-track and --detect look at the damaged file: name it with --input"
      )
    }
    try OutputPath.checkStandardInput([reference, result] + [input].compactMap { $0 } + masks.files)
    let references = try VideoReader(path: reference, stream: stream)
    let results = try VideoReader(path: result, stream: try references.counterpart(in: result))
    guard references.format == results.format else {
      throw JobError.configuration(
        "\(reference) is \(references.kind) but \(result) is \(results.kind): compare files of one format"
      )
    }
    let inputs = try input.map { try VideoReader(path: $0, stream: stream, gaps: masks.gaps) }
    if let inputs,
      (inputs.format.width, inputs.format.height) != (references.format.width, references.format.height)
    {
      throw JobError.configuration("\(reference) is \(references.kind) but \(inputs.path) is \(inputs.kind)")
    }
    let threads = InspectedFiles.threads
    let surveyed =
      try input.map {
        try masks.surveyed(input: $0, stream: stream, threads: threads, isCancelled: isCancelled)
      } ?? SurveyedDamage()
    let mask = try CombinedMask(
      options: masks, input: MaskedInput(reader: inputs ?? results), surveyed: surveyed)
    let searched = inputs.map { FoundFrames($0, masks.detection, surveyed: surveyed, threads: threads) }
    for warning in mask.warnings { warn(warning) }
    var quality = VideoQuality(format: references.format)
    while let original = try references.nextFrame() {
      if isCancelled() { throw RestorationError.cancelled }
      guard let restored = try results.nextFrame() else {
        throw counts(quality.frames.count + 1 + (try rest(references)), quality.frames.count)
      }
      let found = try searched?.next()
      do {
        quality.add(
          reference: original, result: restored,
          mask: try mask.mask(for: found?.frame ?? restored, found: found?.mask))
      } catch let short as MaskRanOut {
        throw short.error(input: result, inputFrames: quality.frames.count + 1 + (try rest(results)))
      }
    }
    let surplus = try rest(results)
    if surplus > 0 { throw counts(quality.frames.count, quality.frames.count + surplus) }
    try mask.finish()
    mask.lateWarnings.forEach(warn)
    let damage = [references, results].compactMap { $0.damage?.sentence }
    for sentence in damage { warn(sentence) }
    return Outcome(
      quality: quality, codec: results.info.codecName, isLossless: results.info.isLossless, damage: damage)
  }

  private func rest(_ reader: VideoReader) throws -> Int {
    var count = 0
    while try reader.nextFrame() != nil { count += 1 }
    return count
  }

  private func counts(_ references: Int, _ results: Int) -> JobError {
    JobError.configuration(
      "\(reference) has \(references) frames but \(result) has \(results): compare files of one length")
  }
}
