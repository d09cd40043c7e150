import Frames

/// Where overlays are looked at: what of a video's masks is missing for long, in groups that lie together.
public struct OverlayPlaces: Sendable {
  private let format: FrameFormat
  /// For each pixel, in how many frames it is missing.
  private var counts: [Int32]

  /// Frames in which a place has to be missing, at least.
  static let fewestFrames = 8
  /// Pieces that lie nearer to each other are of one overlay, in samples.
  private static let nearness = 24
  /// Overlays have at most this share of the picture.
  private static let largestShare = 0.3

  public init(format: FrameFormat) {
    self.format = format
    counts = [Int32](repeating: 0, count: format.width * format.height)
  }

  /// - Parameter frames: how many have this mask.
  public mutating func add(_ mask: FrameMask, frames: Int = 1) {
    if mask.isEmpty || mask.missing.count != counts.count { return }
    let frames = Int32(clamping: frames)
    for i in counts.indices where mask.missing[i] != 0 {
      counts[i] = counts[i].addingReportingOverflow(frames).partialValue
    }
  }

  /// The places, from the top left on.
  public func places() -> [OverlayPlace] {
    var mask = FrameMask(width: format.width, height: format.height)
    let lasting = counts.map { UInt8($0 >= Int32(Self.fewestFrames) ? 1 : 0) }
    if !lasting.contains(1) { return [] }
    mask.missing = lasting
    var groups: [(box: Box, parts: [MaskComponent])] = []
    for component in mask.components() {
      var group = (
        box: Box(
          x: component.columns.lowerBound, y: component.rows.lowerBound, width: component.columns.count,
          height: component.rows.count), parts: [component]
      )
      while let near = groups.firstIndex(where: { $0.box.isNear(group.box, Self.nearness) }) {
        let other = groups.remove(at: near)
        group = (group.box.union(other.box), other.parts + group.parts)
      }
      groups.append(group)
    }
    return groups.filter { Double($0.box.area) <= Self.largestShare * Double(format.width * format.height) }
      .map { OverlayPlace(box: $0.box, parts: $0.parts, format: format) }
      .sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
  }
}

/// A place at which an overlay may be, and what is around it.
public struct OverlayPlace: Sendable, Equatable, Codable {
  /// Around what is missing.
  let marked: Box
  /// With known samples around, as far as the frame has some; its corner lies on samples of all planes.
  let box: Box
  /// 1 where the overlay may be, in the box.
  let hole: [UInt8]

  /// How far known samples are looked at around it.
  private static let margin = 12

  init(box: Box, parts: [MaskComponent], format: FrameFormat) {
    marked = box
    let shift = max(
      format.planes.map(\.horizontalShift).max() ?? 0, format.planes.map(\.verticalShift).max() ?? 0)
    let unit = 1 << shift
    let x = max(0, box.x - Self.margin) / unit * unit
    let y = max(0, box.y - Self.margin) / unit * unit
    let right = min(format.width, (box.x + box.width + Self.margin + unit - 1) / unit * unit)
    let bottom = min(format.height, (box.y + box.height + Self.margin + unit - 1) / unit * unit)
    self.box = Box(x: x, y: y, width: right - x, height: bottom - y)
    var hole = [UInt8](repeating: 0, count: self.box.area)
    for part in parts {
      for run in part.runs {
        for column in run.columns { hole[(run.row - y) * self.box.width + column - x] = 1 }
      }
    }
    self.hole = hole
  }

  /// How many samples the overlay may cover.
  var count: Int { hole.reduce(0) { $0 + Int($1) } }

  /// Whether nearly all of the place is missing by a frame's mask, and not most of what is around it.
  func isMissing(in mask: FrameMask) -> Bool {
    if mask.missing.isEmpty { return false }
    var (missing, count, missingAround) = (0, 0, 0)
    for y in 0..<box.height {
      for x in 0..<box.width {
        let isMissing = mask.missing[(box.y + y) * mask.width + box.x + x] != 0
        if hole[y * box.width + x] != 0 {
          count += 1
          if isMissing { missing += 1 }
        } else if isMissing {
          missingAround += 1
        }
      }
    }
    return missing * 10 >= count * 9 && missingAround * 2 <= box.area - count
  }

  /// The hole at a plane's own resolution.
  func hole(in area: PlaneBox, of plane: PlaneFormat) -> [Bool] {
    var result = [Bool](repeating: false, count: area.count)
    for y in 0..<box.height {
      for x in 0..<box.width where hole[y * box.width + x] != 0 {
        let (row, column) = (y >> plane.verticalShift, x >> plane.horizontalShift)
        if row < area.height, column < area.width { result[row * area.width + column] = true }
      }
    }
    return result
  }

  /// Places of the same size beside it that nothing hides, to try estimates at; at most two.
  func controls(of format: FrameFormat, others: [OverlayPlace]) -> [Box] {
    let moves = [(-1, 0), (0, 1), (1, 0), (0, -1)]
    let found = moves.compactMap { dx, dy -> Box? in
      let moved = Box(
        x: box.x + dx * box.width, y: box.y + dy * box.height, width: box.width, height: box.height)
      guard moved.x >= 0, moved.y >= 0, moved.x + moved.width <= format.width,
        moved.y + moved.height <= format.height
      else { return nil }
      return others.contains { $0.box.isNear(moved, -Self.margin) } ? nil : moved
    }
    return Array(found.prefix(2))
  }
}

extension Box {
  /// Whether less than `distance` samples lie between both; below zero, whether they overlap by more than that.
  func isNear(_ other: Box, _ distance: Int) -> Bool {
    x < other.x + other.width + distance && other.x < x + width + distance
      && y < other.y + other.height + distance && other.y < y + height + distance
  }
}
