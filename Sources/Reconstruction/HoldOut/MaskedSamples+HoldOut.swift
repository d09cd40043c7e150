import Frames

extension MaskedSamples {
  /// The samples with known ones held out in the shape of the holes, in all planes at the same places; nil where there
  /// is no hole, or no place for another.
  public func holdingOutLikeHoles(seed: UInt64) -> MaskedSamples? {
    var missing = [UInt8](repeating: 0, count: frames * height * width)
    forSamples { plane, i, place in
      if planes[plane].states[i] == SampleState.missing { missing[place] = 1 }
    }
    guard missing.contains(1),
      let chosen = HoldOut().choose(
        missing: missing, frames: frames, height: height, width: width, seed: seed)
    else { return nil }
    var result = self
    forSamples { plane, i, place in
      if chosen[place] != 0 && planes[plane].states[i] == SampleState.known {
        result.planes[plane].states[i] = SampleState.heldOut
      }
    }
    return result
  }

  /// Calls `body` with every sample's plane, its place there, and its place among those of the frame's own resolution.
  private func forSamples(_ body: (_ plane: Int, _ index: Int, _ place: Int) -> Void) {
    func nearest(_ position: Float, _ extent: Int) -> Int {
      min(max(Int(position.rounded(.down)), 0), extent - 1)
    }
    for (p, plane) in planes.enumerated() {
      let rows = plane.rowPositions.map { nearest($0, height) }
      let columns = plane.columnPositions.map { nearest($0, width) }
      var i = 0
      for t in 0..<frames {
        for row in rows {
          for column in columns {
            body(p, i, (t * height + row) * width + column)
            i += 1
          }
        }
      }
    }
  }
}
