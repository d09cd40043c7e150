import Kernels
import Testing

@testable import Motion

@Suite("Propagation along flow")
struct PropagationTests {
  /// Three frames of 1 x 6 samples that move to the right by one sample a frame.
  private var chain: FlowChain {
    func link(_ dx: Float) -> FlowChain.Link {
      let flow = FlowField(still: 1, 6)
      flow.dx.fill(dx)
      let trust = Matrix(rows: 1, columns: 6)
      trust.fill(1)
      return FlowChain.Link(flow: flow, confidence: trust)
    }
    return FlowChain(forward: [link(1), link(1)], backward: [link(-1), link(-1)])
  }

  @Test("finds a sample where its motion has led, and composes displacements")
  func composed() {
    let values: [Float] = [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let known: [UInt8] = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let found = Propagation().find(
      known.map { 1 - $0 }, in: [values], known: known, lattice: SampleLattice(height: 1, width: 6),
      chain: chain,
      threads: 1)
    let expected: [Float] = [0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 1, 2, 3, 4]
    for (value, right) in zip(found.planes[0], expected) { #expect(abs(value - right) < 1e-5) }
    for (i, steps) in [(7, 1), (14, 2)] {
      #expect(abs(found.trust[i] - (steps == 1 ? 0.97 : 0.97 * 0.97)) < 1e-6)
    }
    #expect(found.trust[6] == 0 && found.trust[13] == 0)
  }

  @Test("looks at known samples only, and renormalises their weights")
  func renormalised() {
    var values: [Float] = [1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var known: [UInt8] = [1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    values[1] = .nan
    known[1] = 0
    let half = chain
    half.backward[0].flow.dx.fill(-0.5)
    let found = Propagation().find(
      known.map { 1 - $0 }, in: [values], known: known, lattice: SampleLattice(height: 1, width: 6),
      chain: half,
      threads: 1)
    // Half a sample to the left of column 1 lie the known column 0 and the missing column 1.
    #expect(found.planes[0][7] == 1)
    #expect(abs(found.trust[7] - 0.5 * 0.97) < 1e-6)
    #expect(found.planes[0].allSatisfy { $0.isFinite })
  }

  @Test("follows coarser planes at their own places")
  func subsampled() {
    let lattice = SampleLattice(height: 1, width: 3, rowOrigin: 0, columnOrigin: 0, columnStep: 2)
    let known: [UInt8] = [1, 1, 1, 0, 0, 0, 0, 0, 0]
    let found = Propagation().find(
      known.map { 1 - $0 }, in: [[0, 2, 4, 0, 0, 0, 0, 0, 0]], known: known, lattice: lattice, chain: chain,
      threads: 2)
    // One luma sample is half a chroma sample.
    #expect(found.planes[0][4] == 1 && found.planes[0][5] == 3)
    #expect(found.planes[0][7] == 0 && found.planes[0][8] == 2)
  }

  @Test("makes a frame in between half-way along the motion")
  func inBetween() throws {
    let (height, width) = (48, 56)
    func picture(_ t: Float) -> Matrix {
      MovingTexture.picture(height: height, width: width, dy: -t, dx: 3 * t)
    }
    let chain = try FlowChain(pictures: [picture(0), picture(1)], threads: 1)
    let between = FrameInterpolation(forward: chain.forward[0], backward: chain.backward[0], time: 0.5)
    let mean = picture(0)
    for i in 0..<mean.count { mean.base[i] = 0.5 * (mean.base[i] + picture(1).base[i]) }
    let made = between.picture(
      between: picture(0), and: picture(1), fill: mean, lattice: SampleLattice(height: height, width: width))
    func error(_ a: Matrix) -> Double {
      let truth = picture(0.5)
      var sum = 0.0
      for y in 6..<height - 6 {
        for x in 6..<width - 6 { sum += Double((a[y, x] - truth[y, x]) * (a[y, x] - truth[y, x])) }
      }
      return sum
    }
    #expect(error(made) < 0.1 * error(mean))
  }
}
