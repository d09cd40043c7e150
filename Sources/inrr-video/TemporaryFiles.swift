import Foundation
import Pipelines

/// Unfinished output, which has a hidden name beside the finished one until it is complete.
enum TemporaryFiles {
  /// Removes what this process has begun beside any of the paths.
  static func remove(besideAll paths: [String]) {
    for folder in Set(paths.map { PathName.folder(of: $0) }) {
      remove(beside: folder.isEmpty ? "-" : "\(folder)/-")
    }
  }

  /// Removes what this process has begun beside `path`, as well as can be: for an end at once.
  static func remove(beside path: String) {
    let parent = PathName.folder(of: path)
    let folder = parent.isEmpty ? "." : parent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let mark = ".\(ProcessInfo.processInfo.processIdentifier)-"
    for name in names where name.hasPrefix(".") && name.contains(mark) && name.contains(".partial") {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
