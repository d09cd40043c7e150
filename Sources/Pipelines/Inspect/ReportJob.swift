import Foundation
import Inspection
import Reconstruction

/// Makes the HTML report of a restoration: one page for a browser.
public struct ReportJob: Sendable {
  public var files: InspectedFiles
  public var record: RestorationRecord
  /// The folder of `index.html`; made if it does not exist.
  public var folder: String
  /// Frames that are all shown, both ends included; nil for a choice of all frames.
  public var frames: ClosedRange<Int>?
  public var overwrite: Bool
  /// Whether the restoration took interlaced frames apart.
  var solvesFields = true

  static let largestPage = 20_000_000
  /// The number of frames with pictures where no range is given.
  private static let usualCount = 120

  public init(
    files: InspectedFiles, record: RestorationRecord = RestorationRecord(), folder: String,
    frames: ClosedRange<Int>? = nil, overwrite: Bool = false
  ) {
    (self.files, self.record, self.folder) = (files, record, folder)
    (self.frames, self.overwrite) = (frames, overwrite)
  }

  public var page: String { "\(folder)/index.html" }

  /// Makes the folder, and checks before the work whether the page can be written.
  ///
  /// - Throws: `JobError`.
  public func checkPaths() throws {
    if !overwrite && FileManager.default.fileExists(atPath: page) {
      throw JobError.output("\(page) exists already: give --force to replace it, or another folder")
    }
    try AtomicFile.makeFolder(folder, advice: "is there a file of that name, or no permission?")
    try AtomicFile.checkFolder(of: page)
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws {
    try JobError.during(.reading) {
      for path in files.paths { try OutputPath.checkReadTwice(path, by: "a page") }
      try checkPaths()
      if files.surveyed == nil {
        var job = self
        job.files.surveyed = try files.surveyedDamage()
        return try job.run(isCancelled: isCancelled)
      }
      var data = try figures(isCancelled)
      let rest = try ReportPage.html(data).count
      let chosen = choose(data)
      let kept = try pictures(of: chosen, data.video, bytes: Self.largestPage - rest - 100_000, isCancelled)
      data.pictures = kept.pictures
      note(&data, chosen: chosen, leftOut: kept.leftOut)
      try AtomicFile.write(ReportPage.html(data), to: page)
    }
  }

  /// Goes through all frames and collects the figures of each.
  private func figures(_ isCancelled: () -> Bool) throws -> ReportData {
    let reader = try InspectionReader(files)
    let size = reader.size
    var data = ReportData(
      video: .init(
        input: PathName.name(of: files.input), result: PathName.name(of: files.result),
        reference: files.reference.map { PathName.name(of: $0) }, width: size.width, height: size.height,
        aspect: size.aspect, framesPerSecond: reader.frameRate.value))
    var roughness = TemporalRoughness(format: reader.results.format)
    let pixels = Double(max(size.width * size.height, 1))
    var holes = frameHoles(of: reader)
    if holes != nil { data.holes = ReportData.Holes() }
    while let step = try reader.next() {
      if isCancelled() { throw RestorationError.cancelled }
      data.frames.missing.append(rounded(Double(step.mask.missingCount) / pixels, 6) ?? 0)
      roughness.add(step.restored, mask: step.mask)
      for sorted in holes?.add(step) ?? [] { data.holes?.add(sorted) }
      guard let quality = reader.quality(of: step) else { continue }
      data.frames.psnr.append(rounded(min(quality.psnr, 100), 2))
      data.frames.psnrMissing.append(rounded(quality.missing.psnr, 2))
      data.frames.ssimMissing.append(rounded(quality.missingSSIM, 4))
    }
    for sorted in holes?.finish() ?? [] { data.holes?.add(sorted) }
    let count = data.frames.missing.count
    if count == 0 {
      throw JobError.input("\(files.input) or \(files.result) holds no frame that can be decoded")
    }
    if let frames, frames.upperBound >= count {
      throw JobError.configuration(
        "there is no frame \(frames.upperBound): \(files.input) and \(files.result) have \(count), from 0 on")
    }
    let values = roughness.finish()
    data.frames.roughness = values.map { rounded($0.hole, 3) }
    data.frames.roughnessAround = values.map { rounded($0.around, 3) }
    data.video.frames = count
    data.video.missing = data.frames.missing.reduce(0, +) / Double(count)
    data.overlays = record.overlays
    if !record.isOwn, let file = files.masks.overlay.file, let overlay = reader.overlay {
      data.overlays.append(
        try ReportData.Overlay(
          text: PathName.name(of: file), opacity: overlay.opacity, colour: overlay.colour, aspect: size.aspect
        ))
    }
    add(record.windows, record.learned, to: &data)
    return data
  }

  /// Adds how the result was made, and ranks the frames.
  func add(_ windows: [ReportData.Window], _ learned: [LearnedStructure], to data: inout ReportData) {
    (data.restoration, data.windows, data.learned) = (record.restoration, windows, learned)
    data.spreadExpected()
    data.frames.expectedLow = data.frames.expectedLow.map { rounded($0, 1) }
    data.frames.expectedHigh = data.frames.expectedHigh.map { rounded($0, 1) }
    data.rankFrames()
  }

  func rounded(_ value: Double?, _ digits: Int) -> Double? {
    guard let value, value.isFinite else { return nil }
    let power = pow(10, Double(digits))
    return (value * power).rounded() / power
  }

  /// The frames with pictures: all of a range, or evenly spread ones and the worst.
  func choose(_ data: ReportData) -> [Int] {
    if let frames { return Array(frames) }
    let count = data.video.frames
    if count <= Self.usualCount { return Array(0..<count) }
    let spread = (0..<Self.usualCount).map { $0 * (count - 1) / (Self.usualCount - 1) }
    return Set(spread + data.worst).sorted()
  }

  private func pictures(
    of chosen: [Int], _ video: ReportData.Video, bytes: Int, _ isCancelled: () -> Bool
  ) throws -> PictureBudget {
    let wanted = Set(chosen)
    let reader = try InspectionReader(files)
    var budget = PictureBudget(
      bytes: max(bytes, 0), count: chosen.count, views: files.reference == nil ? 2 : 3, width: video.width,
      height: video.height, aspect: video.aspect)
    var holes = frameHoles(of: reader)
    // Frames whose holes later masks have to tell of, at most those of a window.
    var waiting: [Int: ReportData.Pictures] = [:]
    var next = 0
    func add(_ sorted: [SortedHoles]) throws {
      for holes in sorted {
        if let pictures = waiting.removeValue(forKey: next) {
          try budget.add(pictures, holes: holes.shown.map { ($0, reader.displayed($1)) })
        }
        next += 1
      }
    }
    while let last = chosen.last, next <= last, let step = try reader.next() {
      if isCancelled() { throw RestorationError.cancelled }
      if wanted.contains(step.index) {
        let pictures = try reader.pictures(of: step)
        if holes == nil {
          try budget.add(pictures)
        } else {
          waiting[step.index] = try budget.encoded(pictures)
        }
      }
      if holes == nil { next += 1 } else { try add(holes?.add(step) ?? []) }
    }
    try add(holes?.finish() ?? [])
    return budget
  }

  /// Nil where it is not known how the result was made.
  private func frameHoles(of reader: InspectionReader) -> FrameHoles? {
    if record.restoration == nil { return nil }
    return FrameHoles(windows: record.windows, format: reader.inputs.format, solvesFields: solvesFields)
  }

  private func note(_ data: inout ReportData, chosen: [Int], leftOut: Int) {
    if data.pictures.count < data.video.frames {
      data.notes.append(
        "Pictures of \(data.pictures.count) of \(data.video.frames) frames are on this page; --frames A-B shows a range "
          + "in full.")
    }
    if leftOut > 0 {
      data.notes.append("\(leftOut) frames found no room in a page of 20 MB: ask for a shorter range.")
    }
    if data.restoration == nil { data.notes.append(Self.unknownRestoration) }
    if let note = data.otherSpots { data.notes.append(note) }
    if data.learned.isEmpty {
      data.notes.append(
        record.isOwn
          ? "No structure was recorded: no window was fitted with the Tucker representation."
          : "What the fit learned is known only to a restoration's own report (--report).")
    } else if let fitted = record.fitted, fitted > data.learned.count {
      data.notes.append(
        "What was learned is shown for the first tile of \(data.learned.count) windows of \(fitted) fits.")
    }
    if data.video.reference == nil { data.notes.append(Self.noReference) }
  }

  static let unknownRestoration =
    "How the result was made is not known: windows, hold-out figures, weights and kinds of holes are missing here. Give the file "
    + "that --metrics wrote."
  static let noReference = "Without a reference the true error is not known; --reference compares with one."
}
