import Foundation

/// Finds tasks that would get into each other's way.
enum OutputConflicts {
  /// Notes outputs that two inputs share, that are inputs or masks themselves, and reports over videos.
  static func check(_ tasks: [JobExpansion.Placed]) {
    var read: [String: String] = [:]
    for placed in tasks {
      let job = placed.task.restore
      read[Folders.absolute(job.input)] = "an input of '\(placed.task.job)'"
      if let mask = job.masks.file { read[Folders.absolute(mask)] = "a mask of '\(placed.task.job)'" }
    }
    var written: [String: Writers] = [:]
    var shared: [String] = []
    for placed in tasks {
      let job = placed.task.restore
      for path in [job.output] + (job.metrics.map { [$0] } ?? []) {
        let key = Folders.absolute(path)
        if let other = read[key] {
          placed.place.fail("'\(placed.task.job)' would write \(path), which is \(other)")
        }
        var writers = written[key] ?? Writers(path: path, place: placed.place)
        writers.inputs.append(job.input)
        if writers.inputs.count == 2 { shared.append(key) }
        // The later of two places is the one to change.
        writers.place = placed.place
        written[key] = writers
      }
    }
    for writers in shared.compactMap({ written[$0] }) {
      writers.place.fail(
        "\(writers.path) would be written for \(writers.names): use {stem}, {relpath} or a variable in output"
      )
    }
  }

  /// Those that would write one file.
  private struct Writers {
    var path: String
    var place: YAMLValue
    var inputs: [String] = []

    /// Hundreds of names would say no more than a few.
    private static let most = 3

    var names: String {
      let named = inputs.prefix(inputs.count > Self.most ? Self.most - 1 : Self.most)
      let rest = inputs.count - named.count
      guard rest > 0 else {
        return named.dropLast().map { $0 + " and for " }.joined() + (named.last ?? "")
      }
      return "\(named.joined(separator: ", ")) and \(rest) more inputs"
    }
  }
}
