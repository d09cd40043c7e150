import Frames
import Kernels

/// An overlay laid on a picture that is known, and estimated there: how far estimates can be trusted in this video.
struct OverlayControl: Sendable {
  private let truth: PlaceSamples
  private let covered: PlaceSamples

  /// - Parameters:
  ///   - pictures: what frames show at a place without an overlay.
  ///   - like: the overlay's own place.
  ///   - step: what samples are rounded to, in steps of 8 bits.
  ///   - noise: what coding adds, as `PairSums` reckons with it: estimates that expect noise where there is none go astray.
  init(
    _ overlay: PlaneEstimate, pictures: [[Float]], like place: PlaceSamples, step: Float, noise: NoiseLevel
  ) {
    let deviation = Float((noise.variance / NoiseLevel.aboutNeighbours).squareRoot())
    var random = RandomSource(seed: 1)
    truth = PlaceSamples(
      width: place.width, height: place.height, isHole: place.isHole, pictures: pictures)
    covered = PlaceSamples(
      width: place.width, height: place.height, isHole: place.isHole,
      pictures: pictures.map { picture in
        picture.indices.map { i in
          if !place.isHole[i] { return picture[i] }
          let seen =
            (picture[i] + Float(overlay.shifts[i])) / Float(overlay.gains[i]) + deviation * random.normal()
          return min(max((seen / step).rounded() * step, 0), 255)
        }
      })
  }

  /// Mean squared errors of the picture beneath, in squares of steps, by the estimate and by interpolation, and of opacity.
  func judge(
    _ overlay: PlaneEstimate, reach: Int, noise: NoiseLevel, threads: Int
  ) -> (model: Float, fill: Float, opacity: Float) {
    let trial = PlaneTrial(covered, reach: reach, threads: threads)
    let estimate = trial.refined(noise)
    let frames = truth.frames
    var (model, count) = (0.0, 0.0)
    for i in 0..<truth.area where truth.isHole[i] {
      for t in 0..<frames {
        let picture = truth.values[i * frames + t]
        // Without noise, which is reckoned with by itself.
        let seen = (picture + Float(overlay.shifts[i])) / Float(overlay.gains[i])
        let value = Float(estimate.gains[i]) * seen - Float(estimate.shifts[i])
        let error = Double(min(max(value, 0), 255) - picture)
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
    let fill = HarmonicFill(truth).meanSquare { Double(truth.values[$0 * frames + $1]) }
    return (Float(model / max(1, count)), fill, Float(opacity) / holes)
  }
}
