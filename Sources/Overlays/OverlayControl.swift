import Frames

/// An overlay laid on a picture that is known, and estimated there: how far estimates can be trusted in this video.
struct OverlayControl: Sendable {
  private let truth: PlaceSamples
  private let covered: PlaceSamples

  /// - Parameters:
  ///   - pictures: what frames show at a place without an overlay.
  ///   - like: the overlay's own place.
  ///   - step: what samples are rounded to, in steps of 8 bits.
  init(_ overlay: PlaneEstimate, pictures: [[Float]], like place: PlaceSamples, step: Float) {
    truth = PlaceSamples(
      width: place.width, height: place.height, isHole: place.isHole, pictures: pictures)
    covered = PlaceSamples(
      width: place.width, height: place.height, isHole: place.isHole,
      pictures: pictures.map { picture in
        picture.indices.map { i in
          if !place.isHole[i] { return picture[i] }
          let seen = (picture[i] + Float(overlay.shifts[i])) / Float(overlay.gains[i])
          return min(max((seen / step).rounded() * step, 0), 255)
        }
      })
  }

  /// Mean squared errors of the picture beneath, in squares of steps, by the estimate and by interpolation, and of opacity.
  func judge(
    _ overlay: PlaneEstimate, reach: Int, noise: Double, gain: Float, isCoded: Bool, threads: Int
  ) -> (model: Float, fill: Float, opacity: Float) {
    let trial = PlaneTrial(covered, reach: reach, threads: threads)
    let estimate = trial.refined(isCoded ? trial.rough().estimate : nil, noise: noise, gain: gain)
    let frames = truth.frames
    var (model, count) = (0.0, 0.0)
    for i in 0..<truth.area where truth.isHole[i] {
      for t in 0..<frames {
        let value = Float(estimate.gains[i]) * covered.values[i * frames + t] - Float(estimate.shifts[i])
        let error = Double(min(max(value, 0), 255) - truth.values[i * frames + t])
        model += error * error
        count += 1
      }
    }
    var opacity = 0.0
    for i in 0..<truth.area where truth.isHole[i] {
      let difference = 1 / overlay.gains[i] - 1 / estimate.gains[i]
      opacity += difference * difference
    }
    let holes = Float(max(1, truth.isHole.count { $0 }))
    return (Float(model / max(1, count)), fillError(), Float(opacity) / holes)
  }

  private static let triedFrames = 12

  /// Of harmonic interpolation, in some frames.
  private func fillError() -> Float {
    var system = GridSystem(width: truth.width, height: truth.height, isUnknown: truth.isHole)
    for step in [1, truth.width] {
      for a in 0..<truth.area where truth.isUsed(a, step) {
        let b = a + step
        if truth.isHole[a] { system.diagonal[a] += 1 }
        if truth.isHole[b] { system.diagonal[b] += 1 }
        if truth.isHole[a] && truth.isHole[b] {
          if step == 1 { system.right[a] = 1 } else { system.below[a] = 1 }
        }
      }
    }
    var (sum, count) = (0.0, 0.0)
    for t in stride(from: 0, to: truth.frames, by: max(1, truth.frames / Self.triedFrames)) {
      var values = [Double](repeating: 0, count: truth.area)
      for step in [1, truth.width] {
        for a in 0..<truth.area where truth.isUsed(a, step) {
          let b = a + step
          if truth.isHole[a] && !truth.isHole[b] { values[a] += Double(truth.values[b * truth.frames + t]) }
          if truth.isHole[b] && !truth.isHole[a] { values[b] += Double(truth.values[a * truth.frames + t]) }
        }
      }
      let filled = system.solved(values, tolerance: 1e-4)
      for i in 0..<truth.area where truth.isHole[i] {
        let error = filled[i] - Double(truth.values[i * truth.frames + t])
        sum += error * error
        count += 1
      }
    }
    return Float(sum / max(1, count))
  }
}
