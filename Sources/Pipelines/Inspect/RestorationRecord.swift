import Frames
import Foundation
import Inspection
import Reconstruction

/// How a result was made: everything right after a restoration, or what a report in JSON holds.
public struct RestorationRecord: Sendable {
  var restoration: ReportData.Restoration?
  var windows: [ReportData.Window] = []
  var learned: [LearnedStructure] = []
  /// What overlays were found to be.
  var overlays: [ReportData.Overlay] = []
  /// The number of windows that were fitted; nil if unknown.
  var fitted: Int?
  /// True after a restoration in this process.
  var isOwn = false

  public init() {}

  init(_ metrics: RestoreMetrics, learned recorder: LearnedStructureRecorder?) {
    let seconds = metrics.seconds
    restoration = .init(
      model: metrics.model, preset: metrics.preset.rawValue, seed: metrics.seed,
      holdoutPSNR: metrics.holdoutPsnrDb.finite, expected: metrics.expectedPSNR.map(ReportData.Expected.init),
      seconds: [
        "decode": seconds.decode, "fit": seconds.fit, "encode": seconds.encode, "total": seconds.total,
      ])
    windows = metrics.windows.map(\.report).map { report in
      ReportData.Window(
        first: report.firstFrame, last: report.lastFrame, x: report.box.x, y: report.box.y,
        width: report.box.width, height: report.box.height,
        spots: report.spots.map { .init(lines: $0.lines, points: $0.points, blotches: $0.blotches) },
        iterations: report.iterations,
        holdoutPSNR: report.holdoutPSNR.finite, holdoutSamples: report.holdoutSamples,
        expected: (report.expected?.psnr).map(ReportData.Expected.init),
        stopReason: report.stopReason.rawValue,
        weights: Dictionary(uniqueKeysWithValues: report.weights.map { ($0.name, $1) }),
        seconds: report.isKept ? nil : report.seconds)
    }
    learned = recorder?.structures ?? []
    fitted = recorder?.fitted
    isOwn = true
  }

  // MARK: Reports in JSON

  private struct File: Decodable {
    struct Spots: Decodable {
      var lines: Int
      var points: Int
      var blotches: Int
    }
    struct Window: Decodable {
      var frames: [Int]
      var box: Box
      /// Absent in the reports of versions that solved sites alone.
      var spot_kinds: Spots?
      var iterations: Int
      var holdout_psnr_db: Double?
      // Absent in the reports of versions that told what was measured alone.
      var expected_psnr_low_db: Double?
      var expected_psnr_high_db: Double?
      var holdout_samples: Int
      var stop_reason: String
      var weights: [String: Double]
    }
    var model: String
    var preset: String
    var seed: UInt64
    var holdout_psnr_db: Double?
    var expected_psnr_low_db: Double?
    var expected_psnr_high_db: Double?
    var seconds: [String: Double]
    var windows: [Window]
  }

  /// Reads what `--metrics` wrote.
  ///
  /// - Throws: `JobError` of kind `.input`.
  public init(metrics path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw JobError.input("the report \(path) can't be read: is there such a file?")
    }
    guard let file = try? JSONDecoder().decode(File.self, from: data),
      file.windows.allSatisfy({
        $0.frames.count == 2 && $0.frames[0] >= 0 && $0.frames[0] <= $0.frames[1] && $0.frames[1] < Int32.max
      })
    else {
      throw JobError.input("\(path) is no report of a restoration: give the file that --metrics wrote")
    }
    restoration = .init(
      model: file.model, preset: file.preset, seed: file.seed, holdoutPSNR: file.holdout_psnr_db,
      expected: .init(file.expected_psnr_low_db, file.expected_psnr_high_db),
      seconds: file.seconds)
    windows = file.windows.map { window in
      ReportData.Window(
        first: window.frames[0], last: window.frames[1], x: window.box.x, y: window.box.y,
        width: window.box.width, height: window.box.height,
        spots: window.spot_kinds.map { .init(lines: $0.lines, points: $0.points, blotches: $0.blotches) },
        iterations: window.iterations,
        holdoutPSNR: window.holdout_psnr_db, holdoutSamples: window.holdout_samples,
        expected: .init(window.expected_psnr_low_db, window.expected_psnr_high_db),
        stopReason: window.stop_reason, weights: window.weights)
    }
  }
}

extension ReportData.Expected {
  init(_ psnr: PSNRRange) { self.init(low: psnr.low, high: psnr.high) }

  /// Nil unless both are known.
  fileprivate init?(_ low: Double?, _ high: Double?) {
    guard let low, let high else { return nil }
    self.init(low: low, high: high)
  }
}
