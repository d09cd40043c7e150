import Pipelines

/// What `status` says to people.
enum PlanStatusText {
  static func text(_ status: PlanStatus) -> String {
    let isDraft = status.stage == "inputs"
    let all = status.costDone + status.costLeft
    let share = all > 0 ? Int((100 * status.costDone / all).rounded(.down)) : 100
    let left = "\(status.unitsLeft) left (\(share) % of the work is done)"
    var lines =
      isDraft
      ? [
        "inputs   \(status.unitsDone) of \(status.units) read, \(left), \(status.inputsFailed) can't be restored"
      ]
      : [
        "units    \(status.unitsDone) of \(status.units) done, \(left)",
        "inputs   \(status.inputsWritten) of \(status.inputs) written, \(status.inputsFailed) can't be restored",
      ]
    lines.append(
      "at work  \(status.workers == 1 ? "1 process" : "\(status.workers) processes"), "
        + "\(Figures.duration(status.secondsSpent)) spent")
    if status.unitsLeft == 0 {
      let next = isDraft ? "plan --from \(status.plan) -o plan.json" : "merge \(status.plan)"
      lines.append("left     nothing: inrr-video \(next)")
    } else if let seconds = status.secondsLeft {
      lines.append("left     about \(Figures.duration(seconds))")
    } else {
      lines.append(
        "left     not known: no process is at work, or none has \(isDraft ? "read an input" : "solved a unit") yet"
      )
    }
    lines += status.failures.prefix(20).map { "failed   \($0)" }
    if status.failures.count > 20 {
      lines.append("failed   and \(status.failures.count - 20) more, see --json")
    }
    return lines.joined(separator: "\n")
  }
}
