import Frames

extension MaskedSamples {
  /// Each frame by itself.
  var singleFrames: [MaskedSamples] {
    (0..<frames).map { frame in
      MaskedSamples(
        frames: 1, height: height, width: width,
        planes: planes.map { plane in
          let range = frame * plane.height * plane.width..<(frame + 1) * plane.height * plane.width
          return Plane(
            role: plane.role, height: plane.height, width: plane.width, values: Array(plane.values[range]),
            states: Array(plane.states[range]), rowPositions: plane.rowPositions,
            columnPositions: plane.columnPositions)
        })
    }
  }

  /// A number that differs where samples or holes differ (FNV-1a).
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
    for plane in planes {
      add(UInt64(plane.width))
      add(UInt64(plane.height))
      for (value, state) in zip(plane.values, plane.states) {
        add(UInt64(state))
        if state != SampleState.missing { add(UInt64(value.bitPattern)) }
      }
    }
    return hash
  }
}
