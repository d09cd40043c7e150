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

  private func request(_ change: (inout SolutionRequest) -> Void = { _ in }) -> SolutionRequest {
    let states = (0..<24).map { $0 % 3 == 0 ? SampleState.missing : SampleState.known }
    let plane = MaskedSamples.Plane(
      role: .luma, height: 3, width: 4, values: states.indices.map { Float($0) / 24 }, states: states,
      rowPositions: [0, 1, 2], columnPositions: [0, 1, 2, 3])
    var request = SolutionRequest(
      firstFrame: 5, box: Box(x: 1, y: 2, width: 4, height: 3),
      window: MaskedSamples(frames: 2, height: 3, width: 4, planes: [plane]),
      missing: states.map { $0 == SampleState.missing ? 1 : 0 }, settings: RestorationSettings())
    change(&request)
    return request
  }

  private var solution: SiteSolution {
    // Numbers without a short decimal form, and one that no text has.
    let values = (0..<24).map { $0 == 3 ? -Float.leastNonzeroMagnitude : Float($0).squareRoot() / 3 }
    return SiteSolution(
      estimate: Estimate(planes: [values]), iterations: 17, stopReason: .holdout,
      heldOutError: 0.1 + 0.2, heldOutSamples: 3, weights: ["inr": 1.0 / 3, "spatial": 2.0 / 3])
  }

  private var file: String {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("windows"))
      return folder.file("windows/\(try #require(names.first))")
    }
  }

  @Test func aSolutionComesBackBitForBit() throws {
    #expect(store.solution(for: request()) == nil)
    try store.save(solution, for: request())
    let kept = try #require(store.solution(for: request()))
    for i in 0..<24 {
      let expected = i % 3 == 0 ? solution.estimate.planes[0][i] : 0
      #expect(kept.estimate.planes[0][i].bitPattern == expected.bitPattern)
    }
    #expect(kept.iterations == 17 && kept.stopReason == .holdout && kept.heldOutSamples == 3)
    #expect(kept.heldOutError == solution.heldOutError && kept.weights == solution.weights)
    #expect(store.count == 1)
  }

  @Test func threadsDoNotMatter() throws {
    try store.save(solution, for: request())
    #expect(store.solution(for: request { $0.settings.threads = 7 }) != nil)
  }

  @Test func whateverDiffersIsAnotherWindow() throws {
    try store.save(solution, for: request())
    let others = [
      request { $0.firstFrame = 6 }, request { $0.box.x = 0 }, request { $0.settings.seed = 1 },
      request { $0.settings.preset = .fast }, request { $0.window.planes[0].values[1] += 1e-6 },
      request { $0.missing[1] = 1 },
      request {
        $0.window.planes[0].states[1] = SampleState.missing
        $0.missing[1] = 1
      },
    ]
    for other in others { #expect(store.solution(for: other) == nil) }
  }

  @Test func damagedFilesAreNotThere() throws {
    try store.save(solution, for: request())
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
    for i in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[i] ^= 0x10
      try Data(damaged).write(to: URL(fileURLWithPath: file))
      #expect(store.solution(for: request()) == nil, "byte \(i)")
    }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: file))
      #expect(store.solution(for: request()) == nil, "\(count) bytes")
    }
    try store.save(solution, for: request())
    #expect(store.solution(for: request()) != nil)
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    try folder.write([1], to: "windows")
    #expect { try store.save(solution, for: request()) } throws: { ($0 as? JobError)?.kind == .output }
  }
}
