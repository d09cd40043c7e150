import Reconstruction

/// What the numbers of a reconstruction may be: beyond anything useful, and far from where sums overflow or threads
/// take all memory.
public enum SolverLimits {
  public static let window = 2...1_000_000
  public static let tile = RestorationSettings.smallestTile...1_000_000
  public static let threads = 1...1024
  public static let iterations = 1...1_000_000_000
  public static let grain = 0.0...1.0
}
