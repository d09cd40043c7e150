import Foundation

/// Finds tasks that would get into each other's way.
enum OutputCheck {
  /// Notes outputs that two inputs share, that are inputs or masks themselves, and reports over videos.
  static func check(_ tasks: [JobExpansion.Placed]) {
    var read: [String: String] = [:]
    for placed in tasks {
      let job = placed.task.restore
      read[Folders.absolute(job.input)] = "an input of '\(placed.task.job)'"
      if let mask = job.masks.file { read[Folders.absolute(mask)] = "a mask of '\(placed.task.job)'" }
    }
    var written: [String: String] = [:]
    for placed in tasks {
      let job = placed.task.restore
      for path in [job.output] + (job.metrics.map { [$0] } ?? []) {
        let key = Folders.absolute(path)
        if let other = read[key] {
          placed.place.fail("'\(placed.task.job)' would write \(path), which is \(other)")
        }
        if let other = written[key] {
          placed.place.fail(
            "\(path) would be written for \(other) and for \(job.input): use {stem}, {relpath} or a variable in output"
          )
        }
        written[key] = job.input
      }
    }
  }
}
