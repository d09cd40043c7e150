import Pipelines

/// What `status` says to people.
enum PlanStatusText {
  static func text(_ status: PlanStatus) -> String {
    let all = status.costDone + status.costLeft
    let share = all > 0 ? Int((100 * status.costDone / all).rounded(.down)) : 100
    var lines = [
      "units    \(status.unitsDone) of \(status.units) done, \(status.unitsLeft) left (\(share) % of the work is done)",
      "inputs   \(status.inputsWritten) of \(status.inputs) written, \(status.inputsFailed) can't be restored",
      "at work  \(status.workers == 1 ? "1 process" : "\(status.workers) processes"), "
        + "\(Figures.duration(status.secondsSpent)) spent",
    ]
    if let left = status.secondsLeft {
      lines.append(
        status.unitsLeft == 0
          ? "left     nothing: inrr-video merge \(status.plan)" : "left     about \(Figures.duration(left))")
    } else {
      lines.append("left     not known: no process is at work, or none has solved a unit yet")
    }
    lines += status.failures.prefix(20).map { "failed   \($0)" }
    if status.failures.count > 20 {
      lines.append("failed   and \(status.failures.count - 20) more, see --json")
    }
    return lines.joined(separator: "\n")
  }
}
