import CVectorMath
import Foundation
import Frames
import TestSupport
import Testing

@testable import Reconstruction

struct SpotEstimatorTests {
  private let format = FrameFormat(
    width: 96, height: 80, bitDepth: 10, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  /// Texture that moves by `speed` samples a frame.
  private func content(
    frames: Int, speed: Float, missing: (Int, Int, Int) -> Bool
  ) -> (content: WindowContent, truth: [Frame]) {
    func value(_ t: Int, _ y: Float, _ x: Float) -> Float {
      let u = x - speed * Float(t)
      return 0.5 + 0.2 * sin(u / 2.1) * cos(y / 2.7) + 0.15 * sin((u + y) / 5.3)
    }
    let truth = (0..<frames).map { t in
      Frame(
        format: format,
        planes: format.planes.map { plane in
          let step = Float(1 << plane.verticalShift)
          return (0..<plane.count).map { i in
            let y = Float(i / plane.width) * step + (step - 1) / 2
            return UInt16(value(t, y, Float(i % plane.width) * step) * 1023)
          }
        }, index: t)
    }
    let masks = (0..<frames).map { t in
      FrameMask(width: 96, height: 80, missing: (0..<96 * 80).map { missing(t, $0 / 96, $0 % 96) ? 1 : 0 })
    }
    var damaged = truth
    for t in 0..<frames {
      for (p, plane) in format.planes.enumerated() {
        for (i, isMissing) in masks[t].missing(in: plane).enumerated() where isMissing != 0 {
          damaged[t].planes[p][i] = UInt16(i * 31 % 1024)
        }
      }
    }
    return (WindowContent(first: 0, frames: damaged, masks: masks), truth)
  }

  private func isDirt(_ t: Int, _ y: Int, _ x: Int) -> Bool {
    let (cy, cx) = (20 + 9 * (t % 5), 25 + 13 * (t % 4))
    return (cy..<cy + 11).contains(y) && (cx..<cx + 10).contains(x)
  }

  @Test func placesOfSamplesAreTheSamplesAndWhatIsMissingIsNotSeen() {
    let (content, _) = content(frames: 2, speed: 0) { t, y, x in t == 1 && y == 40 && x == 40 }
    for planes in [[0], [1, 2]] {
      let found = SpotPlanes(content, format: format, planes: planes, threads: 1)
      let cells = [(0, 0), (1, 1), (17, 21), (found.height - 1, found.width - 1), (found.height / 2, 0)]
      let y = cells.map { found.y(ofRow: $0.0) }
      let x = cells.map { found.x(ofColumn: $0.1) }
      let places = found.places(frame: 0, y: y, x: x)
      for p in planes {
        let values = found.values(plane: p, frame: 0, at: places)
        for (k, cell) in cells.enumerated() {
          let sample = content.frames[0].planes[p][cell.0 * found.width + cell.1]
          #expect(abs(values[k] - Float(sample) / 1023) < 1e-6)
        }
      }
      // Outside, and beside what is missing.
      #expect(found.places(frame: 0, y: [-2, 10], x: [10, 97]).allSatisfy { $0.kind == SPOT_UNSEEN })
      #expect(found.places(frame: 1, y: [40.4], x: [39.7])[0].kind == SPOT_UNSEEN)
      #expect(found.places(frame: 1, y: [20.4], x: [19.7])[0].kind == SPOT_CUBIC)
    }
    let luma = SpotPlanes(content, format: format, planes: [0], threads: 1)
    #expect(luma.places(frame: 1, y: [41.5], x: [40])[0].kind == SPOT_LINEAR)
  }

  /// Between samples the values are those of cubic convolution, which follows a curve that a straight line misses.
  @Test func betweenSamplesValuesFollowTheCurve() {
    let (content, _) = content(frames: 1, speed: 0) { _, _, _ in false }
    let planes = SpotPlanes(content, format: format, planes: [0], threads: 1)
    var (cubic, linear): (Float, Float) = (0, 0)
    for k in 0..<40 {
      let (y, x) = (30 + Float(k) * 0.37, 20 + Float(k) * 0.61)
      let place = planes.places(frame: 0, y: [y], x: [x])[0]
      var straight = place
      straight.kind = SPOT_LINEAR
      let truth = 0.5 + 0.2 * sin(x / 2.1) * cos(y / 2.7) + 0.15 * sin((x + y) / 5.3)
      cubic += abs(planes.values(plane: 0, frame: 0, at: [place])[0] - truth)
      linear += abs(planes.values(plane: 0, frame: 0, at: [straight])[0] - truth)
    }
    #expect(cubic < 0.25 * linear)
  }

  @Test func motionIsFoundAcrossHoles() throws {
    let (content, _) = content(frames: 4, speed: 2.5, missing: isDirt)
    let flow = try WindowFlow(
      content, heldOut: content.frames.map { _ in [] }, filled: nil, detail: .coarse, threads: 2)
    for t in 0..<3 {
      let (cy, cx) = (Float(25 + 9 * (t % 5)), Float(30 + 13 * (t % 4)))
      var (y, x) = ([cy], [cx])
      flow.follow(&y, &x, from: t, isForward: true)
      #expect(abs(y[0] - cy) < 0.4 && abs(x[0] - cx - 2.5) < 0.4, "frame \(t)")
      flow.follow(&y, &x, from: t + 1, isForward: false)
      #expect(abs(y[0] - cy) < 0.3 && abs(x[0] - cx) < 0.3, "frame \(t)")
    }
    #expect(!flow.hasLink(from: 3, isForward: true) && !flow.hasLink(from: 0, isForward: false))
  }

  /// A candidate that differs by a factor of its contrast and by brightness, among useless ones, gives the sample back.
  @Test func regressionCorrectsWhatNeighboursShow() throws {
    let (content, truth) = content(frames: 1, speed: 0, missing: isDirt)
    let planes = SpotPlanes(content, format: format, planes: [0], threads: 1)
    let piece = try #require(SpotPiece.pieces(of: content.masks[0], frame: 0).first)
    let box = SpotBox(piece, of: planes)
    func own(_ i: Int) -> Float {
      let place = (box.rows.lowerBound + i / box.width) * 96 + box.columns.lowerBound + i % box.width
      return Float(truth[0].planes[0][place]) / 1023
    }
    var chance = Chance(seed: 3)
    let darker = box.near.map { own($0) - 0.06 }
    let noise = box.near.map { _ in Float.random(in: 0..<1, using: &chance) }
    let seen = [Float](repeating: 1, count: box.near.count)
    let candidates = [darker, noise].map { SpotCandidate(values: [$0], seen: seen, coverage: 1) }
    let values = (0..<box.count).map { box.isKnown[$0] == SampleState.known ? own($0) : 0 }
    let regression = SpotRegression(of: values, on: candidates, plane: 0, in: box)
    let found = try #require(regression)
    for (k, i) in box.samples.enumerated() {
      #expect(abs(found.joined[k] - own(i)) < 0.012 && found.error[k] < 0.02)
    }
    // Where only the noise is seen, the error says so.
    let part = candidates.enumerated().map { k, candidate in
      let seen = box.near.map { i -> Float in k == 1 || !box.isOwn[i] ? 1 : 0 }
      return SpotCandidate(
        values: [zip(candidate.values[0], seen).map(*)], seen: seen, coverage: Double(k))
    }
    let blindRegression = SpotRegression(of: values, on: part, plane: 0, in: box)
    let blind = try #require(blindRegression)
    for k in box.samples.indices { #expect(blind.error[k] > 3 * found.error[k]) }
    #expect(SpotRegression(of: values, on: [], plane: 0, in: box) == nil)
  }

  @Test func heldOutPiecesLieOnKnownSamples() {
    let (content, _) = content(frames: 6, speed: 1, missing: isDirt)
    let pieces = content.masks.indices.map { SpotPiece.pieces(of: content.masks[$0], frame: $0) }
    let found = SpotHoldOut(content: content, seed: 5, most: 1200).choose(pieces, threads: 1)
    #expect(found.joined().count >= 2)
    for (t, frame) in found.enumerated() {
      for piece in frame {
        #expect(piece.frame == t && !piece.isMissing && piece.count == 110)
        piece.forEach { #expect(!isDirt(t, $0, $1) && (0..<80).contains($0) && (0..<96).contains($1)) }
      }
    }
    let again = SpotHoldOut(content: content, seed: 5, most: 1200).choose(pieces, threads: 3)
    #expect(again.map { $0.map(\.runs) } == found.map { $0.map(\.runs) })
  }
}
