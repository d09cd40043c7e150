/// One input of a batch job, and how it is restored.
public struct BatchTask: Sendable {
  public var job: String
  public var restore: RestoreJob
  /// What a plan knows of it, where one was made.
  var planned: PlannedResults?
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

  init(file: String, run: BatchRunSettings, tasks: [BatchTask]) {
    (self.file, self.run, self.tasks) = (file, run, tasks)
  }

  /// - Parameter inputs: the inputs to take, in order; nil to look for them.
  init(
    _ document: YAMLDocument, path: String, sets: [String] = [], threads: Int? = nil, inputs: [String]? = nil
  ) throws {
    let overrides = try sets.map(SettingOverride.init(parsing:))
    let reader = BatchReader(
      folder: PathName.folder(of: path), overrides: overrides, threads: threads, inputs: inputs,
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
