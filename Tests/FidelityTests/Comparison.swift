import Foundation

/// Compares two files by what ffprobe says, field by field.
struct Comparison {
  let before: FileView
  let after: FileView
  let allowed: [AllowedDifference]
  private let isAnotherContainer: Bool
  /// Indices in the output of the input's other streams that are there.
  let pairs: [(before: Int, after: Int)]
  /// Half a unit of the coarser clock, and a little.
  static let tolerance = 0.00105

  init(_ before: FileView, _ after: FileView, _ test: FidelityCase) {
    self.before = before
    self.after = after
    var allowed = AllowedDifference.everywhere + test.mayDiffer
    isAnotherContainer = test.inputContainer != test.outputContainer
    if isAnotherContainer { allowed += AllowedDifference.containers }
    if test.isLossless || test.codec != nil { allowed += AllowedDifference.codecs }
    self.allowed = allowed
    let kept = before.kinds.keys.sorted().filter { !test.refused.contains($0) }
    let others = after.kinds.keys.sorted()
    pairs = Array(zip(kept, others)).map { (before: $0, after: $1) }
  }

  /// A sentence for each difference that is not allowed.
  func differences() -> [String] {
    var found = streams() + frames()
    let first = Dictionary(
      uniqueKeysWithValues: before.fields.compactMap { path, value in
        renamed(path).map { ($0, value) }
      })
    for path in Set(first.keys).union(after.fields.keys).sorted() {
      let (a, b) = (first[path], after.fields[path])
      if isSame(a, b, path) || allowed.contains(where: { $0.covers(path) }) { continue }
      found.append("\(path): \(a ?? "nothing") became \(b ?? "nothing")")
    }
    return found
  }

  /// The path in the output of a field of the input; nil for one of a stream that was refused.
  private func renamed(_ path: String) -> String? {
    let parts = path.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.first == "stream", parts.count == 3, let index = Int(parts[1]) else { return path }
    return pairs.first { $0.before == index }.map { "stream.\($0.after).\(parts[2])" }
  }

  private func isSame(_ a: String?, _ b: String?, _ path: String) -> Bool {
    if a == b { return true }
    if path == "video.avg_frame_rate" { return isSameRate(a, b) }
    if path.hasSuffix(".nb_streams") { return true }
    // What is not said is limited; Matroska says it by itself, MP4 where it says other things of the colours.
    if path == "video.color_range" && isAnotherContainer { return (a ?? "tv") == (b ?? "tv") }
    if path.hasPrefix("chapter.") && (path.hasSuffix(".id") || path.hasSuffix("time_base")) { return true }
    if path.hasPrefix("chapter.") && (path.hasSuffix(".start") || path.hasSuffix(".end")) { return true }
    guard let a = a.flatMap(Double.init), let b = b.flatMap(Double.init),
      path.hasSuffix("_time") || path.hasSuffix("duration")
    else { return false }
    return abs(a - b) <= Self.tolerance
  }

  /// Averages over whole files that end in the middle of a frame, or not.
  private func isSameRate(_ a: String?, _ b: String?) -> Bool {
    let values = [a, b].map { rate -> Double in
      let parts = (rate ?? "").split(separator: "/").compactMap { Double($0) }
      return parts.count == 2 && parts[1] != 0 ? parts[0] / parts[1] : 0
    }
    return abs(values[0] - values[1]) <= 0.002 * max(values[0], values[1])
  }

  private func streams() -> [String] {
    var found: [String] = []
    let isAdded = allowed.contains { $0.covers("added stream") }
    if after.kinds.count != pairs.count + (isAdded ? 1 : 0) {
      found.append("\(before.kinds.count) streams became \(after.kinds.count)")
    }
    for (a, b) in pairs where a != before.video {
      let (first, second) = (before.packets[a] ?? [], after.packets[b] ?? [])
      let isRewritten = allowed.contains { $0.covers("packets") } && first.count == second.count
      if first.map(\.hash) != second.map(\.hash) && !isRewritten {
        found.append("stream \(a): \(first.count) packets became \(second.count), or their bytes are others")
        continue
      }
      for (k, (x, y)) in zip(first, second).enumerated() {
        let isMoved = x.time.map { x in y.time.map { abs(x - shift - $0) > Self.tolerance } ?? true } ?? false
        if isMoved {
          found.append("stream \(a), packet \(k): \(x.time ?? .nan) s became \(y.time ?? .nan) s")
          break
        }
      }
    }
    return found
  }

  /// Containers that begin at zero move everything alike: by the time at which a transport stream begins, to which its sound
  /// belongs.
  private var shift: Double {
    if before.fields["format.format_name"] == "mpegts", after.fields["format.format_name"] != "mpegts" {
      return before.fields["format.start_time"].flatMap(Double.init) ?? 0
    }
    guard allowed.contains(where: { $0.covers("shift") }), let a = before.frameTimes.first,
      let b = after.frameTimes.first
    else { return 0 }
    return a - b
  }

  private func frames() -> [String] {
    var found: [String] = []
    if before.frameTimes.count != after.frameTimes.count {
      return ["\(before.frameTimes.count) frames became \(after.frameTimes.count)"]
    }
    for (k, (a, b)) in zip(before.frameTimes, after.frameTimes).enumerated()
    where abs(a - shift - b) > Self.tolerance {
      found.append("frame \(k): \(a) s became \(b) s")
      break
    }
    if let a = before.frameDurations.last, let b = after.frameDurations.last, a.isFinite,
      !(abs(a - b) <= Self.tolerance), !allowed.contains(where: { $0.covers("last duration") })
    {
      found.append("the last frame's duration: \(a) s became \(b) s")
    }
    if before.frameFields != after.frameFields && !allowed.contains(where: { $0.covers("fields") }) {
      found.append("fields: \(before.frameFields.first ?? "") became \(after.frameFields.first ?? "")")
    }
    return found
  }
}
