/// Finds tasks that would overwrite each other's files, inputs or masks.
enum OutputConflicts {
  /// Notes outputs and reports that are inputs or masks, or that two tasks would write.
  static func check(_ tasks: [JobExpansion.Placed]) {
    var read: [String: String] = [:]
    for placed in tasks {
      let job = placed.task.restore
      read[PathName.absolute(job.input)] = "an input of '\(placed.task.job)'"
      for mask in job.masks.files { read[PathName.absolute(mask)] = "a mask of '\(placed.task.job)'" }
    }
    var written: [String: Writers] = [:]
    var shared: [String] = []
    for placed in tasks {
      let job = placed.task.restore
      for path in [job.output] + (job.metrics.map { [$0] } ?? []) {
        let key = PathName.absolute(path)
        if let other = read[key] {
          placed.place.fail("'\(placed.task.job)' would write \(path), which is \(other)")
        }
        var writers = written[key] ?? Writers(path: path, place: placed.place)
        writers.inputs.append(job.input)
        if writers.inputs.count == 2 { shared.append(key) }
        // The message stands at the later of two places.
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

  /// The inputs for which one file would be written.
  private struct Writers {
    var path: String
    var place: YAMLValue
    var inputs: [String] = []

    /// Names that a message has.
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
