import Detection
import Foundation
import Inspection
import Media

/// Where to look at what a search found: a page for a browser, and a picture.
public struct DetectViews: Sendable {
  /// The folder of the page `index.html`; nil for none.
  public var folder: String?
  /// The name of a picture of the least certain finds, which ends in .png or .jpg; nil for none.
  public var panel: String?

  public init(folder: String? = nil, panel: String? = nil) { (self.folder, self.panel) = (folder, panel) }

  public var page: String? { folder.map { "\($0)/index.html" } }

  /// The files that are made.
  public var files: [String] { [page, panel].compactMap { $0 } }

  var isEmpty: Bool { files.isEmpty }

  /// Refuses names that stand for nothing that can be written, and files that are there; makes the page's folder.
  ///
  /// - Parameters:
  ///   - others: files that must not be replaced.
  /// - Throws: `JobError`.
  func check(others: [String], overwrite: Bool) throws {
    if let panel {
      if PictureEncoder.Format(of: panel, quality: 92) == nil {
        throw JobError.configuration(
          "--panel \(panel) says not what picture it should be: end it in .png or .jpg")
      }
      for other in others where OutputPath.isSame(panel, other) {
        throw JobError.configuration("the panel \(panel) would replace \(other): name another with --panel")
      }
    }
    for file in files where !overwrite && FileManager.default.fileExists(atPath: file) {
      throw JobError.output("\(file) exists already: give --force to replace it, or another name")
    }
    if let panel { try AtomicFile.checkFolder(of: panel) }
    if let folder, let page {
      try AtomicFile.makeFolder(folder, advice: "is there a file of that name, or no permission?")
      try AtomicFile.checkFolder(of: page)
    }
  }

  /// Writes what was asked for; where that fails, nothing of it is there.
  ///
  /// - Parameters:
  ///   - video: with all of its figures.
  ///   - damage: what is wrong with the input; nil for a sound one.
  /// - Throws: `JobError` or `MediaError`.
  func write(_ look: FindLook, _ video: ReportData.Video, _ figures: DetectionFigures, damage: String?) throws
  {
    do {
      let total = figures.found.values.reduce(0) { $0 + $1.finds }
      if let panel, let format = PictureEncoder.Format(of: panel, quality: 92) {
        let picture = FindPanel(finds: look.finds, title: video.input, total: total).picture()
        try AtomicFile.write(PictureEncoder.data(of: picture, as: format), to: panel)
      }
      if let page { try AtomicFile.write(ReportPage.html(try data(look, video, figures, damage)), to: page) }
    } catch {
      remove()
      throw error
    }
  }

  func remove() { for file in files { unlink(file) } }

  private func data(
    _ look: FindLook, _ video: ReportData.Video, _ figures: DetectionFigures, _ damage: String?
  ) throws -> ReportData {
    var data = ReportData(video: video)
    data.video.frames = look.frames
    data.video.missing = figures.share
    let kinds = figures.kinds.compactMap(DamageKind.init(rawValue:))
    var detection = ReportData.Detection(
      sensitivity: (Double(figures.sensitivity) * 1000).rounded() / 1000,
      kinds: kinds.map { kind in
        let found = figures.found[kind.rawValue] ?? .init()
        return .init(kind, finds: found.finds, frames: found.frames, share: found.share)
      }, frames: figures.frames, share: figures.share, shares: look.shares)
    let finds = look.finds
    for find in finds { try detection.add(find) }
    data.detection = detection
    let (pictures, leftOut) = look.framePictures()
    data.pictures = pictures
    let total = figures.found.values.reduce(0) { $0 + $1.finds }
    if finds.count < total {
      data.notes.append(
        "This page shows \(finds.count) of \(total) finds, the least certain ones of each kind; the list beside the mask has all."
      )
    }
    if pictures.count < look.frames {
      data.notes.append(
        "Pictures of \(pictures.count) of \(look.frames) frames are on this page: those of the finds that are shown, and a "
          + "regular sample.")
    }
    if leftOut > 0 { data.notes.append("\(leftOut) frames found no room in a page of 20 MB.") }
    if let damage { data.notes.append("The input is damaged: \(damage).") }
    data.notes.append(
      "Outlines are what was found, before --mask-dilate. The confidence of a find that goes on is the mean of its frames; the "
        + "frame that is shown is the one in which it is least certain.")
    return data
  }
}
