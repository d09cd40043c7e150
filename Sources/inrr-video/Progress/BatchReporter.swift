import Foundation
import Pipelines

/// Prints the progress of a batch: a line for each input that begins or ends, and each input's progress in between.
///
/// Called by one thread at a time.
final class BatchReporter {
  private let plan: BatchPlan
  private let kind: ProgressKind
  private var reporters: [Int: any ProgressReporter] = [:]

  init(plan: BatchPlan, kind: ProgressKind) {
    self.plan = plan
    // Several bars would overwrite each other.
    let isBar = kind == .bar || kind == .auto && Console.isTerminal
    let isText = kind == .bar || kind == .auto
    self.kind = isText ? (isBar && plan.run.parallel == 1 ? .bar : .plain) : kind
  }

  func report(_ event: BatchEvent) {
    switch event {
    case .began(let index, let state):
      say("\(place(index))  begins: \(state.text)")
    case .progress(let index, let progress):
      let reporter = reporters[index] ?? reporter(index)
      reporters[index] = reporter
      reporter.update(progress)
    case .warning(let index, let sentence):
      (reporters[index] ?? SilentProgress()).warn(sentence)
    case .retrying(let index, let sentence):
      (reporters[index] ?? SilentProgress()).warn("\(sentence); another attempt follows in a while")
      end(index)
    case .ended(let index, let entry):
      end(index)
      switch entry.status {
      case .done: say(String(format: "%@  done in %.1f s", place(index), entry.seconds))
      case .skipped: say("\(place(index))  skipped: \(entry.reason)")
      case .failed: Console.error(BatchSummary.named(entry))
      case .stopped: say("\(place(index))  stopped")
      }
      if kind == .json, let line = try? BatchSummary.line(entry) { JSONProgress.write(line) }
    }
  }

  func end() { for index in reporters.keys { end(index) } }

  private func end(_ index: Int) { reporters.removeValue(forKey: index)?.end() }

  private func reporter(_ index: Int) -> any ProgressReporter {
    let input = plan.tasks[index].restore.input
    switch kind {
    case .json: return JSONProgress(input: input)
    case .plain: return PlainProgress(input: plan.run.parallel > 1 ? input : nil)
    default: return kind.reporter()
    }
  }

  private func place(_ index: Int) -> String {
    "[\(index + 1)/\(plan.tasks.count)] \(plan.tasks[index].restore.input)"
  }

  private func say(_ line: String) {
    if kind.tellsPeople { Console.line(line) }
  }
}
