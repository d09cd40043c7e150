import Foundation
import Reconstruction

/// What `--metrics` writes: what was done, how long it took, and how good it is by the hold-out samples.
public struct RestoreMetrics: Sendable, Encodable {
  public struct Seconds: Sendable, Encodable {
    public var decode: Double
    public var fit: Double
    public var encode: Double
    public var total: Double
  }

  public struct Window: Sendable, Encodable {
    public var report: SiteReport

    enum CodingKeys: String, CodingKey {
      case frames, box, iterations
      case holdoutPSNR = "holdout_psnr_db"
      case holdoutSamples = "holdout_samples"
      case stopReason = "stop_reason"
      case weights
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode([report.firstFrame, report.lastFrame], forKey: .frames)
      try container.encode(report.box, forKey: .box)
      try container.encode(report.iterations, forKey: .iterations)
      // Encoded as null where there is none, so that every key is always there.
      try container.encode(report.holdoutPSNR.finite, forKey: .holdoutPSNR)
      try container.encode(report.holdoutSamples, forKey: .holdoutSamples)
      try container.encode(report.stopReason, forKey: .stopReason)
      try container.encode(report.weights, forKey: .weights)
    }
  }

  /// What only a volume has.
  public struct Volume: Sendable, Encodable {
    /// Voxels along x, y and z, and volumes.
    public var shape: [Int]
    /// Distances along x, y and z as they were used.
    public var spacing: [Double]
    /// How many times finer the result's grid is than the input's, along x, y and z.
    public var scale: [Int]
    /// How much other volumes of a series count in what is filled in, 0 ... 1.
    public var otherVolumes: Double
    /// The axis along which slices, the frames of the report, are counted.
    public var sliceAxis: String

    enum CodingKeys: String, CodingKey {
      case shape, spacing, scale
      case otherVolumes = "other_volumes"
      case sliceAxis = "slice_axis"
    }
  }

  public var input: String
  public var output: String
  public var frames: Int
  public var width: Int
  public var height: Int
  /// Missing samples over all samples of all planes, 0 ... 1.
  public var missingFraction: Double
  public var holdoutPSNR: Double?
  public var seconds: Seconds
  public var peakMemoryBytes: Int
  public var model: String
  public var preset: Preset
  public var seed: UInt64
  public var windows: [Window]
  /// Nil for a video.
  public var volume: Volume?
  /// A sentence for each thing that a person should know: what of the input the output does not hold, for one.
  public var warnings: [String] = []

  init(
    _ job: RestoreJob, _ summary: RestorationSummary, width: Int, height: Int, missingFraction: Double,
    seconds: Seconds
  ) {
    (input, output) = (job.input, job.output)
    (frames, self.width, self.height) = (summary.frames, width, height)
    (self.missingFraction, holdoutPSNR) = (missingFraction, summary.holdoutPSNR)
    (self.seconds, peakMemoryBytes) = (seconds, Pipelines.peakMemoryBytes())
    (model, preset) = (job.restoration.model.rawValue, job.restoration.preset)
    seed = job.restoration.seed
    windows = summary.sites.map(Window.init(report:))
  }

  enum CodingKeys: String, CodingKey {
    case input, output, frames, width, height
    case missingFraction = "missing_fraction"
    case holdoutPSNR = "holdout_psnr_db"
    case seconds
    case peakMemoryBytes = "peak_memory_bytes"
    case model, preset, seed, windows, volume, warnings
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(input, forKey: .input)
    try container.encode(output, forKey: .output)
    try container.encode(frames, forKey: .frames)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(missingFraction, forKey: .missingFraction)
    try container.encode(holdoutPSNR.finite, forKey: .holdoutPSNR)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
    try container.encode(model, forKey: .model)
    try container.encode(preset, forKey: .preset)
    try container.encode(seed, forKey: .seed)
    try container.encode(windows, forKey: .windows)
    try container.encodeIfPresent(volume, forKey: .volume)
    try container.encode(warnings, forKey: .warnings)
  }

  /// The report as JSON with sorted keys.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }
}

extension Optional where Wrapped == Double {
  /// The number where JSON has one for it.
  var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}

/// The most memory that this process has had at once, in bytes; 0 where the system does not tell.
func peakMemoryBytes() -> Int {
  #if os(Linux)
    // Not getrusage: its figure begins with that of the process that launched this one.
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kibibytes * 1024
  #else
    var usage = rusage()
    guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
    return Int(usage.ru_maxrss)
  #endif
}
