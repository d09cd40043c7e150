import Foundation
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

  /// A hole that stays, in a texture that moves and turns a little.
  private func staticHole(step: Int) throws -> (
    values: [Float], known: [UInt8], lattice: SampleLattice, chain: FlowChain
  ) {
    let (frames, height, width) = (9, 48, 56)
    let (turn, middle) = (Float(0.01), (y: Float(height) / 2, x: Float(width) / 2))
    // From a frame to the next: a turn about the middle, and a shift; and back.
    func moved(_ p: (y: Float, x: Float), forward: Bool) -> (y: Float, x: Float) {
      let shift = (y: Float(0.4), x: Float(1.7))
      let (y, x) =
        forward ? (p.y - middle.y, p.x - middle.x) : (p.y - middle.y - shift.y, p.x - middle.x - shift.x)
      let (c, s) = (cos(turn), forward ? sin(turn) : -sin(turn))
      let turned = (y: middle.y + c * y + s * x, x: middle.x + c * x - s * y)
      return forward ? (turned.y + shift.y, turned.x + shift.x) : turned
    }
    var flows: [FlowField] = []
    for k in 0..<2 * (frames - 1) {
      let flow = FlowField(still: height, width)
      for y in 0..<height {
        for x in 0..<width {
          let there = moved((Float(y), Float(x)), forward: k % 2 == 0)
          (flow.dy[y, x], flow.dx[y, x]) = (there.y - Float(y), there.x - Float(x))
        }
      }
      flows.append(flow)
    }
    let lattice = SampleLattice(
      height: height / step, width: width / step, rowStep: Float(step), columnStep: Float(step))
    var (values, known): ([Float], [UInt8]) = ([], [])
    for t in 0..<frames {
      for row in 0..<lattice.height {
        for column in 0..<lattice.width {
          let (y, x) = (row * step, column * step)
          var origin = (y: Float(y), x: Float(x))
          for _ in 0..<t { origin = moved(origin, forward: false) }
          values.append(MovingTexture.value(y: 0.6 * origin.y, x: 0.6 * origin.x))
          known.append((14..<30).contains(y) && (18..<38).contains(x) ? 0 : 1)
        }
      }
    }
    return (values, known, lattice, FlowChain(flows: flows, threads: 2))
  }

  @Test("finds what its plain twin does, which follows each sample by itself", arguments: [1, 2])
  func plainTwin(step: Int) throws {
    let (values, known, lattice, chain) = try staticHole(step: step)
    let found = Propagation().find(
      known.map { 1 - $0 }, in: [values], known: known, lattice: lattice, chain: chain, threads: 2)
    for frame in [0, 3, 8] {
      let plain = PlainTrace.find(in: values, known: known, frame: frame, lattice: lattice, chain: chain)
      // Ways of many steps may end in frames beside those that the twin sees, but hardly elsewhere in the texture.
      var (error, trust, both, one) = (Float(0), Float(0), 0, 0)
      for (i, twin) in plain.enumerated() where known[frame * lattice.count + i] == 0 {
        let here = frame * lattice.count + i
        switch (found.trust[here] > 0, twin.confidence > 0) {
        case (true, true):
          error += (found.planes[0][here] - twin.value) * (found.planes[0][here] - twin.value)
          trust += found.trust[here] - twin.confidence
          both += 1
        case (false, false): break
        default: one += 1
        }
      }
      #expect(both > 60 && 30 * one < both, "frame \(frame)")
      #expect((error / Float(both)).squareRoot() < 0.006, "frame \(frame)")
      #expect(abs(trust) / Float(both) < 0.026, "frame \(frame)")
    }
    #expect(found.planes[0].allSatisfy { $0.isFinite })
  }

  @Test("is the same for any number of threads, and a number where all flows differ")
  func threads() throws {
    let (values, known, lattice, chain) = try staticHole(step: 1)
    // Every way ends beside where its neighbours' do.
    for (k, link) in (chain.forward + chain.backward).enumerated() {
      for i in 0..<link.flow.dx.count {
        link.flow.dx.base[i] += 0.9 * sin(Float(i * 37 + k))
        link.flow.dy.base[i] += 0.9 * cos(Float(i * 91 + k))
      }
    }
    let found = [1, 3].map {
      Propagation().find(
        known.map { 1 - $0 }, in: [values], known: known, lattice: lattice, chain: chain, threads: $0)
    }
    #expect(found[0].planes == found[1].planes && found[0].trust == found[1].trust)
    #expect(found[0].planes[0].allSatisfy { $0.isFinite && (0...1).contains($0) })
    #expect(found[0].trust.contains { $0 > 0 })
  }

  @Test(
    "makes a frame in between as far along the motion as it is in time", arguments: [Float(0.25), 0.5, 0.8])
  func inBetween(time: Float) throws {
    let (height, width) = (48, 56)
    func picture(_ t: Float) -> Matrix {
      MovingTexture.picture(height: height, width: width, dy: -t, dx: 3 * t)
    }
    let chain = try FlowChain(pictures: [picture(0), picture(1)], threads: 1)
    let between = FrameInterpolation(forward: chain.forward[0], backward: chain.backward[0], time: time)
    let means = zip(picture(0).values, picture(1).values).map { $0 + time * ($1 - $0) }
    let mean = Matrix(rows: height, columns: width, values: means)
    let made = between.picture(
      between: picture(0), and: picture(1), fill: mean, lattice: SampleLattice(height: height, width: width))
    func error(_ a: Matrix) -> Double {
      let truth = picture(time)
      var sum = 0.0
      for y in 6..<height - 6 {
        for x in 6..<width - 6 { sum += Double((a[y, x] - truth[y, x]) * (a[y, x] - truth[y, x])) }
      }
      return sum
    }
    #expect(error(made) < 2e-3 * error(mean))
  }
}
