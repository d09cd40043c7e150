import Foundation
import Media

/// A file to look into, and the output whose fate is asked for.
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
    self.input = input
    self.stream = stream
    self.output = output
    self.encoding = encoding
  }

  /// What the file holds and what of it an output would keep.
  public struct Outcome: Sendable, Encodable {
    public var input: FileReport
    /// nil where no video of the input can be decoded.
    public var output: OutputPlan?

    /// The report as JSON with sorted keys; what is unknown is left out.
    public func json() throws -> Data {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws -> Outcome {
    do {
      try OutputPath.checkReadTwice(input, by: "probe")
      // Of a pattern of images nobody says where it would go.
      let target =
        output
        ?? (try? OutputPath.standard(forInput: input, lossless: encoding.lossless))
        ?? "restored.mkv"
      let report = try FileProbe.report(input, stream: stream, isCancelled: isCancelled)
      if isCancelled() { throw JobError(.cancelled, "stopped") }
      let plan =
        report.video == nil
        ? nil
        : try OutputPlan(
          input: input, stream: stream, output: target, settings: encoding, isCancelled: isCancelled)
      return Outcome(input: report, output: plan)
    } catch {
      throw JobError(error, while: .reading)
    }
  }
}
