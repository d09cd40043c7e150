import Foundation
import Frames
import Kernels
import Testing

@testable import Reconstruction

/// Straight lines and steps that go on behind a hole.
@Suite struct StraightLinesTests {
  private static let (height, width) = (72, 112)
  private static let hole = (rows: 24..<48, columns: 26..<86)

  /// One frame with a hole, of luma and a plane of half its size.
  ///
  /// - Parameter picture: the value at a place of the frame.
  private static func scene(
    frames: Int = 1, _ picture: (Float, Float) -> Float
  ) -> (samples: MaskedSamples, truth: Estimate, fog: Estimate) {
    var (planes, truth) = ([MaskedSamples.Plane](), Estimate(planes: []))
    var fog = truth
    for (role, pitch) in [(PlaneRole.luma, 1), (.chromaBlue, 2)] {
      let (rows, columns) = (height / pitch, width / pitch)
      func positions(_ count: Int) -> [Float] {
        (0..<count).map { Float($0 * pitch) + 0.5 * Float(pitch - 1) }
      }
      var (values, states) = ([Float](), [UInt8]())
      for y in positions(rows) {
        for x in positions(columns) {
          values.append(picture(y, x))
          let isMissing = hole.rows.contains(Int(y)) && hole.columns.contains(Int(x))
          states.append(isMissing ? SampleState.missing : SampleState.known)
        }
      }
      truth.planes.append((0..<frames).flatMap { _ in values })
      let seen = zip(values, states).map { $1 == SampleState.known ? $0 : 0 }
      var filled = seen
      states.withUnsafeBufferPointer { states in
        filled.withUnsafeMutableBufferPointer {
          PullPush(height: rows, width: columns).fill($0, known: states)
          Harmonic(known: states, height: rows, width: columns).relax($0)
        }
      }
      fog.planes.append((0..<frames).flatMap { _ in filled })
      planes.append(
        MaskedSamples.Plane(
          role: role, height: rows, width: columns, values: (0..<frames).flatMap { _ in seen },
          states: (0..<frames).flatMap { _ in states }, rowPositions: positions(rows),
          columnPositions: positions(columns)))
    }
    return (MaskedSamples(frames: frames, height: height, width: width, planes: planes), truth, fog)
  }

  /// A dark line of 3 samples through the middle, on a slope of brightness.
  private static func line(degrees: Double, from: Float = -.infinity) -> (Float, Float) -> Float {
    let (sine, cosine) = (Float(sin(degrees * .pi / 180)), Float(cos(degrees * .pi / 180)))
    return { y, x in
      let (dy, dx) = (y - Float(height) / 2, x - Float(width) / 2)
      let ground = 0.5 + 0.001 * x + 0.0015 * y
      if dx * cosine + dy * sine < from { return ground }
      let share = max(0, min(1, 2 - abs(dy * cosine - dx * sine)))
      return ground * (1 - share) + 0.1 * share
    }
  }

  @Test(arguments: [0.0, 12, 20, 45, 70, 90, 110, 135, 160])
  func aThinLineGoesOnAtEveryAngle(degrees: Double) throws {
    let (samples, truth, fog) = Self.scene(Self.line(degrees: degrees))
    var estimate = fog
    let lines = try #require(JoinedLines(samples, threads: 1))
    #expect(lines.draw(into: &estimate, keeping: nil) > 0.02)
    let (before, after) = (
      SyntheticVideo.psnr(fog, truth, in: samples), SyntheticVideo.psnr(estimate, truth, in: samples)
    )
    #expect(after > 29 && after > before + 11, "\(degrees) degrees: \(before) dB, joined \(after) dB")
    #expect(SyntheticVideo.isKnownKept(estimate, in: samples))
  }

  @Test func aStepGoesOn() throws {
    let (samples, truth, fog) = Self.scene { y, x in x + 0.4 * y > 70 ? 0.8 : 0.3 }
    var estimate = fog
    #expect(try #require(JoinedLines(samples, threads: 2)).draw(into: &estimate, keeping: nil) > 0)
    let (before, after) = (
      SyntheticVideo.psnr(fog, truth, in: samples), SyntheticVideo.psnr(estimate, truth, in: samples)
    )
    #expect(after > before + 6, "\(before) dB, joined \(after) dB")
  }

  @Test func aLineThatEndsBehindTheHoleIsNotDrawn() throws {
    let (samples, _, fog) = Self.scene(Self.line(degrees: 20, from: 0))
    var estimate = fog
    #expect(try #require(JoinedLines(samples, threads: 1)).draw(into: &estimate, keeping: nil) == 0)
    #expect(estimate.planes == fog.planes)
  }

  @Test(arguments: [1, 2, 3]) func textureHasNoLines(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let noise = (0..<(Self.height + 2) * (Self.width + 2)).map { _ in random.uniform() }
    let (samples, _, fog) = Self.scene { y, x in noise[Int(y) * Self.width + Int(x)] }
    var estimate = fog
    #expect(try #require(JoinedLines(samples, threads: 1)).draw(into: &estimate, keeping: nil) == 0)
  }

  @Test func whatOtherFramesShowIsKept() throws {
    let (samples, _, fog) = Self.scene(Self.line(degrees: 45))
    var estimate = fog
    let all = samples.planes.map { [Float](repeating: 1, count: $0.values.count) }
    #expect(try #require(JoinedLines(samples, threads: 1)).draw(into: &estimate, keeping: all) == 0)
    #expect(estimate.planes == fog.planes)
  }

  @Test func holesThatOtherFramesShowAreLeft() {
    var (samples, _, _) = Self.scene(frames: 2, Self.line(degrees: 45))
    let area = Self.height * Self.width
    for i in area..<2 * area { samples.planes[0].states[i] = SampleState.known }
    #expect(JoinedLines(samples, threads: 1) == nil)
  }

  @Test func threadsDoNotMatter() throws {
    let (samples, _, fog) = Self.scene(frames: 5, Self.line(degrees: 110))
    let drawn = try [1, 4].map { threads in
      var estimate = fog
      _ = try #require(JoinedLines(samples, threads: threads)).draw(into: &estimate, keeping: nil)
      return estimate.planes
    }
    #expect(drawn[0] == drawn[1])
    #expect(drawn[0] != fog.planes)
  }

  @Test func differencesThatAreWantedAreMet() {
    let (height, width) = (20, 30)
    func wanted(_ i: Int) -> Float { sin(Float(i % width) / 3) * cos(Float(i / width) / 4) }
    var (known, plane) = ([UInt8](repeating: SampleState.known, count: height * width), [Float]())
    var source = [Float](repeating: 0, count: height * width)
    for i in known.indices {
      plane.append(wanted(i))
      guard (4..<16).contains(i / width), (5..<25).contains(i % width) else { continue }
      (known[i], plane[i]) = (SampleState.missing, 0)
      for j in [i - 1, i + 1, i - width, i + width] { source[i] += wanted(i) - wanted(j) }
    }
    known.withUnsafeBufferPointer { known in
      plane.withUnsafeMutableBufferPointer {
        Harmonic(known: known, height: height, width: width).relax($0, adding: source)
      }
    }
    for i in plane.indices { #expect(abs(plane[i] - wanted(i)) < 0.004) }
  }
}
