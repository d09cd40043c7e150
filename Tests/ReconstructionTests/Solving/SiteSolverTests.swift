import Frames
import Kernels
import Testing

@testable import Reconstruction

@Suite("Solver of a site")
struct SiteSolverTests {
  private func solve(
    _ window: MaskedSamples, _ preset: Preset, grain: Grain? = nil, isVolume: Bool = false
  ) throws -> SiteSolution {
    var settings = RestorationSettings()
    (settings.preset, settings.iterations) = (preset, 10)
    var recipe = Recipe(settings: settings)
    if isVolume { recipe.isVolume = true }
    var solver = SiteSolver(recipe: recipe, context: EstimatorContext(threads: 2))
    solver.grain = grain
    let training = try #require(window.holdingOutLikeHoles(seed: 1))
    return try solver.solve(window, training: training) { _ in }
  }

  @Test("adds grain to holes, and measures the error without it")
  func grain() throws {
    let (frames, height, width) = (9, 40, 48)
    var (window, _) = SyntheticVideo.window(frames: frames, height: height, width: width) { t, y, x in
      (12..<22).contains(y) && (10 + t..<24 + t).contains(x)
    }
    var random = RandomSource(seed: 4)
    for i in window.planes[0].values.indices where window.planes[0].states[i] == SampleState.known {
      window.planes[0].values[i] += 0.02 * random.normal()
    }
    let grain = Grain(
      strength: 1, seed: 1, firstFrame: 0, box: Box(x: 0, y: 0, width: width, height: height),
      format: FrameFormat(width: width, height: height, bitDepth: 8, roles: [.luma]))
    let smooth = try solve(window, .balanced)
    let grained = try solve(window, .balanced, grain: grain)
    let missing = window.planes[0].states.indices.filter {
      window.planes[0].states[$0] == SampleState.missing
    }
    let added = missing.reduce(0.0) { sum, i in
      let d = Double(grained.estimate.planes[0][i] - smooth.estimate.planes[0][i])
      return sum + d * d
    }
    let variance = added / Double(missing.count)
    #expect(variance.squareRoot() > 0.01)
    #expect(smooth.heldOut.mean == grained.heldOut.mean)
    #expect(grained.weights == smooth.weights)
  }

  @Test("of missing frames measures the error as it is, though they are harder than those that were held out")
  func difficulty() throws {
    // The second half changes three times as fast, and in it frames are missing.
    var (window, _) = SyntheticVideo.window(frames: 16, height: 16, width: 24, speed: 1) { t, _, _ in
      t == 5 || t == 11 || t == 13
    }
    for i in window.planes[0].values.indices where i / (16 * 24) > 8 {
      window.planes[0].values[i] = min(1, window.planes[0].values[i] * (1 + 0.05 * Float(i / (16 * 24) - 8)))
    }
    let training = try #require(window.holdingOutLikeHoles(seed: 1))
    let ratio = FrameDifficulty.ratio(in: training)
    #expect(abs(ratio - 1) > 0.1)
    let frames = try #require(solve(window, .fast).heldOut.mean)
    let slices = try #require(solve(window, .fast, isVolume: true).heldOut.mean)
    #expect(abs(frames / slices - 1) < 1e-6)
  }
}
