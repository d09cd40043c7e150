import Fitting
import Frames

/// Told what the fits of a restoration learn, where somebody wants to know; nothing that it does changes a result.
///
/// For each site that is solved: `windowBegins`, what its fit tells, `windowEnds`; all from the thread that restores.
public protocol FitRecorder: FitObserver {
  /// - Parameters:
  ///   - first: number of the window's first frame in the input.
  ///   - count: of its frames.
  func windowBegins(first: Int, count: Int, box: Box)
  func windowEnds(_ report: SiteReport)
}
