import Frames
import Foundation
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

  /// The state on disk, if it is one of the fit that `key` stands for.
  func load(key: String) -> SafeTensors? {
    guard let data = FileManager.default.contents(atPath: path), let state = try? SafeTensors(data),
      state.metadata["key"] == key
    else { return nil }
    resumed(state.metadata["note"] ?? "")
    return state
  }

  /// Replaces the state on disk as a whole. A state that can't be written is no reason to stop a fit.
  func save(_ state: SafeTensors, key: String) {
    var state = state
    state.metadata["key"] = key
    state.metadata["note"] = note()
    guard let data = try? state.data() else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

extension SafeTensors {
  mutating func store(_ state: AdamState, as name: String) {
    for (part, values) in [("values", state.values), ("m", state.m), ("v", state.v)] {
      tensors["\(name).\(part)"] = Tensor(shape: [values.count], values: values)
    }
    metadata["\(name).steps"] = String(state.steps)
  }

  func adamState(_ name: String) -> AdamState? {
    guard let values = tensors["\(name).values"], let m = tensors["\(name).m"], let v = tensors["\(name).v"],
      let steps = metadata["\(name).steps"].flatMap({ Int($0) })
    else { return nil }
    return AdamState(values: values.values, m: m.values, v: v.values, steps: steps)
  }
}

extension MaskedSamples {
  /// A number that differs for windows with other samples or other holes (FNV-1a).
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
    for plane in planes {
      add(UInt64(plane.width))
      add(UInt64(plane.height))
      for (value, state) in zip(plane.values, plane.states) {
        add(UInt64(state))
        if state != SampleState.missing { add(UInt64(value.bitPattern)) }
      }
    }
    return hash
  }
}
