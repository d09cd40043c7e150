import Foundation
import Frames
import Kernels

/// Where a long fit keeps its state, to go on after an interruption exactly as if there had been none.
public struct FitCheckpoint {
  public var path: String
  /// Seconds between two writes.
  public var interval: Double
  /// Text of the caller's own that is kept with the state, such as what was observed so far.
  public var note: () -> String
  /// Called with the text when a fit goes on from a state.
  public var resumed: (String) -> Void

  public init(
    path: String, interval: Double = 60, note: @escaping () -> String = { "" },
    resumed: @escaping (String) -> Void = { _ in }
  ) {
    self.path = path
    self.interval = interval
    self.note = note
    self.resumed = resumed
  }

  /// What decides a fit's result; a state belongs to the fit with the same.
  struct Key: Encodable {
    /// Of the samples and the holes.
    var fingerprint: UInt64
    var settings: GeneralFitSettings

    /// - Throws: `EncodingError` for settings that are no numbers.
    var text: String {
      get throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
      }
    }
  }

  /// The state on disk, if it is one of the fit that `key` stands for.
  func load(key: String) -> SafeTensors? {
    guard let data = FileManager.default.contents(atPath: path), let state = try? SafeTensors(data),
      state.metadata["key"] == key
    else { return nil }
    resumed(state.metadata["note"] ?? "")
    return state
  }

  /// Replaces the state on disk as a whole. A disk that can't be written to is no reason to stop a fit.
  func save(_ state: SafeTensors, key: String) throws {
    var state = state
    state.metadata["key"] = key
    state.metadata["note"] = note()
    let data = try state.data()
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

extension Descent {
  /// Everything that `resume` needs to go on.
  func state() throws -> SafeTensors {
    var state = SafeTensors()
    for (i, optimizer) in objective.optimizers.enumerated() {
      state.store(optimizer.state, as: "optimizer\(i)")
    }
    for (i, part) in best.enumerated() { state.store(part, as: "best\(i)") }
    let encoder = JSONEncoder()
    // Errors are infinite before the first look.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    state.metadata["progress"] = String(decoding: try encoder.encode(progress), as: UTF8.self)
    state.metadata["random"] = objective.randomState.map { String($0) }
    return state
  }

  /// Continues from a saved state; does nothing where it does not fit.
  func resume(_ state: SafeTensors) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let optimizers = objective.optimizers
    let states = optimizers.indices.compactMap { state.adamState("optimizer\($0)") }
    let kept = best.indices.compactMap { state.adamState("best\($0)") }
    guard let text = state.metadata["progress"],
      let progress = try? decoder.decode(Progress.self, from: Data(text.utf8)),
      states.count == optimizers.count, kept.count == best.count,
      zip(optimizers, states).allSatisfy({ $0.parameters.count == $1.values.count })
    else { return }
    optimizers.restore(states)
    (best, self.progress) = (kept, progress)
    objective.randomState = state.metadata["random"].flatMap { UInt64($0) }
  }
}

extension SafeTensors {
  fileprivate mutating func store(_ state: AdamState, as name: String) {
    for (part, values) in [("values", state.values), ("m", state.m), ("v", state.v)] {
      tensors["\(name).\(part)"] = Tensor(shape: [values.count], values: values)
    }
    metadata["\(name).steps"] = String(state.steps)
  }

  fileprivate func adamState(_ name: String) -> AdamState? {
    guard let values = tensors["\(name).values"], let m = tensors["\(name).m"], let v = tensors["\(name).v"],
      values.values.count == m.values.count, values.values.count == v.values.count,
      let steps = metadata["\(name).steps"].flatMap({ Int($0) })
    else { return nil }
    return AdamState(values: values.values, m: m.values, v: v.values, steps: steps)
  }
}
