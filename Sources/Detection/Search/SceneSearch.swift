import Frames

/// Looks for damage in the scenes that begin within a part of a video, of kinds that are looked for scene by scene.
///
/// Parts that follow each other have each scene once, wherever it ends: a search begins at the first cut in its part and goes on
/// to the first one behind it. What is found is what a search of the whole video finds.
public struct SceneSearch: Sendable {
  /// Where the frame lies that a scene begins with.
  public enum Place: Sendable {
    case before, within, behind
  }

  private var feed = SceneFeed()
  private var search: DamageSearch
  /// Frames that the feed handed on.
  private var given = 0
  private let isBeginning: Bool
  private var isBegun = false
  /// Whether a scene behind the part has begun, so that no further frame is needed.
  public private(set) var isOver = false

  /// Frames that are read before one can be told to be a scene's first: cuts are seen by frames around them.
  public static let lead = 2 * SceneStarts.reach + 2

  /// - Parameters:
  ///   - kinds: those that are not found by scenes alone are passed over.
  ///   - isBeginning: whether the first frame that is given is the video's.
  public init(kinds: [DamageKind], settings: DetectionSettings, isBeginning: Bool, threads: Int) {
    search = DamageSearch(kinds: kinds.filter(\.isFoundBySceneAlone), settings: settings, threads: threads)
    self.isBeginning = isBeginning
  }

  /// - Parameter place: where a frame lies that a scene begins with.
  /// - Returns: the frames that are decided now, in order.
  /// - Throws: `OpticalFlowError`.
  public mutating func add(_ frame: Frame, place: (Frame) -> Place) throws -> [FoundFrame] {
    try take(feed.add(frame), place)
  }

  /// - Returns: the frames that are not decided yet, once the video has no more.
  /// - Throws: `OpticalFlowError`.
  public mutating func finish(place: (Frame) -> Place) throws -> [FoundFrame] {
    let found = try take(feed.finish(), place)
    if isOver || !isBegun { return found }
    isOver = true
    return found + (try search.finish())
  }

  private mutating func take(_ inputs: [DetectionInput], _ place: (Frame) -> Place) throws -> [FoundFrame] {
    var found: [FoundFrame] = []
    for input in inputs {
      let number = given
      given += 1
      if isOver { continue }
      if input.startsScene && (number >= Self.lead || isBeginning) {
        switch place(input.frame) {
        case .before: break
        case .within: isBegun = true
        case .behind:
          isOver = true
          if isBegun { found += try search.finish() }
          continue
        }
      }
      if isBegun { found += try search.add(input) }
    }
    return found
  }
}
