import Frames
import Testing

@testable import Reconstruction

@Suite("Difficulty of missing frames")
struct FrameDifficultyTests {
  /// Frames of one value each: `m` missing, `h` held out, else known.
  private func window(_ frames: [(Float, Character)]) -> MaskedSamples {
    let states: [UInt8] = frames.flatMap { _, kind -> [UInt8] in
      let state = kind == "m" ? SampleState.missing : kind == "h" ? SampleState.heldOut : SampleState.known
      return Array(repeating: state, count: 12)
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: 3, width: 4, values: frames.flatMap { Array(repeating: $0.0, count: 12) },
      states: states, rowPositions: [0, 1, 2], columnPositions: [0, 1, 2, 3])
    return MaskedSamples(frames: frames.count, height: 3, width: 4, planes: [plane])
  }

  @Test("is the difference across missing frames over that across held-out ones")
  func between() {
    let frames: [(Float, Character)] = [
      (0.1, "k"), (0, "m"), (0.4, "k"), (0.9, "h"), (0.6, "k"), (0.2, "h"), (0.6, "k"),
    ]
    // 0.3 squared; 0.2 squared and nothing.
    #expect(abs(FrameDifficulty.ratio(in: window(frames)) - 0.09 / 0.02) < 1e-4)
  }

  @Test("at an end it is that of the two frames nearest, twice as large")
  func ends() {
    let frames: [(Float, Character)] = [(0.2, "k"), (0.9, "h"), (0.4, "k"), (0.5, "k"), (0, "m")]
    #expect(abs(FrameDifficulty.ratio(in: window(frames)) - 4 * 0.01 / 0.04) < 1e-4)
  }

  @Test("is one where there is nothing to compare, and bounded")
  func bounds() {
    #expect(FrameDifficulty.ratio(in: window([(0, "k"), (0, "m"), (1, "k")])) == 1)
    #expect(FrameDifficulty.ratio(in: window([(0, "k"), (0, "h"), (1, "k")])) == 1)
    #expect(FrameDifficulty.ratio(in: window([(0, "k"), (0, "h"), (0, "k"), (0, "m"), (1, "k")])) == 1)
    let frames: [(Float, Character)] = [(0, "k"), (0, "h"), (0.01, "k"), (0, "m"), (1, "k")]
    #expect(FrameDifficulty.ratio(in: window(frames)) == 8)
    var mixed = window([(0, "k"), (0, "h"), (0.5, "k"), (0, "m"), (1, "k")])
    mixed.planes[0].states[30] = SampleState.heldOut
    #expect(FrameDifficulty.ratio(in: mixed) == 1)
  }
}
