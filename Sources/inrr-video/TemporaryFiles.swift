import Media
import Pipelines

/// Unfinished output, which has a hidden name beside the finished one until it is complete.
enum TemporaryFiles {
  /// Removes what this process has begun beside any of the paths.
  static func remove(besideAll paths: [String]) {
    for path in paths { remove(beside: path) }
  }

  /// Removes what this process has begun beside `path`, as well as can be: for an end at once.
  static func remove(beside path: String) { UnfinishedFile.removeOurs(beside: path) }
}
