/// Units of a plan that are not solved, or whose files are damaged, by their numbers in the plan.
struct UnsolvedUnits: Sendable {
  private(set) var missing: [Int] = []
  private(set) var broken: [Int] = []

  init() {}

  /// - Parameters:
  ///   - first: the number of the first unit in the plan.
  ///   - isThere: whether a unit's file is as it should be.
  init(of units: [UnitKey], first: Int, in store: FileSolutionStore, by isThere: (UnitKey) -> Bool) {
    for (number, key) in units.enumerated() where !isThere(key) {
      if store.hasFile(key) { broken.append(first + number) } else { missing.append(first + number) }
    }
  }

  static func += (units: inout UnsolvedUnits, more: UnsolvedUnits) {
    units.missing += more.missing
    units.broken += more.broken
  }

  /// - Throws: `JobError` of kind `.configuration` that names the units, and how they are done again; none where there are none.
  func check(_ plan: ShardPlan) throws {
    let all = (missing + broken).sorted()
    if all.isEmpty { return }
    var faults: [String] = []
    if !missing.isEmpty { faults.append("\(missing.count) of \(plan.unitCount) units are not solved yet") }
    if !broken.isEmpty {
      faults.append("the files of \(broken.count) of \(plan.unitCount) units are damaged")
    }
    var names: [String] = []
    var (left, first) = (all[...], 0)
    for task in plan.tasks {
      first += task.units
      let own = left.prefix { $0 < first }
      if !own.isEmpty { names.append(PathName.name(of: task.input)) }
      left = left.dropFirst(own.count)
    }
    let inputs =
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    throw JobError.configuration(
      "\(faults.joined(separator: ", and ")) (\(inputs)): run the shards that are left, or these alone, with inrr-video run "
        + "--plan \(plan.path) --units \(UnitRanges.text(all, most: 20)), then merge again")
  }
}
