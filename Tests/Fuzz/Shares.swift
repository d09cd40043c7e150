/// How formats share the time of a run: files of some take a thousand times as long as files of others.
enum Shares {
  /// The time for each format, by which as many files of each are read, but for those that would take more than a twentieth of the
  /// time, or than an equal share of it where formats are few.
  ///
  /// With up to fifty formats each thus has a fiftieth of the files or a twentieth of the time, whatever its files take.
  ///
  /// - Parameters:
  ///   - costs: what a file of each format takes, more than 0.
  ///   - total: the time that is shared, in the same unit; the times add up to it.
  static func times(costs: [Double], total: Double) -> [Double] {
    let most = max(total / 20, total / Double(max(1, costs.count)))
    var times = Array(repeating: most, count: costs.count)
    var left = total
    let dearestFirst = costs.indices.sorted { costs[$0] > costs[$1] }
    for (rank, index) in dearestFirst.enumerated() {
      let others = dearestFirst[rank...]
      let files = left / others.reduce(0) { $0 + costs[$1] }
      if files * costs[index] <= most {
        for other in others { times[other] = files * costs[other] }
        break
      }
      left -= most
    }
    return times
  }
}
