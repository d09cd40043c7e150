import Foundation
import Media

/// Describes a file, and what of it an output would keep.
public struct ProbeJob: Sendable {
  public var input: String
  /// nil for the standard name beside the input.
  public var output: String?
  public var encoding: EncodeSettings
  /// The number of the video stream in the input; nil for the one that moves.
  public var stream: Int?

  public init(
    input: String, stream: Int? = nil, output: String? = nil, encoding: EncodeSettings = EncodeSettings()
  ) {
    (self.input, self.stream, self.output, self.encoding) = (input, stream, output, encoding)
  }

  public struct Outcome: Sendable, Encodable {
    public var input: FileReport
    /// nil where no video of the input can be decoded.
    public var output: OutputPlan?

    /// JSON with sorted keys, without what is unknown.
    public func json() throws -> Data { try ReportJSON.encoder().encode(self) }
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws -> Outcome {
    try JobError.during(.reading) {
      try OutputPath.checkReadTwice(input, by: "probe")
      // A pattern of images has no standard name.
      let target =
        output
        ?? (try? OutputPath.standard(forInput: input, lossless: encoding.lossless))
        ?? "restored.mkv"
      let report = try FileProbe.report(input, stream: stream, isCancelled: isCancelled)
      if isCancelled() { throw JobError.stopped }
      let plan =
        report.video == nil
        ? nil
        : try OutputPlan(
          input: input, stream: stream, output: target, settings: encoding, isCancelled: isCancelled)
      return Outcome(input: report, output: plan)
    }
  }
}
