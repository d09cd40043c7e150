import Fitting
import Frames
import Testing

@testable import Reconstruction

@Suite("Restorer")
struct RestorerTests {
  private let format = FrameFormat(
    width: 40, height: 28, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  private var settings: RestorationSettings {
    var s = RestorationSettings()
    s.preset = .fast
    (s.windowFrames, s.overlap) = (8, 3)
    return s
  }

  private func restore(
    _ source: SyntheticSource, settings: RestorationSettings? = nil, threads: Int = 1,
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> RestorationSummary {
    var execution = Execution(threads: threads)
    execution.isCancelled = isCancelled
    return try Restorer(settings: settings ?? self.settings, execution: execution).restore(source)
  }

  private func block(_ t: Int, _ y: Int, _ x: Int) -> Bool {
    (8 + t % 5..<14 + t % 5).contains(y) && (10 + 2 * t % 14..<17 + 2 * t % 14).contains(x)
  }

  @Test("known samples are untouched, frames come out in order with their attachments")
  func knownSamples() throws {
    let source = SyntheticSource(format: format, count: 19, missing: block)
    let summary = try restore(source)
    #expect(source.written.map(\.index) == Array(0..<19))
    #expect(source.written.compactMap { $0.attachment as? Int } == Array(0..<19))
    var error = 0.0
    var count = 0.0
    for frame in source.written {
      let truth = source.truth(frame.index)
      let mask = source.mask(for: frame)
      for (p, plane) in format.planes.enumerated() {
        for (i, m) in mask.missing(in: plane).enumerated() {
          let d = Double(frame.planes[p][i]) - Double(truth.planes[p][i])
          if m == 0 {
            #expect(d == 0)
          } else {
            error += d * d
            count += 1
          }
        }
      }
    }
    #expect(
      (error / count).squareRoot() < 0.8, "root mean square error \((error / count).squareRoot()) of 255")
    #expect(summary.missingSamples == Int(count) && summary.frames == 19)
    #expect(summary.sites.allSatisfy { $0.holdoutPSNR ?? 0 > 44 && $0.holdoutSamples > 500 })
    #expect(abs(summary.sites[0].weights.values.reduce(0, +) - 1) < 1e-6)
  }

  @Test(
    "any model, with its samples as a volume or frame by frame", arguments: ModelKind.allCases,
    CoordinateMode.allCases)
  func models(kind: ModelKind, coordinates: CoordinateMode) throws {
    var settings = settings
    (settings.model, settings.coordinates, settings.iterations) = (kind, coordinates, 5)
    let source = SyntheticSource(format: format, count: 9, missing: block)
    let summary = try restore(source, settings: settings, threads: 2)
    #expect(source.written.count == 9 && summary.sites.allSatisfy { $0.holdoutPSNR ?? 0 > 41 })
    // Frames after the first go on from the one before with an iteration each.
    #expect(summary.sites[0].iterations == (coordinates == .frame ? 12 : 5))
  }

  @Test("the paper's preset is the fit alone") func paper() throws {
    var settings = settings
    (settings.preset, settings.iterations) = (.paper, 3)
    let source = SyntheticSource(format: format, count: 2, missing: block)
    let summary = try restore(source, settings: settings)
    #expect(summary.sites.map(\.weights) == [[.representation: 1]] && summary.sites[0].iterations == 6)
    #expect(summary.sites[0].holdoutPSNR != nil)
  }

  @Test("memory does not grow with the length: a window's frames and the next one are held")
  func bounded() throws {
    let source = SyntheticSource(format: format, count: 60) { t, y, x in t % 20 == 3 && y < 6 && x < 6 }
    _ = try restore(source)
    #expect(source.written.count == 60)
    #expect(source.mostHeld == 9)
  }

  @Test("any number of threads gives the same")
  func threads() throws {
    var results: [[SamplePlane]] = []
    for threads in [1, 3] {
      let source = SyntheticSource(format: format, count: 11, missing: block)
      _ = try restore(source, threads: threads)
      results.append(source.written.flatMap(\.planes))
    }
    #expect(results[0] == results[1])
  }

  @Test("a scene cut splits windows")
  func sceneCut() throws {
    let source = SyntheticSource(format: format, count: 14, scene: { $0 < 5 ? 0 : 1 }, missing: block)
    let summary = try restore(source)
    #expect(summary.sites.map(\.firstFrame).contains(5))
    #expect(summary.sites.allSatisfy { $0.lastFrame < 5 || $0.firstFrame >= 5 })
  }

  @Test("nothing missing: every frame comes out as it went in")
  func nothingMissing() throws {
    let source = SyntheticSource(format: format, count: 10) { _, _, _ in false }
    let summary = try restore(source)
    #expect(source.written.map(\.planes) == (0..<10).map { source.truth($0).planes })
    #expect(summary.sites.isEmpty && summary.missingSamples == 0 && summary.holdoutPSNR == nil)
  }

  @Test("missing frames and runs longer than a window are filled from what is around them")
  func missingFrames() throws {
    let source = SyntheticSource(format: format, count: 26) { t, _, _ in t == 2 || (6..<20).contains(t) }
    _ = try restore(source)
    #expect(source.written.count == 26)
    for (t, most) in [2: 0.4, 7: 10.5, 12: 23, 18: 12] {
      let truth = source.truth(t).planes[0]
      let error = zip(source.written[t].planes[0], truth).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(error) / Double(truth.count) < most, "frame \(t)")
    }
  }

  @Test("nothing known is an error that names the frames")
  func nothingKnown() {
    let source = SyntheticSource(format: format, count: 5) { _, _, _ in true }
    #expect(throws: RestorationError.nothingKnown(first: 0, last: 4)) { try restore(source) }
  }

  @Test("stops when asked to, and writes no further frame")
  func cancellation() {
    let source = SyntheticSource(format: format, count: 12, missing: block)
    var calls = 0
    #expect(throws: RestorationError.cancelled) {
      try restore(source) {
        calls += 1
        return calls > 20
      }
    }
    #expect(source.written.isEmpty)
  }

  @Test("one frame, and frames of a few samples", arguments: [(1, 40, 28), (3, 7, 5), (2, 1, 1)])
  func tiny(count: Int, width: Int, height: Int) throws {
    let small = FrameFormat(width: width, height: height, bitDepth: 10, roles: [.luma])
    let source = SyntheticSource(format: small, count: count) { t, y, x in (t + y + x) % 3 == 1 }
    _ = try restore(source)
    #expect(source.written.count == count)
  }
}
