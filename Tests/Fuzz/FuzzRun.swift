import Foundation
import Synchronization

/// Files of all formats: some of each, which show what they take, then as many as the time that is shared by that allows.
struct FuzzRun {
  let command: Fuzz
  private(set) var campaigns: [Campaign]

  init(_ formats: [FuzzFormat], command: Fuzz) {
    self.command = command
    campaigns = formats.map { Campaign(format: $0, command: command) }
  }

  /// - Returns: how many files the tool fell over.
  mutating func run() throws -> Int {
    try pass(campaigns.map { _ in command.seconds / 20 })
    let total = command.seconds * Double(campaigns.count)
    // After half of the time what files take is known better.
    try pass(rest(of: total / 2))
    try pass(rest(of: total)) {
      print("\($0.format.name): \($0.tally.files) files, \($0.finds) finds, \(Int($0.tally.seconds)) s")
      fflush(nil)
    }
    print(table)
    return campaigns.reduce(0) { $0 + $1.finds }
  }

  /// What each format still has of a time that all share.
  private func rest(of total: Double) -> [Double] {
    let times = Shares.times(costs: campaigns.map(\.tally.cost), total: total)
    return zip(times, campaigns).map { $0 - $1.tally.seconds }
  }

  /// Reads files of each format for some seconds, of as many formats at once as `jobs` says, those first that take longest.
  private mutating func pass(_ seconds: [Double], whenDone: @Sendable (Campaign) -> Void = { _ in }) throws {
    let order = campaigns.indices.sorted { seconds[$0] > seconds[$1] }
    let given = campaigns
    let state = Mutex((next: 0, done: campaigns, failure: (any Error)?.none))
    DispatchQueue.concurrentPerform(iterations: max(1, min(command.jobs, order.count))) { _ in
      while let index = state.withLock({ state -> Int? in
        guard state.failure == nil, state.next < order.count else { return nil }
        defer { state.next += 1 }
        return order[state.next]
      }) {
        var campaign = given[index]
        do { try campaign.run(seconds: seconds[index]) } catch { state.withLock { $0.failure = error } }
        state.withLock { $0.done[index] = campaign }
        whenDone(campaign)
      }
    }
    campaigns = try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.done
    }
  }

  /// What was read and what it took, and each format's share of both.
  private var table: String {
    var all = Tally()
    for campaign in campaigns { all += campaign.tally }
    func row(_ name: String, _ tally: Tally, _ finds: Int) -> String {
      name.padding(toLength: 16, withPad: " ", startingAt: 0)
        + String(
          format: "%8ld  %5.1f %%  %7.1f s  %5.1f %%  %8.2f ms  %5ld", tally.files,
          100 * Double(tally.files) / Double(max(1, all.files)), tally.seconds,
          100 * tally.seconds / max(1e-6, all.seconds), 1000 * tally.cost,
          finds)
    }
    let head = "format             files   share  processor    share     a file  finds"
    let rows = campaigns.map { row($0.format.name, $0.tally, $0.finds) }
    return ([head] + rows + [row("all", all, campaigns.reduce(0) { $0 + $1.finds })]).joined(separator: "\n")
  }
}
