import Foundation
import Frames
import Reconstruction
import TestSupport
import Testing

@testable import Pipelines

@Suite struct FileSolutionStoreTests {
  private let folder: ScratchFolder
  private let store: FileSolutionStore

  init() throws {
    folder = try ScratchFolder()
    store = FileSolutionStore(folder: folder.file("windows"))
  }

  private func unit(_ change: (inout SiteUnit) -> Void = { _ in }) -> SiteUnit {
    let states = (0..<24).map { $0 % 3 == 0 ? SampleState.missing : SampleState.known }
    let plane = MaskedSamples.Plane(
      role: .luma, height: 3, width: 4, values: states.indices.map { Float($0) / 24 }, states: states,
      rowPositions: [0, 1, 2], columnPositions: [0, 1, 2, 3])
    var unit = SiteUnit(
      firstFrame: 5, box: Box(x: 1, y: 2, width: 4, height: 3),
      samples: MaskedSamples(frames: 2, height: 3, width: 4, planes: [plane]),
      missing: states.map { $0 == SampleState.missing ? 1 : 0 }, settings: RestorationSettings())
    change(&unit)
    return unit
  }

  private var solution: UnitSolution {
    // Numbers without a short decimal form, and one that no text has.
    let values = (0..<8).map { $0 == 3 ? -Float.leastNonzeroMagnitude : Float($0).squareRoot() / 3 }
    return UnitSolution(
      values: [[Array(values[..<4])], [Array(values[4...])]], iterations: 17, stopReason: .holdout,
      heldOut: ErrorSum(squares: 0.1 + 0.2, samples: 3),
      expected: ExpectedError(error: ErrorSum(squares: 0.1 + 0.7, samples: 8), deviation: 1.0 / 3),
      weights: [EstimatorID("inr"): 1.0 / 3, EstimatorID("spatial"): 2.0 / 3])
  }

  private var file: String {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("windows"))
      return folder.file("windows/\(try #require(names.first))")
    }
  }

  @Test func aSolutionComesBackBitForBit() throws {
    #expect(store.solution(of: unit()) == nil)
    try store.save(solution, of: unit())
    let kept = try #require(store.solution(of: unit()))
    let bits = { (solution: UnitSolution) in solution.values.map { $0.map { $0.map(\.bitPattern) } } }
    #expect(bits(kept) == bits(solution))
    #expect(kept.iterations == 17 && kept.stopReason == .holdout)
    #expect(kept.heldOut == solution.heldOut && kept.weights == solution.weights)
    #expect(kept.expected == solution.expected)
    #expect(store.count == 1)
  }

  @Test func whateverDiffersIsAnotherWindow() throws {
    try store.save(solution, of: unit())
    let others = [
      unit { $0.firstFrame = 6 }, unit { $0.box.x = 0 }, unit { $0.settings.seed = 1 },
      unit { $0.settings.preset = .fast }, unit { $0.samples.planes[0].values[1] += 1e-6 },
      unit { $0.missing[1] = 1 },
      unit {
        $0.samples.planes[0].states[1] = SampleState.missing
        $0.missing[1] = 1
      },
    ]
    for other in others { #expect(store.solution(of: other) == nil) }
  }

  @Test func damagedFilesAreNotThere() throws {
    try store.save(solution, of: unit())
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    for i in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[i] ^= 0x10
      try Data(damaged).write(to: URL(fileURLWithPath: file))
      #expect(store.solution(of: unit()) == nil, "byte \(i)")
    }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: file))
      #expect(store.solution(of: unit()) == nil, "\(count) bytes")
    }
    try store.save(solution, of: unit())
    #expect(store.solution(of: unit()) != nil)
  }

  @Test func filesInTheirFullLengthAreComplete() throws {
    let key = try UnitKey(unit())
    #expect(!store.isComplete(key))
    try store.save(solution, of: unit())
    #expect(store.isComplete(key) && store.isWhole(key))
    #expect(try !store.isComplete(UnitKey(unit { $0.settings.seed = 1 })))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    // Samples that are others are not looked at.
    var changed = bytes
    changed[bytes.count - 40] ^= 1
    try Data(changed).write(to: URL(fileURLWithPath: file))
    #expect(store.isComplete(key) && !store.isWhole(key))
    for count in (0..<bytes.count).reversed() {
      try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: file))
      #expect(!store.isComplete(key), "\(count) bytes")
    }
    try Data(bytes + [0]).write(to: URL(fileURLWithPath: file))
    #expect(!store.isComplete(key))
    // A length, and numbers, that no file has.
    for place in [40, 41, 42, 43, 44] {
      changed = bytes
      changed[place] ^= 0xFF
      try Data(changed).write(to: URL(fileURLWithPath: file))
      #expect(!store.isComplete(key), "byte \(place)")
    }
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    try folder.write([1], to: "windows")
    #expect { try store.save(solution, of: unit()) } throws: { ($0 as? JobError)?.kind == .output }
  }
}
