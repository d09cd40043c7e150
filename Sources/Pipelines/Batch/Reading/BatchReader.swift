import Foundation

/// Reads the groups of a file of jobs, and expands jobs into tasks.
struct BatchReader {
  let folder: String
  let overrides: [SettingOverride]
  /// Worker threads; nil for the file's number.
  var threads: Int?
  /// The inputs to take; nil to look for them.
  var inputs: [String]?
  let diagnostics: YAMLDiagnostics

  func read(_ root: YAMLValue) -> (run: BatchRunSettings, tasks: [BatchTask]) {
    let found = Dictionary(
      root.open(BatchSchema.file).map { ($0.key.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    func check(_ name: String, _ value: YAMLValue) {
      BatchSchema.file.first { $0.name == name }?.shape.check(value)
    }
    if let version = found["version"] { check("version", version) }
    var variables = Variables()
    if let vars = found["vars"] {
      check("vars", vars)
      variables.add(vars)
    }
    for override in overrides {
      if let vars = override.group("vars") { variables.add(vars) }
    }
    var run = BatchRunSettings()
    if let value = found["run"].map(variables.replaced) {
      check("run", value)
      read(value, into: &run)
    }
    for override in overrides {
      if let value = override.group("run") { read(value, into: &run, folder: "") }
    }
    run.threads = threads ?? run.threads
    if run.work == BatchRunSettings().work { run.work = PathName.path(run.work, in: folder) }
    let jobs = (found["jobs"]?.list() ?? []).enumerated().flatMap { number, value in
      diagnostics.isFull
        ? []
        : self.jobs(value, number: number, variables: variables, defaults: found["defaults"])
    }
    if found["jobs"] == nil, let defaults = found["defaults"] {
      check("defaults", variables.replaced(defaults))
    }
    if diagnostics.entries.isEmpty && jobs.isEmpty {
      found["jobs"]?.fail("jobs is empty: there is nothing to do")
    }
    let search = InputSearch(journal: Journal(folder: run.work), known: inputs)
    var tasks: [JobExpansion.Placed] = []
    for job in jobs {
      let expansion = JobExpansion(job: job, folder: folder, overrides: overrides, run: run, search: search)
      tasks += expansion.tasks(most: YAMLLimits.tasks - tasks.count)
      if diagnostics.isFull { break }
    }
    OutputConflicts.check(tasks)
    return (run, tasks.map(\.task))
  }

  /// A job of the file, once for each combination of its matrix, with its variables replaced.
  private func jobs(
    _ value: YAMLValue, number: Int, variables: Variables, defaults: YAMLValue?
  ) -> [JobExpansion.Job] {
    let matrix = value.entries().first { $0.name == "matrix" }?.value
    return combinations(matrix, variables).compactMap { variables in
      if variables.areSpent || diagnostics.isFull { return nil }
      let before = diagnostics.entries.count
      let shared = defaults.map(variables.replaced)
      let job = variables.replaced(value)
      if variables.areSpent { return nil }
      if let shared { SettingShape.mapping(BatchSchema.settings).check(shared) }
      SettingShape.mapping(BatchSchema.job).check(job)
      guard case .mapping = job.node else { return nil }
      let name = job.entries().first { $0.name == "name" }?.value.text() ?? "job \(number + 1)"
      return JobExpansion.Job(
        name: name, value: job, defaults: shared, isSound: diagnostics.entries.count == before)
    }
  }

  private func combinations(_ matrix: YAMLValue?, _ variables: Variables) -> [Variables] {
    guard let matrix, case .mapping = matrix.node else { return [variables] }
    var result = [variables]
    var count = 1
    for (name, values) in matrix.entries() {
      guard Variables.isName(name) else {
        values.fail("'\(name)' is no name of a variable: use letters, digits and _")
        continue
      }
      let items = values.list() ?? []
      if values.isList && items.isEmpty { values.fail("\(name) lists no value") }
      let texts = items.compactMap { variables.replaced($0).text() }
      if texts.isEmpty { continue }
      // Before they are made, so that a mistake does not take all memory.
      count *= texts.count
      if count > YAMLLimits.combinations {
        matrix.fail("matrix has more than \(YAMLLimits.combinations) combinations")
        return [variables]
      }
      result = result.flatMap { variables in
        texts.map { text in
          var variables = variables
          variables.set(name, to: text)
          return variables
        }
      }
    }
    return result
  }

  /// - Parameter folder: the folder that paths are relative to; nil for the file's.
  private func read(_ value: YAMLValue, into run: inout BatchRunSettings, folder: String? = nil) {
    let folder = folder ?? self.folder
    for (name, item) in value.entries() {
      switch name {
      case "parallel": run.parallel = item.integer(in: 1...256) ?? run.parallel
      case "threads": run.threads = item.integer(in: SolverLimits.threads) ?? run.threads
      case "retries": run.retries = item.integer(in: 0...100) ?? run.retries
      case "on_error": run.onError = item.choice(of: BatchRunSettings.OnError.self) ?? run.onError
      case "skip_existing":
        run.skipExisting = item.choice(of: BatchRunSettings.SkipExisting.self) ?? run.skipExisting
      case "report": run.report = item.text().map { PathName.path($0, in: folder) }
      case "max_memory":
        run.maximumMemory = item.parsed(ByteCount.parse)
      case "work": run.work = item.text().map { PathName.path($0, in: folder) } ?? run.work
      default: break
      }
    }
  }
}
