import Fitting
import Frames
import Inspection
import Kernels
import Reconstruction
import Representations

/// Records what fits learn, for the HTML report: of the first tile of each window, and of at most eight windows.
final class LearnedStructureRecorder: FitRecorder {
  /// What was recorded, in the order of the frames.
  private(set) var structures: [LearnedStructure] = []
  private(set) var fitted = 0

  /// The most windows that are kept. Where there are more, every second one is dropped, again and again.
  private static let capacity = 8
  /// Iterations at which similarities are kept, besides the last one. All axes have been evaluated by iteration 12.
  private static let snapshots = [12, 36, 90]
  private static let period = 10

  private var stride = 1
  private var current: LearnedStructure?
  /// The records of competing weights, by candidate.
  private var candidates: [Int: LearnedStructure] = [:]
  private var lastFirst: Int?
  private var windows = 0

  func siteBegins(first: Int, count: Int, box: Box) {
    candidates = [:]
    current = nil
    // Tiles of one window have the same first frame.
    if first == lastFirst { return }
    lastFirst = first
    defer { windows += 1 }
    if windows % stride != 0 { return }
    current = LearnedStructure(
      first: first, last: first + count - 1, x: box.x, y: box.y, width: box.width, height: box.height,
      axes: ["rows", "columns", "frames"].map { LearnedStructure.Axis(name: $0, count: 0) })
  }

  func observe(_ observation: FitObservation) {
    guard let current else { return }
    let iteration = observation.iteration
    let isSnapshot = Self.snapshots.contains(iteration)
    guard isSnapshot || iteration % Self.period == 0 else { return }
    var seen = candidates[observation.candidate] ?? current
    seen.loss.add(observation.loss, at: iteration)
    if let psnr = observation.holdoutPSNR { seen.holdoutPSNR.add(psnr, at: iteration) }
    for (i, axis) in Axis.allCases.enumerated() {
      guard let energy = observation.energies.first(where: { $0.axis == axis }) else { continue }
      seen.axes[i].energy.add(energy.value / energy.weight, at: iteration)
      if isSnapshot { seen.axes[i].add(energy.similarity(), at: iteration) }
    }
    latest = observation
    candidates[observation.candidate] = seen
  }

  /// The last observation, for the similarities at the end.
  private var latest: FitObservation?

  func fitEnds(_ fit: EndedFit) {
    guard var seen = candidates[fit.candidate] else { return }
    for (i, axis) in Axis.allCases.enumerated() {
      seen.axes[i].count = fit.model.factor(along: axis).rows
      seen.axes[i].spectrum = fit.spectrum(along: axis).map { Double($0) }.filter { $0.isFinite }
      if let latest, let energy = latest.energies.first(where: { $0.axis == axis }) {
        seen.axes[i].add(energy.similarity(), at: latest.iteration)
      }
    }
    let penalties = fit.result.penalties
    for (name, weight) in [
      ("tv", penalties.tv), ("sstv", penalties.sstv), ("inrr rows", penalties.inrrRow),
      ("inrr columns", penalties.inrrColumn), ("inrr frames", penalties.inrrTime),
    ] where weight > 0 {
      seen.penalties[name] = Double("\(weight)") ?? Double(weight)
    }
    candidates = [fit.candidate: seen]
    latest = nil
    current = seen
    structures.append(seen)
    if structures.count > Self.capacity {
      structures = structures.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
    }
  }

  func siteEnds(_ report: SiteReport) {
    if report.iterations > 0 { fitted += 1 }
    (candidates, current, latest) = ([:], nil, nil)
  }
}

extension LearnedStructure.Axis {
  /// Adds G G^T as a picture, once an iteration.
  fileprivate mutating func add(_ similarity: Matrix?, at iteration: Int) {
    guard let similarity, affinities.last?.iteration != iteration else { return }
    let count = similarity.rows
    let product = Matrix(rows: count, columns: count)
    multiply(similarity, similarity, transposing: .second, into: product)
    // Without a picture the report leaves it out.
    guard let picture = try? affinityPicture(product.values, count: count) else { return }
    affinities.append(.init(iteration: iteration, picture: picture))
  }
}
