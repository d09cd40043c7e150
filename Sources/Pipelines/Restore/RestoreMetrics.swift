import Detection
import Foundation
import Reconstruction

/// What `--metrics` writes: what was done, how long it took, how good it is on hold-out samples, and how good it probably is where
/// samples were missing.
public struct RestoreMetrics: Sendable, Encodable {
  public struct Seconds: Sendable, Encodable {
    public var decode: Double
    public var fit: Double
    public var encode: Double
    public var total: Double
  }

  public struct Window: Sendable, Encodable {
    public var report: SiteReport

    enum CodingKeys: CodingKey {
      case frames, box, spots, spotKinds, carried, iterations, holdoutPsnrDb, holdoutSamples, expectedPsnrDb,
        expectedPsnrLowDb, expectedPsnrHighDb, stopReason, weights
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode([report.firstFrame, report.lastFrame], forKey: .frames)
      try container.encode(report.box, forKey: .box)
      try container.encode(report.spots?.all, forKey: .spots)
      try container.encode(
        report.spots.map { ["lines": $0.lines, "points": $0.points, "blotches": $0.blotches] },
        forKey: .spotKinds)
      try container.encode(report.carried, forKey: .carried)
      try container.encode(report.iterations, forKey: .iterations)
      // Null where there is none, so that every key is always there.
      try container.encode(report.holdoutPSNR.finite, forKey: .holdoutPsnrDb)
      try container.encode(report.holdoutSamples, forKey: .holdoutSamples)
      let expected = report.expected?.psnr
      try container.encode((expected?.middle ?? nil).finite, forKey: .expectedPsnrDb)
      try container.encode((expected?.low).finite, forKey: .expectedPsnrLowDb)
      try container.encode((expected?.high).finite, forKey: .expectedPsnrHighDb)
      try container.encode(report.stopReason, forKey: .stopReason)
      try container.encode(report.weights, forKey: .weights)
    }
  }

  /// What only a volume has.
  public struct Volume: Sendable, Encodable {
    /// Voxels along x, y and z, and volumes.
    public var shape: [Int]
    /// Distances of voxels along x, y and z as they were used.
    public var spacing: [Double]
    /// How many times finer the result's grid is than the input's, along x, y and z.
    public var scale: [Int]
    /// Weight of a series' other volumes in the voxels that were filled in, 0 ... 1.
    public var otherVolumes: Double
    /// The axis along which slices, the frames of the report, are counted.
    public var sliceAxis: String
  }

  public var input: String
  public var output: String
  public var frames: Int
  public var width: Int
  public var height: Int
  /// Missing samples over all samples of all planes, 0 ... 1.
  public var missingFraction: Double
  @OrNull public var holdoutPsnrDb: Double?
  /// Of what was missing: the range that holds it in nine of ten cases, and the middle of that, null where it is too wide.
  @OrNull public var expectedPsnrDb: Double?
  @OrNull public var expectedPsnrLowDb: Double?
  @OrNull public var expectedPsnrHighDb: Double?
  public var seconds: Seconds
  public var peakMemoryBytes: Int
  public var model: String
  public var preset: Preset
  public var seed: UInt64
  public var windows: [Window]
  /// What was found; nil where nothing was looked for.
  public var detection: DetectionFigures?
  /// How far masks were followed; nil where none was.
  public var tracking: [TrackFigures]?
  /// What overlays at the masks' places are; nil where they are taken as opaque unseen.
  public var overlays: [OverlayFigures]?
  /// Nil for a video.
  public var volume: Volume?
  /// A sentence for each problem, such as a stream of the input that the output lacks.
  public var warnings: [String] = []

  init(
    _ job: RestoreJob, _ summary: RestorationSummary, width: Int, height: Int, missingFraction: Double,
    seconds: Seconds
  ) {
    (input, output) = (job.input, job.output)
    (frames, self.width, self.height) = (summary.frames, width, height)
    (self.missingFraction, holdoutPsnrDb) = (missingFraction, summary.holdoutPSNR)
    let expected = summary.expected.psnr
    expectedPsnrDb = expected?.middle
    (expectedPsnrLowDb, expectedPsnrHighDb) = (expected?.low, expected?.high)
    (self.seconds, peakMemoryBytes) = (seconds, Pipelines.peakMemoryBytes())
    (model, preset) = (job.restoration.model.rawValue, job.restoration.preset)
    seed = job.restoration.seed
    windows = summary.sites.map(Window.init(report:))
  }

  /// The range of what was missing; nil where it can't be told.
  public var expectedPSNR: PSNRRange? {
    guard let low = expectedPsnrLowDb, let high = expectedPsnrHighDb else { return nil }
    return PSNRRange(middle: expectedPsnrDb, low: low, high: high)
  }

  func json() throws -> Data { try ReportJSON.file(self, .snakeCase) }
}

extension Optional where Wrapped == Double {
  /// The number if JSON can write it.
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
