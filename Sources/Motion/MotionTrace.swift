import Kernels

/// Follows samples that are not known along a chain of flows, one way, to the nearest frame in which something is known of the
/// place they come to.
///
/// A path that comes to a place between samples goes on like that of one of the four samples around it, the host, at the same
/// offset. So a step is computed once for each sample, and paths of any length are composed of steps. The host is drawn in
/// proportion to the bilinear weights, anew in each frame: with the nearest sample as host, slow motion would be rounded to
/// none.
///
/// Unchecked because of its pointers: a call of `land` writes to the landings of its row, which are not read before all
/// rows of the frame are done; all else is only read.
struct MotionTrace: @unchecked Sendable {
  /// The end of a path: a place at which something is known, in samples of the flow's pictures.
  struct Landing {
    var y: Float = 0
    var x: Float = 0
    /// 0 ... 1; 0 if the path leads nowhere.
    var trust: Float = 0
    var frame: Int32 = 0
  }

  /// What was found of a sample.
  struct Finding {
    /// Of up to three planes, full scale = 1.
    var value: SIMD4<Float> = .zero
    /// 0 ... 1; 0 if nothing was found.
    var confidence: Float = 0
  }

  /// Factor of confidence for each step, besides that of the flow.
  private static let decay: Float = 0.97
  /// Traces that are trusted less are given up.
  private static let leastConfidence: Float = 0.02
  /// Least bilinear weight of known samples around a place at which something is known.
  private static let leastCoverage: Float = 0.05

  /// From each frame to the next one of the way.
  private let links: [FlowChain.Link]
  private let isForward: Bool
  private let height: Int
  private let width: Int
  private let lattice: SampleLattice
  /// (frames, height, width): the planes, 1 where they are known.
  private let samples: KnownSamples
  /// (frames, height, width): the ends of the paths of samples that are not known.
  private let landings: UnsafeMutablePointer<Landing>

  /// - Parameters:
  ///   - landings: filled by `land` frame by frame, beginning with the last frame of the way.
  init?(
    chain: FlowChain, isForward: Bool, lattice: SampleLattice, samples: KnownSamples,
    landings: UnsafeMutablePointer<Landing>
  ) {
    links = isForward ? chain.forward : chain.backward
    guard let first = links.first else { return nil }
    self.isForward = isForward
    (height, width) = (first.flow.height, first.flow.width)
    self.lattice = lattice
    self.samples = samples
    self.landings = landings
  }

  /// Writes the landings of a row of a frame; those of the next frame of the way must be there. From the last frame no path
  /// leads on.
  func land(frame: Int, row: Int) {
    let next = isForward ? frame + 1 : frame - 1
    let isLast = next < 0 || next > links.count
    let first = frame * lattice.count + row * lattice.width
    samples.forEachUnknown(in: first..<first + lattice.width) { i in
      landings[i] = isLast ? Landing() : landing(from: frame, to: next, row: row, column: i - first)
    }
  }

  /// What is found of a sample along its path: partly known places, the nearest first, until their weights sum to one.
  func finding(frame: Int, row: Int, column: Int) -> Finding {
    var finding = Finding()
    let next = isForward ? frame + 1 : frame - 1
    guard next >= 0 && next <= links.count else { return finding }
    var place = landing(from: frame, to: next, row: row, column: column)
    // The weight that is still missing.
    var room: Float = 1
    while place.trust > 0 {
      let cell = lattice.cell(y: place.y, x: place.x)
      let first = Int(place.frame) * lattice.count
      let sum = cell.value { samples[first + $0] }
      let coverage = sum[3]
      // The host's path ends at known samples; at an offset from it, there may be none.
      if coverage >= Self.leastCoverage {
        let share = min(coverage, room)
        finding.value += sum * (share * place.trust / coverage)
        finding.confidence += share * place.trust
        room -= share
        if room < 0.1 { break }
      }
      guard let host = host(in: cell, of: Int(place.frame)) else { break }
      let way = shared(Int(place.frame), host, y: place.y, x: place.x)
      place = Landing(y: way.y, x: way.x, trust: way.trust * place.trust, frame: way.frame)
      if place.trust < Self.leastConfidence { break }
    }
    if finding.confidence > 0 { finding.value /= SIMD4(repeating: finding.confidence) }
    return finding
  }

  private func landing(from frame: Int, to next: Int, row: Int, column: Int) -> Landing {
    let link = links[isForward ? frame : next]
    var (y, x) = (lattice.y(ofRow: row), lattice.x(ofColumn: column))
    let here = BilinearCell(y: y, x: x, height: height, width: width)
    let trust = Self.decay * here.value(in: link.confidence.base)
    if trust < Self.leastConfidence { return Landing() }
    (y, x) = (y + here.value(in: link.flow.dy.base), x + here.value(in: link.flow.dx.base))
    if !isInside(y: y, x: x, height: height, width: width) { return Landing() }
    let cell = lattice.cell(y: y, x: x)
    let first = next * lattice.count
    if cell.sum(of: { samples.isKnown(first + $0) ? 1 : 0 }) >= Self.leastCoverage {
      return Landing(y: y, x: x, trust: trust, frame: Int32(next))
    }
    guard let host = host(in: cell, of: next) else { return Landing() }
    var way = shared(next, host, y: y, x: x)
    way.trust *= trust
    return way.trust < Self.leastConfidence ? Landing() : way
  }

  /// The host among the samples of a cell that are not known. All paths that come to a frame draw by the same number, so that
  /// neighbours stay together; over the frames the numbers are evenly spread (multiples of the golden section).
  private func host(in cell: BilinearCell, of frame: Int) -> (row: Int, column: Int)? {
    let first = frame * lattice.count
    let share = 0.5 + 0.618_034 * Float(frame)
    return cell.sample(at: share - share.rounded(.down)) { !samples.isKnown(first + $0) }
  }

  /// The end of the path of the sample `host` of a frame, for a path that comes to (y, x) there.
  private func shared(_ frame: Int, _ host: (row: Int, column: Int), y: Float, x: Float) -> Landing {
    var way = landings[frame * lattice.count + host.row * lattice.width + host.column]
    way.y += y - lattice.y(ofRow: host.row)
    way.x += x - lattice.x(ofColumn: host.column)
    if !isInside(y: way.y, x: way.x, height: height, width: width) { way.trust = 0 }
    return way
  }
}

/// Up to three planes on one lattice, (frames, height, width) each, and where they are known.
///
/// Unchecked because of its pointers, which are only read.
struct KnownSamples: @unchecked Sendable {
  private let planes: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
  private let known: UnsafePointer<UInt8>

  /// Lends samples to `body`.
  static func with<Value>(
    _ planes: [[Float]], known: [UInt8], _ body: (KnownSamples) throws -> Value
  ) rethrows -> Value? {
    let last = planes.count - 1
    return try planes[0].withUnsafeBufferPointer { first in
      try planes[min(1, last)].withUnsafeBufferPointer { second in
        try planes[last].withUnsafeBufferPointer { third in
          try known.withUnsafeBufferPointer { known in
            guard let a = first.baseAddress, let b = second.baseAddress, let c = third.baseAddress,
              let k = known.baseAddress
            else { return nil }
            return try body(KnownSamples(planes: (a, b, c), known: k))
          }
        }
      }
    }
  }

  @inline(__always)
  func isKnown(_ i: Int) -> Bool { known[i] == 1 }

  /// The values of three planes (of fewer, some of them again) and 1 where they are known, four times 0 elsewhere.
  @inline(__always)
  subscript(i: Int) -> SIMD4<Float> {
    isKnown(i) ? SIMD4(planes.0[i], planes.1[i], planes.2[i], 1) : .zero
  }

  func forEachUnknown(in range: Range<Int>, _ body: (Int) -> Void) {
    forEachIndex(in: range, of: known, where: 1, body)
  }
}
