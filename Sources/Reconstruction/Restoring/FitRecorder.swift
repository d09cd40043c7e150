import Fitting
import Frames

/// Told what the fits of a restoration learn, where somebody wants to know; nothing that it does changes a result.
///
/// For each site that is solved: `siteBegins`, what its fit tells, `siteEnds`; all from the thread that restores.
public protocol FitRecorder: FitObserver {
  /// - Parameters:
  ///   - first: number of the window's first frame in the input.
  ///   - count: number of the window's frames.
  func siteBegins(first: Int, count: Int, box: Box)
  func siteEnds(_ report: SiteReport)
}
