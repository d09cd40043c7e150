extension MaskedSamples {
  /// The samples of the given frames within `box`, whose corner lies on whole chroma samples.
  public init(frames: [Frame], masks: [FrameMask], box: Box, format: FrameFormat) {
    let scale = 1 / Float(format.maximumValue)
    let planes = format.planes.enumerated().map { p, plane in
      let area = PlaneBox(box, in: plane)
      var values = [Float](repeating: 0, count: frames.count * area.count)
      var states = [UInt8](repeating: SampleState.known, count: values.count)
      for (t, frame) in frames.enumerated() {
        let first = t * area.count
        for y in 0..<area.height {
          let source = (area.y + y) * plane.width + area.x
          let target = first + y * area.width
          if frame.values.isEmpty {
            frame.planes[p].withView { samples in
              values.withUnsafeMutableBufferPointer { values in
                for x in 0..<area.width { values[target + x] = Float(samples[source + x]) * scale }
              }
            }
          } else {
            values.replaceSubrange(
              target..<target + area.width, with: frame.values[p][source..<source + area.width])
          }
        }
        if masks[t].missing.isEmpty { continue }
        for (i, isMissing) in masks[t].missing(in: area).enumerated() where isMissing != 0 {
          states[first + i] = SampleState.missing
          // What the input has in a hole must not be read.
          values[first + i] = 0
        }
      }
      return Plane(
        role: plane.role, height: area.height, width: area.width, values: values, states: states,
        rowPositions: (0..<area.height).map { area.rowPosition($0) },
        columnPositions: (0..<area.width).map { area.columnPosition($0) })
    }
    self.init(frames: frames.count, height: box.height, width: box.width, planes: planes)
  }

  /// The same with the samples under `chosen`, (frames, height, width), held out where they are known.
  ///
  /// - Parameter planes: in which planes.
  public func holdingOut(
    _ chosen: [UInt8], box: Box, format: FrameFormat, planes: PlaneSelection = .all
  ) -> MaskedSamples {
    precondition(chosen.count == frames * height * width, "one choice for each sample of the frame")
    var result = self
    for (p, plane) in format.planes.enumerated() where planes.contains(PlaneSelection(plane.role)) {
      let area = PlaneBox(box, in: plane)
      for t in 0..<frames {
        for y in 0..<height {
          let row = (t * area.height + ((box.y + y) >> plane.verticalShift) - area.y) * area.width
          for x in 0..<width where chosen[(t * height + y) * width + x] != 0 {
            let i = row + ((box.x + x) >> plane.horizontalShift) - area.x
            if result.planes[p].states[i] == SampleState.known {
              result.planes[p].states[i] = SampleState.heldOut
            }
          }
        }
      }
    }
    return result
  }

  /// Number of samples in a state, over all planes.
  public func count(of state: UInt8) -> Int {
    planes.reduce(0) { sum, plane in
      plane.states.withUnsafeBufferPointer { states in
        var count = 0
        for s in states where s == state { count += 1 }
        return sum + count
      }
    }
  }
}
