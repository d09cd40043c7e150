import Inspection
import Masks
import Overlays

extension RestoreJob {
  /// Looks at the overlays, where they may be seen through.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  mutating func lookAtOverlays(_ events: JobEvents) throws {
    if masks.overlay == .opaque { return }
    if let plannedOverlays {
      overlays = plannedOverlays
      return
    }
    events.note("all of \(input) is read first to see what its overlay is made of")
    let look = OverlayLook(
      input: input, stream: stream, masks: masks, solvesFields: solvesFields, threads: threads,
      surveyed: try surveyedDamage(events.isEnding), known: knownScenes)
    overlays = try look.findings(isCancelled: events.isEnding)
    guard let savedOverlay else { return }
    let found = overlays.compactMap(\.overlay)
    if found.isEmpty {
      events.warn("no overlay is seen through, so that \(savedOverlay) is not written")
    } else {
      try OverlayFile(path: savedOverlay).write(found, of: videoReader(), overwrite: overwrite || resumes)
    }
  }

  /// What a page shows of the overlays.
  ///
  /// - Throws: `MediaError`.
  func overlayPictures() throws -> [ReportData.Overlay] {
    if overlays.isEmpty { return [] }
    let reader = try videoReader()
    let aspect = try DisplayConverter(reader: reader).sampleAspect
    return try overlays.map { finding in
      let text = OverlayFigures(finding).text
      guard let overlay = finding.overlay else { return ReportData.Overlay(text: text) }
      let (opacity, colour) = OverlayFile.pictures(of: [overlay], for: reader)
      return try ReportData.Overlay(text: text, opacity: opacity, colour: colour, aspect: aspect)
    }
  }
}
