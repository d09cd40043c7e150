import Frames

extension SiteUnit {
  /// Adds to what is held out the place of the lasting hole in the carried frames next to the window.
  ///
  /// Places beside the hole may be of another kind than what it hides. Held out as well, the carried frames make the hole longer
  /// by a frame at each end, and its estimates there are judged by what was seen: whether frames on the other side of the
  /// window, or a little farther from it, still show what is missing in the window.
  ///
  /// - Parameter chosen: 1 where a sample is held out; nil for none.
  func holdingOutCarried(_ chosen: [UInt8]?) -> [UInt8]? {
    let sides = [(carried.before, window.lowerBound - 1), (carried.after, window.upperBound)]
    // Nothing else may be known at the place on a side that has one frame.
    let judged = sides.filter { $0.0 >= LastingHole.frames }.map(\.1)
    if judged.isEmpty { return chosen }
    var result = chosen ?? [UInt8](repeating: 0, count: missing.count)
    let area = box.area
    for i in 0..<area where window.allSatisfy({ missing[$0 * area + i] != 0 }) {
      for t in judged where missing[t * area + i] == 0 { result[t * area + i] = 1 }
    }
    return result
  }
}
