import Frames

/// A window that is to be solved: everything that its solution follows from.
public struct SolutionRequest: Sendable {
  /// The first frame's number in the input.
  public var firstFrame: Int
  public var box: Box
  /// Samples and which of them are known.
  public var window: MaskedSamples
  /// Of the frames' own resolution, (frames, height, width): 1 where missing.
  public var missing: [UInt8]
  public var settings: RestorationSettings

  public init(
    firstFrame: Int, box: Box, window: MaskedSamples, missing: [UInt8], settings: RestorationSettings
  ) {
    self.firstFrame = firstFrame
    self.box = box
    self.window = window
    self.missing = missing
    self.settings = settings
  }
}

/// Keeps solved windows, so that what an earlier run solved is not solved again.
///
/// A store gives back a solution only for a request with the same frames, box, samples, mask and settings (but for
/// `threads`, which no result depends on), and exactly as it was saved where samples are missing.
public protocol SolutionStore: Sendable {
  /// The solution of an earlier run; nil where there is none, or none that can be trusted.
  func solution(for request: SolutionRequest) -> SiteSolution?

  /// Keeps a solution. When this returns it outlives the process.
  ///
  /// - Throws: what ends the restoration, such as a full disk.
  func save(_ solution: SiteSolution, for request: SolutionRequest) throws
}
