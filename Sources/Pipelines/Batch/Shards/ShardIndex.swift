/// The part of some work that a process does: part `index` of `count`, from 0.
public struct ShardIndex: Sendable, Equatable, Codable {
  public var index: Int
  public var count: Int

  /// Reads `i/n`, i from 0.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0, (0..<count).contains(index)
    else {
      throw JobError.configuration(
        "--shard \(text) is no shard: write i/n, with i from 0 to n - 1, such as 0/4")
    }
    (self.index, self.count) = (index, count)
  }

  /// Whether an input belongs to a part; nil for all of them. Which part follows from its output's name, so that it stays there
  /// where others come and go.
  static func isOurs(_ output: String, _ part: ShardIndex?) -> Bool {
    guard let part, part.count > 1 else { return true }
    let number = Int(ContentHash.text(of: PathName.absolute(output)).prefix(12), radix: 16) ?? 0
    return number % part.count == part.index
  }

  /// Reads the environment of a task of a Slurm job array, or of a pod of an indexed Kubernetes job. A pod does not know how
  /// many pods there are: `given` says so.
  ///
  /// - Returns: nil where neither is set.
  /// - Throws: `JobError` of kind `.configuration`.
  public init?(environment: [String: String], count given: Int?) throws {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let task = number("SLURM_ARRAY_TASK_ID") {
      let step = number("SLURM_ARRAY_TASK_STEP") ?? 1
      let (offset, overflows) = task.subtractingReportingOverflow(number("SLURM_ARRAY_TASK_MIN") ?? 0)
      guard let count = given ?? number("SLURM_ARRAY_TASK_COUNT"), step > 0, !overflows, offset >= 0,
        offset % step == 0, offset / step < count
      else {
        throw JobError.configuration(
          "SLURM_ARRAY_TASK_ID \(task) does not fit the array's first task, step and count: give --shard")
      }
      (index, self.count) = (offset / step, count)
    } else if let pod = number("JOB_COMPLETION_INDEX") {
      guard let count = given else {
        throw JobError.configuration("JOB_COMPLETION_INDEX is set: say with --shard-count how many there are")
      }
      guard (0..<count).contains(pod) else {
        throw JobError.configuration("JOB_COMPLETION_INDEX \(pod) lies outside the \(count) of --shard-count")
      }
      (index, self.count) = (pod, count)
    } else {
      return nil
    }
  }
}
