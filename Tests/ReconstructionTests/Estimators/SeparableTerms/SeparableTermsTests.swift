import Foundation
import Frames
import Kernels
import Testing

@testable import Reconstruction

/// Sums of separable terms for scattered samples.
@Suite struct SeparableTermsTests {
  /// A picture whose rows resemble each other far apart, and columns too: two terms, in two planes.
  private static func repeating(share: Float, seed: UInt64 = 1) -> (window: MaskedSamples, truth: Estimate) {
    var (window, truth) = SyntheticVideo.scattered(
      frames: 1, height: 60, width: 72, roles: [.green, .blue], share: share, seed: seed)
    for p in 0..<2 {
      for i in truth.planes[p].indices {
        let (y, x) = (Double(i / 72), Double(i % 72))
        let value =
          0.5 + 0.2 * sin(y * 1.3) * cos(x * 0.9) + 0.1 * Double(p + 1) * cos(y * 0.4) * sin(x * 1.7)
        truth.planes[p][i] = Float(value)
        if window.planes[p].states[i] == SampleState.known { window.planes[p].values[i] = Float(value) }
      }
    }
    return (window, truth)
  }

  private static func estimate(_ window: MaskedSamples, most: Int = 24, threads: Int = 1) throws -> Estimate {
    let estimator = SeparableTermsEstimator(most: most)
    let site = SiteInputs(
      window, holes: HoleShape(of: window), estimators: [estimator],
      context: EstimatorContext(threads: threads, seed: 3))
    return try estimator.estimate(site)
  }

  @Test func whatRepeatsIsFoundFromAFewSamples() throws {
    // Much finer than the distance between known samples: neighbours say nothing.
    let (window, truth) = Self.repeating(share: 0.85)
    let spatial = try SpatialInterpolation().estimate(window, context: EstimatorContext())
    let terms = SyntheticVideo.psnr(try Self.estimate(window), truth, in: window)
    let beside = SyntheticVideo.psnr(spatial, truth, in: window)
    #expect(terms > 30 && beside < 22, "terms \(terms) dB, neighbours \(beside) dB")
  }

  /// What the terms minimise, by the equation.
  private static func objective(_ terms: [SeparableTerms.Term], _ known: KnownSamples, _ rho: Double)
    -> Double
  {
    func roughness(_ curve: [Float]) -> Double {
      zip(curve, curve.dropFirst()).reduce(0) { $0 + pow(Double($1.1 - $1.0), 2) }
    }
    var sum = 0.0
    for i in 0..<known.count {
      let shown = terms.reduce(Float(0)) {
        $0 + $1.u[Int(known.row[i])] * $1.v[Int(known.column[i])] * $1.w[Int(known.slice[i])]
      }
      sum += pow(Double(known.values[i] - shown), 2)
    }
    func length(_ curve: [Float]) -> Double { curve.reduce(0) { $0 + Double($1) * Double($1) } }
    for term in terms {
      let (u, v, w) = (length(term.u), length(term.v), length(term.w))
      sum += rho * (roughness(term.u) * v * w + u * roughness(term.v) * w)
      sum += (known.slicesAreSmooth ? rho * roughness(term.w) * u * v : 0) + 1e-3 * u * v * w
    }
    return sum
  }

  @Test(arguments: [[0, 1], [0]]) func aSweepNeverRaisesTheObjective(planes: [Int]) {
    let (window, _) = Self.repeating(share: 0.7)
    let known = KnownSamples(of: window, planes: planes)
    var terms = SeparableTerms(known, smoothness: 0.2, weights: [Float](repeating: 1, count: known.count))
    var random = RandomSource(seed: 5)
    for _ in 0..<3 { terms.addTerm(startingWith: &random) }
    let first = Self.objective(terms.terms, known, 0.2)
    var last = first
    for _ in 0..<8 {
      terms.sweep()
      let next = Self.objective(terms.terms, known, 0.2)
      #expect(next < last + 1e-4 * last)
      last = next
    }
    #expect(last < 0.99 * first)
  }

  @Test func curvesAreTheMinimum() {
    let (window, _) = Self.repeating(share: 0.5)
    let known = KnownSamples(of: window, planes: [0])
    var terms = SeparableTerms(known, smoothness: 0.3, weights: [Float](repeating: 1, count: known.count))
    var random = RandomSource(seed: 9)
    terms.addTerm(startingWith: &random)
    for _ in 0..<60 { terms.sweep() }
    let least = Self.objective(terms.terms, known, 0.3)
    for k in 0..<12 {
      for step in [Float(0.02), -0.02] {
        var (along, across) = (terms.terms, terms.terms)
        along[0].w[0] += step
        across[0].v[6 * k] += step
        #expect(Self.objective(along, known, 0.3) > least)
        #expect(Self.objective(across, known, 0.3) > least)
      }
    }
  }

  @Test func residualsAreWhatTheTermsLeave() {
    let (window, _) = Self.repeating(share: 0.7)
    let known = KnownSamples(of: window, planes: [0, 1])
    var terms = SeparableTerms(known, smoothness: 0.1, weights: [Float](repeating: 1, count: known.count))
    var random = RandomSource(seed: 5)
    for _ in 0..<4 { terms.addTerm(startingWith: &random) }
    for _ in 0..<3 { terms.sweep() }
    let planes = (0..<2).map { terms.values(slice: $0) }
    let left = (0..<known.count).map { i in
      let shown = planes[Int(known.slice[i])][Int(known.row[i]) * known.columns + Int(known.column[i])]
      return known.values[i] + known.mean - shown
    }
    #expect(zip(left, terms.residuals).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func threadsDoNotMatter() throws {
    let (window, _) = Self.repeating(share: 0.6)
    #expect(try Self.estimate(window, threads: 1).planes == Self.estimate(window, threads: 4).planes)
  }

  @Test func fewAndVeryManySamplesAreLeftToOthers() {
    let estimator = SeparableTermsEstimator(most: 8)
    let (few, _) = SyntheticVideo.scattered(frames: 1, height: 16, width: 16, share: 0.5, seed: 1)
    #expect(!estimator.suits(few))
    // Nor is a clip of theirs where they are for pictures.
    let (clip, _) = SyntheticVideo.scattered(frames: 2, height: 40, width: 40, share: 0.5, seed: 1)
    #expect(estimator.suits(clip) && !SeparableTermsEstimator(most: 8, mostFrames: 1).suits(clip))
    let (many, _) = SyntheticVideo.scattered(frames: 4, height: 256, width: 256, share: 0.5, seed: 1)
    #expect(!estimator.suits(many))
    #expect(estimator.suits(Self.repeating(share: 0.5).window))
  }
}
