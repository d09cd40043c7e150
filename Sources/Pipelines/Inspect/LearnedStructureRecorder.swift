import Fitting
import Foundation
import Frames
import Inspection
import Kernels
import Reconstruction
import Representations

/// Keeps what fits learn for a report: of the first tile of each window, and of few windows where there are many.
final class LearnedStructureRecorder: FitRecorder {
  /// What was kept, in the order of the frames.
  private(set) var structures: [LearnedStructure] = []
  /// Windows that were fitted.
  private(set) var fitted = 0

  /// Windows that are kept at most; of more every second goes, again and again.
  private static let capacity = 8
  /// Iterations at which similarities are kept, and the last one; the first looks at all axes come within twelve.
  private static let snapshots = [12, 36, 90]
  private static let period = 10

  private var stride = 1
  private var current: LearnedStructure?
  /// By candidate: what was seen of the penalties that compete.
  private var candidates: [Int: LearnedStructure] = [:]
  private var lastFirst: Int?
  private var windows = 0

  func siteBegins(first: Int, count: Int, box: Box) {
    candidates = [:]
    current = nil
    // Tiles of one window begin with the same frame.
    if first == lastFirst { return }
    lastFirst = first
    defer { windows += 1 }
    if windows % stride != 0 { return }
    current = LearnedStructure(
      first: first, last: first + count - 1, x: box.x, y: box.y, width: box.width, height: box.height,
      axes: Axis.allCases.map { LearnedStructure.Axis(name: Self.name($0), count: 0) })
  }

  private static func name(_ axis: Axis) -> String {
    switch axis {
    case .row: "rows"
    case .column: "columns"
    case .time: "frames"
    }
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
    // A picture that can't be made is one that isn't shown.
    guard let picture = try? affinityPicture(product.values, count: count) else { return }
    affinities.append(.init(iteration: iteration, picture: picture))
  }
}
