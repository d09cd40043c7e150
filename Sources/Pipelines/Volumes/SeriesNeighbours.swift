import Volumes

/// Blends the reconstruction of a volume's holes with predictions from other volumes of its series.
///
/// The nearest known voxels before and after a hole in time, up to two volumes away, predict its voxels. A straight line,
/// fitted to known voxels of the same slice or of the next ones, maps them, so that brightness may change from one volume to
/// the next. The distance of known voxels from that line is the prediction's error; the reconstruction's error comes from
/// its hold-out samples. Each counts by the inverse square of its mean squared error (squared, because both errors have
/// causes in common). A prediction with a large error hardly counts.
struct SeriesNeighbours {
  let volume: Volume
  /// A volume's missing voxels (1 where missing, x fastest), and the scale of its known numbers.
  struct Known {
    var missing: [UInt8]
    var scale: IntensityScale
  }

  /// A volume and those around it, by their numbers; without volumes of which nothing is known.
  let known: [Int: Known]
  let order: SliceOrder

  /// The number of volumes that are looked at on either side.
  static let reach = 2
  /// Fewer known voxels do not fit a line.
  private static let fewest = 64

  /// The sum of the other volumes' weights, and for how many voxels.
  struct Share {
    var weight = 0.0
    var voxels = 0
  }

  /// Blends the missing voxels of a volume, slice by slice, in place.
  ///
  /// - Parameters:
  ///   - number: the volume's number; its holes are filled already.
  ///   - error: mean squared error of a slice's filled voxels, full scale = 1; nil where it is unknown.
  func blend(into number: Int, error: (Int) -> Double?) -> Share {
    var share = Share()
    guard let itself = known[number], tellsAnything(of: itself.missing, number) else { return share }
    let (own, scale) = (itself.missing, itself.scale)
    let slices = 0..<volume.shape[order.frame]
    let sums = slices.map { index in
      let hole = order.slice(index, of: own, shape: volume.shape)
      let values = numbers(number, index)
      return predictions(of: number, slice: index, scale).map { moments(from: $0, to: values, scale, hole) }
    }
    for index in slices {
      let hole = order.slice(index, of: own, shape: volume.shape)
      guard hole.contains(1) else { continue }
      let predictions = predictions(of: number, slice: index, scale)
      let lines = predictions.indices.map { kind in line(sums.map { $0[kind] }, around: index) }
      var values = numbers(number, index)
      var found: [(voxel: Int, sample: Double, error: Double)] = []
      for i in hole.indices where hole[i] != 0 {
        // The prediction with the smallest error: the volume before may be alike, and the one after not.
        let kinds = predictions.indices.filter { predictions[$0][i].isFinite }
        let best = kinds.compactMap { k in lines[k].map { (line: $0, kind: k) } }
          .min { $0.line.error < $1.line.error }
        guard let (line, k) = best else { continue }
        found.append((i, scale.stepped(line.sample(for: predictions[k][i])), line.error))
      }
      let ownError = error(index) ?? excess(of: values, scale, over: found)
      var chosen = [UInt8](repeating: 0, count: hole.count)
      for (i, sample, error) in found {
        let weight = ownError * ownError / max(ownError * ownError + error * error, 1e-24)
        values[i] += weight * (scale.number(sample) - values[i])
        chosen[i] = 1
        share.weight += weight
      }
      share.voxels += found.count
      volume.write(.init(order.frame, index, ofVolume: number), values, where: chosen)
    }
    return share
  }

  /// The mean squared error of filled voxels without a hold-out figure: their squared distance from the predictions is the
  /// sum of both errors, where these are independent, so the predictions' error is subtracted.
  private func excess(
    of values: [Double], _ scale: IntensityScale, over found: [(voxel: Int, sample: Double, error: Double)]
  )
    -> Double
  {
    let sum = found.reduce(0.0) { sum, prediction in
      let own = scale.sample(values[prediction.voxel])
      let difference = (own - prediction.sample) / IntensityScale.fullScale
      return sum + difference * difference - prediction.error
    }
    return max(sum / Double(max(found.count, 1)), 0)
  }

  /// Whether any missing voxel is known in another volume.
  private func tellsAnything(of own: [UInt8], _ number: Int) -> Bool {
    known.contains { other, known in
      other != number && own.indices.contains { own[$0] != 0 && known.missing[$0] == 0 }
    }
  }

  private func numbers(_ number: Int, _ index: Int) -> [Double] {
    var values: [Double] = []
    volume.read(.init(order.frame, index, ofVolume: number), into: &values)
    return values
  }

  /// Predictions of a slice from both sides together, from before, and from after; NaN where there is none.
  private func predictions(of number: Int, slice index: Int, _ scale: IntensityScale) -> [[Double]] {
    let sides = [-1, 1].map { side($0, of: number, slice: index, scale) }
    return [Self.between(sides[0], sides[1]), sides[0].samples, sides[1].samples]
  }

  /// For each voxel of a slice the nearest known sample on one side, on the scale of the volume with the hole (full scale
  /// = 1), and its distance in volumes.
  private struct Side {
    /// NaN where nothing is known.
    var samples: [Double]
    var distances: [Double]
  }

  private func side(_ direction: Int, of number: Int, slice index: Int, _ scale: IntensityScale) -> Side {
    let size = volume.size(across: order.frame)
    var side = Side(
      samples: Array(repeating: .nan, count: size.width * size.height),
      distances: Array(repeating: 1, count: size.width * size.height))
    var values: [Double] = []
    for distance in 1...Self.reach {
      let other = number + direction * distance
      guard (0..<volume.shape.volumes).contains(other), let known = known[other] else { continue }
      let hole = order.slice(index, of: known.missing, shape: volume.shape)
      volume.read(.init(order.frame, index, ofVolume: other), into: &values)
      for i in hole.indices where hole[i] == 0 && side.samples[i].isNaN {
        side.samples[i] = scale.position(values[i])
        side.distances[i] = Double(distance)
      }
    }
    return side
  }

  private static func between(_ before: Side, _ after: Side) -> [Double] {
    before.samples.indices.map { i in
      let (a, b) = (before.distances[i], after.distances[i])
      return before.samples[i] * (b / (a + b)) + after.samples[i] * (a / (a + b))
    }
  }

  /// A straight line from predicted to true samples.
  private struct Line {
    var slope: Double
    var intercept: Double
    /// Mean squared error of the line, full scale = 1.
    var error: Double

    func sample(for predicted: Double) -> Double {
      min(max(intercept + slope * predicted, 0), 1) * IntensityScale.fullScale
    }
  }

  /// Sums over known voxels of predicted and true samples, full scale = 1, and of their products.
  private struct Moments {
    var (count, x, y, xx, xy, yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ other: Moments) {
      (count, x, y) = (count + other.count, x + other.x, y + other.y)
      (xx, xy, yy) = (xx + other.xx, xy + other.xy, yy + other.yy)
    }
  }

  private func moments(
    from predicted: [Double], to values: [Double], _ scale: IntensityScale, _ hole: [UInt8]
  ) -> Moments {
    var sums = Moments()
    for i in hole.indices where hole[i] == 0 && predicted[i].isFinite {
      let p = predicted[i]
      let v = scale.position(values[i])
      (sums.count, sums.x, sums.y) = (sums.count + 1, sums.x + p, sums.y + v)
      (sums.xx, sums.xy, sums.yy) = (sums.xx + p * p, sums.xy + p * v, sums.yy + v * v)
    }
    return sums
  }

  /// The line of least squares for the known voxels of a slice, and of slices around it until there are enough; nil where
  /// there are too few in all slices.
  private func line(_ moments: [Moments], around index: Int) -> Line? {
    var sums = moments[index]
    var distance = 0
    while sums.count < Double(Self.fewest) {
      distance += 1
      let (below, above) = (index - distance, index + distance)
      if below < 0 && above >= moments.count { return nil }
      if below >= 0 { sums.add(moments[below]) }
      if above < moments.count { sums.add(moments[above]) }
    }
    let (meanX, meanY) = (sums.x / sums.count, sums.y / sums.count)
    let varianceX = sums.xx / sums.count - meanX * meanX
    let covariance = sums.xy / sums.count - meanX * meanY
    let slope = varianceX > 1e-9 ? covariance / varianceX : 0
    let error = max(sums.yy / sums.count - meanY * meanY - slope * covariance, 1e-10)
    return Line(slope: slope, intercept: meanY - slope * meanX, error: error)
  }
}
