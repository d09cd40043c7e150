import Frames

extension EstimatorID {
  /// Straight lines that go on behind a hole.
  static let joinedLines = EstimatorID("joined-lines")

  /// Whether the estimate follows motion, so that it may show what other frames do of a hole that stays.
  fileprivate var followsMotion: Bool {
    let alongTheHole: [EstimatorID] = [
      .temporal, .spatial, .lines, .surfaces, .representation, .longBlocks, .blocks, .emptiedBlocks,
      .refinedRepresentation,
    ]
    return !alongTheHole.contains(self)
  }
}

extension SiteInputs {
  /// Draws straight lines into the stacked estimate, where no other frame shows what is behind a hole.
  ///
  /// - Returns: the share of the missing samples that lines replace.
  /// - Throws: `RestorationError.cancelled`, `OpticalFlowError`.
  func drawLines(into estimate: inout Estimate, stackedBy stacking: Stacking) throws -> Double {
    guard let lines = JoinedLines(samples, threads: context.threads) else { return 0 }
    let moving = stacking.ids.indices.filter { stacking.ids[$0].followsMotion }
    return lines.draw(into: &estimate, keeping: moving.isEmpty ? nil : try seen(by: moving, of: stacking))
  }

  /// The weight of estimators that follow motion where that led to samples of other frames, for each plane and sample.
  private func seen(by moving: [Int], of stacking: Stacking) throws -> [[Float]]? {
    guard let along = try estimate(by: EstimatorID.motion) else { return nil }
    // What is left of this was not reached.
    let start = try stackedWithRepresentation()
    return samples.planes.indices.map { p in
      let (plane, field) = (samples.planes[p], stacking.fields[p])
      var trust = [Float](repeating: 0, count: plane.values.count)
      for t in 0..<samples.frames {
        for y in 0..<plane.height {
          let first = (t * plane.height + y) * plane.width
          var weights: WeightField.Row?
          plane.forEachUnknown(in: first..<first + plane.width) { i in
            if abs(along.planes[p][i] - start.planes[p][i]) < Self.leastDifference { return }
            let row = weights ?? field.row(t: t, y: y)
            weights = row
            trust[i] = moving.reduce(0) { $0 + row.weight(of: $1, x: i - first) }
          }
        }
      }
      return trust
    }
  }

  /// A quarter of a step of 8 bits.
  private static let leastDifference: Float = 1 / 1020
}
