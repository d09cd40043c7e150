import Frames

/// What a site takes along from outside its window: its place in the last frames before the window, and in the next ones
/// after it, that show what a lasting hole hides. They are further frames of the site; nothing is solved for them.
struct CarriedFrames: Sendable {
  var before: [FrameCrop] = []
  var after: [FrameCrop] = []

  static let none = CarriedFrames()

  var count: Int { before.count + after.count }

  /// The samples of a site: those of its window between those that are carried.
  func around(_ window: MaskedSamples, in box: Box) -> MaskedSamples {
    if count == 0 { return window }
    var result = window
    let (first, last) = (before.map { $0.samples(in: box) }, after.map { $0.samples(in: box) })
    result.frames += count
    for p in window.planes.indices {
      let parts = first.map { $0.planes[p] } + [window.planes[p]] + last.map { $0.planes[p] }
      result.planes[p].values = parts.flatMap(\.values)
      result.planes[p].states = parts.flatMap(\.states)
    }
    return result
  }

  /// The same of the masks.
  func around(missing: [UInt8], in box: Box) -> [UInt8] {
    if count == 0 { return missing }
    return before.flatMap { $0.missing(in: box) } + missing + after.flatMap { $0.missing(in: box) }
  }
}

extension Sequence<FrameCrop> {
  /// The crops that show a hole, by their frames: of those of one frame the one that shows most of it.
  func showing(_ hole: FrameMask, in box: Box) -> [FrameCrop] {
    var best: [Int: (known: Int, crop: FrameCrop)] = [:]
    for crop in self {
      let (all, known) = crop.count(hole, in: box)
      if known * 2 > all && known > best[crop.index]?.known ?? 0 { best[crop.index] = (known, crop) }
    }
    return best.values.map(\.crop).sorted { $0.index < $1.index }
  }
}
