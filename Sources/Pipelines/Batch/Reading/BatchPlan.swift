/// One input of a batch job, and how it is restored.
public struct BatchTask: Sendable {
  public var job: String
  public var restore: RestoreJob
}

/// All inputs of all jobs of a file, and how to run them.
public struct BatchPlan: Sendable {
  /// The file that the jobs came from.
  public var file: String
  public var run: BatchRunSettings
  public var tasks: [BatchTask]

  /// Reads a file of jobs and finds their inputs. Paths in it are relative to its folder.
  ///
  /// - Parameters:
  ///   - sets: settings such as `solve.preset=fast`, which replace those of the file.
  ///   - threads: worker threads; nil for the file's number.
  /// - Throws: `JobError`: `.input` if the file can't be read, `.configuration` with all mistakes in it, a line each.
  public init(yaml path: String, sets: [String] = [], threads: Int? = nil) throws {
    try self.init(YAMLDocument(path: path), path: path, sets: sets, threads: threads)
  }

  init(_ document: YAMLDocument, path: String, sets: [String] = [], threads: Int? = nil) throws {
    let overrides = try sets.map(SettingOverride.init(parsing:))
    let reader = BatchReader(
      folder: PathName.folder(of: path), overrides: overrides, threads: threads,
      diagnostics: document.diagnostics)
    let (run, tasks) = reader.read(document.root)
    try document.diagnostics.check()
    for override in overrides { try override.checkTogether() }
    self.file = path
    self.run = run
    self.tasks = tasks
  }

  /// Whether a file describes an experiment instead of jobs.
  ///
  /// - Throws: `JobError`, as reading does.
  public static func isExperiment(_ path: String) throws -> Bool {
    try YAMLDocument(path: path).root.entries().contains { $0.name == "experiment" }
  }
}
