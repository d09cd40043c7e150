/// Units of one input that follow each other.
struct PlanPart: Sendable, Equatable {
  /// The input's number in the plan.
  var task: Int
  /// Numbers among the units of the input.
  var units: Range<Int>
}

/// Deals the units of a plan by their cost, and reads the units of no more inputs than it has to.
struct ShardDeal {
  private let plan: ShardPlan

  init(_ plan: ShardPlan) { self.plan = plan }

  /// A shard's units: those whose middle lies in the shard's part of all cost.
  ///
  /// - Throws: `JobError`.
  func units(ofShard index: Int, of count: Int) throws -> [PlanPart] {
    let all = plan.cost
    // The same numbers for every shard, so that each unit is in one of them.
    func bound(_ shard: Int) -> Double {
      shard <= 0 ? -1 : shard >= count ? .infinity : all * (Double(shard) / Double(count))
    }
    let (lower, upper) = (bound(index), bound(index + 1))
    var start = 0.0
    var parts: [PlanPart] = []
    for (number, task) in plan.tasks.enumerated() where task.units > 0 {
      let end = start + task.cost
      defer { start = end }
      // With room for what sums of numbers of a few digits differ by.
      let room = 1e-6 * (1 + all)
      if end < lower - room || start > upper + room { continue }
      if start - room > lower && end + room < upper {
        parts.append(PlanPart(task: number, units: 0..<task.units))
        continue
      }
      var middle = start
      var own: Range<Int>?
      for (unit, planned) in try plan.units(of: task).enumerated() {
        let half = planned.cost / 2
        if middle + half > lower && middle + half <= upper { own = (own?.lowerBound ?? unit)..<unit + 1 }
        middle += planned.cost
      }
      if let own { parts.append(PlanPart(task: number, units: own)) }
    }
    return parts
  }
}
