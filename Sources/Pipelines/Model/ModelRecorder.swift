import Fitting
import Foundation
import Frames
import Kernels
import Media
import Reconstruction
import Representations

/// Saves every fitted representation: first to a temporary file, as soon as it is fitted, so that memory does not grow with
/// the video.
final class ModelRecorder: FitRecorder {
  private let path: String
  private let spool: String
  private var file: FileHandle?
  private var length = 0
  private var entries: [SafeTensors.Placed] = []
  private var windows: [SavedModel.Window] = []
  private var current: (first: Int, count: Int, box: Box)?
  private var isFitted = false
  /// The first error, thrown by `finish`.
  private var failure: (any Error)?

  /// - Throws: `JobError` of kind `.output`.
  init(path: String) throws {
    self.path = path
    // A hidden name, which is removed like those of other unfinished files when a signal ends the process.
    spool = AtomicFile.temporaryName(for: path)
    let spool = spool
    let descriptor = UnfinishedFile.making { open(spool, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    if descriptor < 0 {
      throw JobError.output("\(path) can't be written: files cannot be created in its folder")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    UnfinishedFile.lock(descriptor)
  }

  deinit { close() }

  private func close() {
    try? file?.close()
    if file != nil { unlink(spool) }
    file = nil
  }

  func siteBegins(first: Int, count: Int, box: Box) {
    current = (first, count, box)
    isFitted = false
  }

  func observe(_ observation: FitObservation) {}

  func fitEnds(_ fit: EndedFit) {
    guard let current, failure == nil else { return }
    let model = ContinuousTucker(fit.model)
    let prefix = SavedModel.prefix(windows.count)
    do {
      for tensor in model.tensors {
        try tensor.values.withUnsafeBytes { try file?.write(contentsOf: Data($0)) }
        let end = length + tensor.values.count * 4
        entries.append(.init(name: prefix + tensor.name, shape: tensor.shape, bytes: length..<end))
        length = end
      }
    } catch {
      failure = error
      return
    }
    let configuration = model.configuration
    let (ranks, frequencies) = (configuration.ranks, configuration.frequencies)
    let penalties = fit.result.penalties
    windows.append(
      SavedModel.Window(
        first: current.first, last: current.first + current.count - 1, box: current.box,
        ranks: [ranks.row, ranks.column, ranks.time],
        frequencies: [frequencies.row, frequencies.column, frequencies.time], netWidth: configuration.width,
        centres: fit.centres,
        penalties: [
          "tv": penalties.tv, "sstv": penalties.sstv, "inrr.row": penalties.inrrRow,
          "inrr.column": penalties.inrrColumn, "inrr.time": penalties.inrrTime,
        ], seed: fit.settings.seed, iterations: fit.result.iterations, stopReason: fit.result.stopReason,
        fitHoldoutPSNR: fit.result.holdoutPSNR.finite, holdoutPSNR: nil))
    isFitted = true
  }

  func siteEnds(_ report: SiteReport) {
    if isFitted { windows[windows.count - 1].holdoutPSNR = report.holdoutPSNR.finite }
    current = nil
  }

  /// Writes the file and removes the temporary one.
  ///
  /// - Throws: `JobError`.
  func finish(_ video: SavedModel.Video) throws {
    defer { close() }
    do {
      if let failure { throw failure }
      var metadata = ["format": SavedModel.format, "windows": "\(windows.count)"]
      metadata["video"] = try ReportJSON.line(video)
      for (index, window) in windows.enumerated() {
        metadata["window\(index)"] = try ReportJSON.line(window)
      }
      let header = try SafeTensors.header(entries, metadata: metadata)
      guard let file else { return }
      try file.seek(toOffset: 0)
      try AtomicFile.write(to: path) { write in
        try write(header)
        while let piece = try file.read(upToCount: 1 << 22), !piece.isEmpty { try write(piece) }
      }
    } catch let error as JobError {
      throw error
    } catch {
      let code = (error as NSError).code
      let isFull = [CocoaError.fileWriteOutOfSpace.rawValue, Int(ENOSPC)].contains(code)
      throw JobError(isFull ? .tryAgain : .output, "\(path) can't be written: \(error.localizedDescription)")
    }
  }
}

/// Forwards to several recorders.
final class SeveralRecorders: FitRecorder {
  private let recorders: [any FitRecorder]

  /// - Returns: nil for none.
  init?(_ recorders: [(any FitRecorder)?]) {
    self.recorders = recorders.compactMap { $0 }
    if self.recorders.isEmpty { return nil }
  }

  func siteBegins(first: Int, count: Int, box: Box) {
    for recorder in recorders { recorder.siteBegins(first: first, count: count, box: box) }
  }

  func observe(_ observation: FitObservation) { for recorder in recorders { recorder.observe(observation) } }

  func fitEnds(_ fit: EndedFit) { for recorder in recorders { recorder.fitEnds(fit) } }

  func siteEnds(_ report: SiteReport) { for recorder in recorders { recorder.siteEnds(report) } }
}
