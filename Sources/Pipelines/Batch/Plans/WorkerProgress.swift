import Foundation
import Synchronization

/// What one process does for a plan, in a small file in the work folder that others read: how much it has done, and that it is
/// still there.
final class WorkerProgress: Sendable {
  struct Record: Codable, Sendable {
    /// Host and process.
    var owner: String
    /// Seconds since 1970.
    var started: Double
    var updated: Double
    /// Units that it solved, their cost by the plan, and the seconds that they took.
    var units = 0
    var cost = 0.0
    var seconds = 0.0
    var failures: [String] = []
    var hasEnded = false
  }

  private struct State {
    var record: Record
    var written: ContinuousClock.Instant?
  }

  /// The file's name without its ending.
  let name: String
  let folder: String
  private let state: Mutex<State>
  /// Seconds between two times that the file is written.
  static let pause = 10.0

  var path: String { "\(folder)/\(name).json" }

  /// The folder of all workers' files.
  static func folder(of plan: ShardPlan, in work: String) -> String { "\(plan.folder(in: work))/workers" }

  init(_ plan: ShardPlan, folder work: String) {
    folder = Self.folder(of: plan, in: work)
    var host = [CChar](repeating: 0, count: 256)
    let isNamed = gethostname(&host, host.count - 1) == 0
    let letters = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let process = ProcessInfo.processInfo.processIdentifier
    let owner = "\(isNamed ? String(decoding: letters, as: UTF8.self) : "unknown")-\(process)"
    let safe = owner.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
    // The same process number may come again on a host.
    name = "\(safe)-\(String(ContentHash.text(of: UUID().uuidString).prefix(6)))"
    let now = Date().timeIntervalSince1970
    state = Mutex(State(record: Record(owner: owner, started: now, updated: now)))
  }

  /// Notes a unit that is there now; one that was there takes no seconds.
  func note(_ cost: Double, seconds: Double) {
    state.withLock { state in
      if seconds > 0 {
        state.record.units += 1
        state.record.cost += cost
        state.record.seconds += seconds
      }
      let last = state.written
      if last.map({ (ContinuousClock.now - $0).inSeconds >= Self.pause }) ?? true { write(&state) }
    }
  }

  func note(failure: String) {
    state.withLock { state in
      state.record.failures.append(failure)
      write(&state)
    }
  }

  /// Says that the process is there.
  func beat() { state.withLock { write(&$0) } }

  func end() {
    state.withLock { state in
      state.record.hasEnded = true
      write(&state)
    }
  }

  /// What can't be written is only not seen by others.
  private func write(_ state: inout State) {
    state.written = .now
    state.record.updated = Date().timeIntervalSince1970
    guard (try? AtomicFile.makeFolder(folder)) != nil, let data = try? JSONEncoder().encode(state.record)
    else {
      return
    }
    // Without fsync, unlike results: after a power cut the process is gone too.
    let temporary = "\(folder)/.\(name)"
    guard AtomicFile.makeAnew(temporary, data) else { return }
    rename(temporary, path)
  }
}
