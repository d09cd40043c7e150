import Detection
import Frames
import Synchronization

/// What a plan found to be missing in an input, for the merge: finding it again could take longer than everything else.
final class MaskReplay: Sendable {
  /// What is told of it, besides the masks.
  struct Found: Sendable, Codable {
    var detection: DetectionFigures?
    var tracking: [TrackFigures]?
    /// Warnings about what was found, and those that were known only at the end.
    var warnings: [String]
    var lateWarnings: [String]

    enum CodingKeys: String, CodingKey {
      case detection, tracking, warnings
      case lateWarnings = "late_warnings"
    }
  }

  let found: Found
  private let block: PlanData.Block?
  private let data: PlanData.Reader
  private let masks = Mutex<PlannedMasks?>(nil)

  init(_ found: Found, masks block: PlanData.Block?, in data: PlanData.Reader) {
    (self.found, self.block, self.data) = (found, block, data)
  }

  /// - Throws: `JobError`.
  func mask(of frame: Int, format: FrameFormat) throws -> FrameMask {
    try masks.withLock { masks in
      var opened = try masks ?? PlannedMasks(block, in: data, width: format.width, height: format.height)
      masks = nil
      defer { masks = opened }
      return try opened.mask(of: frame)
    }
  }
}
