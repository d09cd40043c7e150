import Frames

/// Keeps solved units, so that what an earlier run solved is not solved again.
///
/// A store gives back a solution only for a unit with the same frames, box, samples, mask and settings, and exactly as it
/// was saved.
public protocol SolutionStore: Sendable {
  /// The solution of an earlier run; nil where there is none, or none that can be trusted.
  func solution(of unit: any WorkUnit) -> UnitSolution?

  /// Keeps a solution. When this returns it outlives the process.
  ///
  /// - Throws: what ends the restoration, such as a full disk.
  func save(_ solution: UnitSolution, of unit: any WorkUnit) throws

  /// How many frames from outside its window a site took along, where the store knows it; nil elsewhere.
  func carriedFrames(first: Int, frames: Int, box: Box) -> Int?
}

extension SolutionStore {
  public func carriedFrames(first: Int, frames: Int, box: Box) -> Int? { nil }
}
