import Foundation

/// Unfinished files of processes that were killed before they could remove them.
enum StaleFiles {
  /// Removes what was begun for an output by processes that are no more, as well as can be.
  static func remove(beside output: String) {
    let folder = PathName.folder(of: output).isEmpty ? "." : PathName.folder(of: output)
    let stem = PathName.stem(of: output).prefix(50)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(".\(stem)") || name.hasPrefix(".inrr-video.") {
      guard let match = name.firstMatch(of: /\.([0-9]+)-[0-9]+\.partial/), let process = Int32(match.1),
        process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
