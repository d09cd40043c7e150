import Frames
import Inspection
import Reconstruction
import Volumes

/// Makes the HTML report of a restored volume: the page of videos with slices as frames, three orthogonal slices, and the
/// numbers of voxels.
public struct VolumeReportJob: Sendable {
  /// As for a video; `frames` are slices.
  public var report: ReportJob
  /// Which volume of a series, from 0.
  public var number: Int
  /// The voxel that the three slices go through; nil for the middle of what is missing.
  public var voxel: [Int]?

  /// The share of a page's bytes for the numbers of voxels.
  private static let voxelShare = 0.6

  public init(report: ReportJob, number: Int = 0, voxel: [Int]? = nil) {
    (self.report, self.number, self.voxel) = (report, number, voxel)
  }

  /// - Throws: `JobError`.
  public func run(warn: (String) -> Void = { _ in }, isCancelled: () -> Bool = { false }) throws {
    try JobError.during(.reading) {
      try report.checkPaths()
      let volumes = try VolumeInspection(report.files, number: number)
      for warning in volumes.warnings { warn(warning) }
      let panel = VolumePanelJob(files: report.files, voxel: voxel, number: number, output: report.page)
      let middle = try panel.checked(volumes)
      var data = try figures(volumes, isCancelled)
      let codes = VoxelPicture(volumes)
      data.volume = try about(volumes, codes, middle: middle)
      let chosen = report.choose(data)
      let room = ReportJob.largestPage - (try ReportPage.html(data).count) - 100_000
      try addPictures(&data, volumes, codes, chosen: chosen, room: max(room, 0), isCancelled)
      note(&data, chosen: chosen)
      try AtomicFile.write(ReportPage.html(data), to: report.page)
    }
  }

  /// Collects the figures of each slice.
  private func figures(_ volumes: VolumeInspection, _ isCancelled: () -> Bool) throws -> ReportData {
    let (files, axis) = (report.files, volumes.order.frame)
    let shown = volumes.slice(across: axis, through: [0, 0, 0])
    var data = ReportData(
      video: .init(
        input: PathName.name(of: files.input), result: PathName.name(of: files.result),
        reference: files.reference.map { PathName.name(of: $0) }, frames: shown.count, width: shown.width,
        height: shown.height, aspect: shown.aspect, framesPerSecond: 0))
    if let frames = report.frames, frames.upperBound >= shown.count {
      throw JobError.configuration(
        "there is no slice \(frames.upperBound): \(files.result) has \(shown.count) along \(axis.name), from 0 on"
      )
    }
    var quality = VolumeQuality()
    for index in 0..<shown.count {
      if isCancelled() { throw RestorationError.cancelled }
      let slice = volumes.slice(across: axis, through: [index, index, index])
      data.frames.missing.append(report.rounded(slice.missingShare, 6) ?? 0)
      guard let reference = slice.reference else { continue }
      quality.add(reference: reference, result: slice.restored, missing: slice.missing, knownIdentical: true)
    }
    for slice in quality.slices {
      func psnr(_ errors: ErrorSum) -> Double? {
        report.rounded(errors.exactPSNR(peak: quality.peak).map { min($0, 100) }, 2)
      }
      data.frames.psnr.append(psnr(slice.all))
      data.frames.psnrMissing.append(psnr(slice.missing))
    }
    data.video.missing = data.frames.missing.reduce(0, +) / Double(max(shown.count, 1))
    // Slices of a series are counted through all of its volumes.
    func ofThisVolume<Interval>(
      _ intervals: [Interval], _ first: WritableKeyPath<Interval, Int>, _ last: WritableKeyPath<Interval, Int>
    ) -> [Interval] {
      intervals.compactMap { interval in
        var interval = interval
        interval[keyPath: first] -= number * shown.count
        interval[keyPath: last] -= number * shown.count
        return interval[keyPath: first] >= 0 && interval[keyPath: last] < shown.count ? interval : nil
      }
    }
    report.add(
      ofThisVolume(report.record.windows, \.first, \.last),
      ofThisVolume(report.record.learned, \.first, \.last), to: &data)
    return data
  }

  private func about(_ volumes: VolumeInspection, _ codes: VoxelPicture, middle: [Int]) throws
    -> ReportData.Volume
  {
    let (shape, spacing) = (volumes.restored.shape, volumes.restored.spacing.usable)
    let axes = volumes.slice(across: volumes.order.frame, through: middle).axes
    let panel = VolumePanelJob.panel(of: volumes, at: middle, zoom: nil, report.files)
    return ReportData.Volume(
      shape: [shape.x, shape.y, shape.z], spacing: [spacing.x, spacing.y, spacing.z], axis: axes.across,
      columnAxis: axes.column, rowAxis: axes.row, rowsRise: axes.rowsRise, number: number,
      volumes: shape.volumes, window: [volumes.window.low, volumes.window.high], lowest: codes.lowest,
      step: codes.step, voxel: middle, panel: try dataURL(panel.picture(), as: .png))
  }

  /// Adds pictures of slices, and the numbers of as many evenly spread slices as there is room for.
  private func addPictures(
    _ data: inout ReportData, _ volumes: VolumeInspection, _ codes: VoxelPicture, chosen: [Int], room: Int,
    _ isCancelled: () -> Bool
  ) throws {
    var voxels: [Int: ReportData.Voxels] = [:]
    var budget = PictureBudget(
      bytes: Int(Double(room) * (1 - Self.voxelShare)), count: chosen.count,
      views: report.files.reference == nil ? 2 : 3, width: data.video.width, height: data.video.height,
      aspect: data.video.aspect)
    var size = 0
    for index in chosen {
      if isCancelled() { throw RestorationError.cancelled }
      let slice = volumes.slice(across: volumes.order.frame, through: [index, index, index])
      try budget.add(slice.frame(volumes.window))
      let values = try codes.values(of: slice)
      size += values.size
      voxels[index] = values
    }
    let each = max(1, Int((Double(size) / max(Double(room) * Self.voxelShare, 1)).rounded(.up)))
    data.pictures = budget.pictures.enumerated().map { k, pictures in
      var pictures = pictures
      if k % each == 0 { pictures.voxels = voxels[pictures.frame] }
      return pictures
    }
  }

  private func note(_ data: inout ReportData, chosen: [Int]) {
    let shown = data.pictures.count
    if shown < data.video.frames {
      data.notes.append(
        "Pictures of \(shown) of \(data.video.frames) slices are on this page; --frames A-B shows a range in full."
      )
    }
    let withVoxels = data.pictures.count { $0.voxels != nil }
    if withVoxels < shown {
      data.notes.append(
        "Numbers of voxels are on this page for \(withVoxels) of \(shown) slices: the others found no room.")
    }
    if data.restoration == nil { data.notes.append(ReportJob.unknownRestoration) }
    if data.video.reference == nil { data.notes.append(ReportJob.noReference) }
  }
}

extension VoxelPicture {
  /// Codes for the numbers of all volumes that are compared.
  fileprivate init(_ volumes: VolumeInspection) {
    var (low, high) = (Double.infinity, -Double.infinity)
    let all = [volumes.damaged, volumes.restored] + [volumes.reference].compactMap { $0 }
    var values: [Double] = []
    for volume in all {
      for z in 0..<volume.shape.z {
        volume.read(.init(.z, z, ofVolume: volumes.number), into: &values)
        for value in values where value.isFinite {
          low = min(low, value * volume.slope + volume.intercept)
          high = max(high, value * volume.slope + volume.intercept)
        }
      }
    }
    let isWhole = all.allSatisfy {
      !$0.type.isFloat && $0.slope == volumes.damaged.slope && $0.intercept == volumes.damaged.intercept
    }
    self.init(
      lowest: low.isFinite ? low : 0, highest: high.isFinite ? high : 0,
      unit: isWhole ? abs(volumes.damaged.slope) : nil)
  }
}
