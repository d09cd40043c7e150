import Foundation
import Frames
import Masks
import Media
import Reconstruction

/// Measures, on the first frames of an input, how long its frames and windows take on this machine.
struct InputTrial {
  /// A trial ends after so many seconds, or after so many frames.
  private static let seconds = 2.0
  private static let frames = 32

  let job: RestoreJob
  let scan: InputScan
  let isCancelled: () -> Bool

  private var settings: RestorationSettings { scan.volume?.settings ?? job.restoration }

  /// Equal for inputs whose windows take the same time.
  func solverKey() throws -> String {
    var missing = 0
    var whole = 0
    if let (box, masks) = scan.largest {
      for mask in masks where !mask.missing.isEmpty {
        for y in box.y..<box.y + box.height {
          let row = y * mask.width + box.x
          for sample in mask.missing[row..<row + box.width] { missing += Int(sample & 1) }
        }
      }
      whole = masks.count * box.width * box.height
    }
    // Dense masks take longer than sparse ones; quarters are fine enough.
    let share = Int((4 * Double(missing) / Double(max(1, whole))).rounded(.up))
    let planes = scan.format.planes.map { "\($0.role.rawValue)\($0.horizontalShift)\($0.verticalShift)" }
    return try "\(ReportJSON.line(settings)) \(job.threads) \(planes) \(share)"
  }

  /// Equal for inputs whose frames take the same time to decode and to encode.
  var frameKey: String {
    if scan.volume != nil { return job.input }
    let format = scan.format
    // Spots take their time with the frames, by how many there are.
    let spots = scan.sites.contains(where: \.areSpots) ? "\(job.input) \(settings.preset) " : ""
    return spots + "\(scan.codec) \(format.width)x\(format.height) \(format.bitDepth) \(format.planes.count) "
      + "\(job.encoding) \(job.threads) \(PathName.suffix(of: job.output))"
  }

  /// How long windows take to solve.
  func solverPace() throws -> SolverPace {
    guard let (box, masks) = scan.largest else {
      throw JobError.configuration("nothing is missing in \(job.input)")
    }
    var frames = scan.volume?.slices ?? []
    if scan.volume == nil {
      let reader = try job.videoReader()
      while frames.count < masks.count, let frame = try reader.nextFrame() { frames.append(frame) }
    }
    return try SolverTrial(settings: settings, threads: job.threads).measure(
      frames: frames, masks: Array(masks.prefix(frames.count)), box: box, isCancelled: isCancelled)
  }

  /// Seconds of a frame without its sites: decoding, masks, spots, cutting out and putting back, encoding.
  func framePace() throws -> Double {
    if let volume = scan.volume { return volume.seconds / Double(max(1, scan.frames)) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "inrr-video-\(UUID().uuidString)"
    ).path
    try AtomicFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let start = ContinuousClock.now
    let reader = try job.videoReader()
    let surveyed = try job.surveyedDamage(isCancelled)
    let mask = try CombinedMask(
      options: job.masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    let found = FoundFrames(reader, job.masks.detection, surveyed: surveyed, threads: job.threads)
    var encoding = job.encoding
    // Other streams would be read to their ends.
    (encoding.streams.audio, encoding.streams.subtitles, encoding.streams.data) = (false, false, false)
    let writer = try VideoWriter(
      path: "\(folder)/\(PathName.name(of: job.output))", source: reader, settings: encoding, overwrite: true)
    let opened = ContinuousClock.now
    let stream = FirstFrames(
      found, of: reader.format, mask, to: writer, count: Self.frames, until: start + .seconds(Self.seconds))
    // Windows are cut out, and the store answers for all sites: none is solved.
    let store = SolvedSites()
    do {
      var execution = Execution(threads: job.threads, store: store)
      execution.isCancelled = isCancelled
      let summary = try Restorer(settings: job.restoration, execution: execution).restore(stream)
      try writer.finish()
      return (ContinuousClock.now - opened).inSeconds / Double(max(1, summary.frames))
    } catch {
      writer.cancel()
      switch error {
      case RestorationError.nothingKnown, is MaskRanOut:
        // Nothing is known of the first frames; at least the time of decoding is measured.
        return (ContinuousClock.now - opened).inSeconds / Double(max(1, stream.count))
      default: throw error
      }
    }
  }
}

/// Has an empty solution for every site, and none for spots.
private struct SolvedSites: SolutionStore {
  func solution(of unit: any WorkUnit) -> UnitSolution? { unit is SpotUnit ? nil : .unread(of: unit) }
  func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
}

private final class FirstFrames: MaskedStream {
  private let frames: FoundFrames
  let format: FrameFormat
  private let mask: CombinedMask
  private let writer: VideoWriter
  private let limit: Int
  private let end: ContinuousClock.Instant
  private(set) var count = 0
  /// Fewer frames measure nothing.
  private static let fewest = 4

  init(
    _ frames: FoundFrames, of format: FrameFormat, _ mask: CombinedMask, to writer: VideoWriter, count: Int,
    until end: ContinuousClock.Instant
  ) {
    (self.frames, self.format, self.mask, self.writer) = (frames, format, mask, writer)
    (limit, self.end) = (count, end)
  }

  func next() throws -> MaskedFrame? {
    if count >= limit || count >= Self.fewest && ContinuousClock.now > end { return nil }
    guard let found = try frames.next() else { return nil }
    count += 1
    return MaskedFrame(frame: found.frame, mask: try mask.mask(for: found))
  }

  func write(_ frame: Frame) throws { try writer.write(frame) }
}
