import Foundation
import Frames

/// The masks of an input's frames in a plan, each kept once for all frames in a row that have it.
struct MaskLog {
  /// From which frame on a mask holds.
  struct Entry: Sendable, Codable {
    var frame: Int
    var mask: PlanData.Block
  }

  private let data: PlanData
  private var last: FrameMask?
  private(set) var entries: [Entry] = []

  init(_ data: PlanData) { self.data = data }

  /// Frames come in order.
  mutating func add(_ mask: FrameMask, of frame: Int) throws {
    if let last, last == mask { return }
    last = mask
    entries.append(Entry(frame: frame, mask: try data.add(MaskCode.encoded(mask))))
  }

  /// Adds the list of all of them; nil for none.
  func finish() throws -> PlanData.Block? {
    if entries.isEmpty { return nil }
    return try data.add(json: entries)
  }
}

/// Reads what a `MaskLog` wrote.
struct PlannedMasks: Sendable {
  private let data: PlanData.Reader
  private let entries: [MaskLog.Entry]
  private let width: Int
  private let height: Int
  private var last: (index: Int, mask: FrameMask)?

  /// - Throws: `JobError`.
  init(_ block: PlanData.Block?, in data: PlanData.Reader, width: Int, height: Int) throws {
    (self.data, self.width, self.height) = (data, width, height)
    let bytes = try block.map { try data.data($0) }
    entries = try bytes.map { try JSONDecoder().decode([MaskLog.Entry].self, from: $0) } ?? []
  }

  /// - Throws: `JobError`.
  mutating func mask(of frame: Int) throws -> FrameMask {
    // The last entry that begins at or before the frame.
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].frame <= frame { low = middle + 1 } else { high = middle }
    }
    if low == 0 { return FrameMask(width: width, height: height) }
    if let last, last.index == low { return last.mask }
    guard let mask = MaskCode.mask(try data.data(entries[low - 1].mask), width: width, height: height) else {
      throw JobError.configuration("\(data.path) is damaged: make the plan anew with inrr-video plan --force")
    }
    last = (low, mask)
    return mask
  }
}
