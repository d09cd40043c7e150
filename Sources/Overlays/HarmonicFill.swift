/// What interpolation fills in at an overlay's place, in some frames, to compare with.
struct HarmonicFill {
  private let samples: PlaceSamples
  private let system: GridSystem

  /// Frames that are looked at, where there are so many; less than twice as many where there are more.
  private static let fewestFrames = 12

  init(_ samples: PlaceSamples) {
    self.samples = samples
    var system = GridSystem(width: samples.width, height: samples.height, isUnknown: samples.isHole)
    for step in [1, samples.width] {
      for a in 0..<samples.area where samples.isUsed(a, step) {
        let b = a + step
        if samples.isHole[a] { system.diagonal[a] += 1 }
        if samples.isHole[b] { system.diagonal[b] += 1 }
        if samples.isHole[a] && samples.isHole[b] {
          if step == 1 { system.right[a] = 1 } else { system.below[a] = 1 }
        }
      }
    }
    self.system = system
  }

  /// The mean square by which a picture differs from it, in squares of steps.
  ///
  /// - Parameter picture: of a pixel of the hole by its index, and a frame.
  func meanSquare(of picture: (_ i: Int, _ t: Int) -> Double) -> Float {
    var (sum, count) = (0.0, 0.0)
    for t in triedFrames {
      let filled = filled(t)
      for i in 0..<samples.area where samples.isHole[i] {
        let error = filled[i] - picture(i, t)
        sum += error * error
        count += 1
      }
    }
    return Float(sum / max(1, count))
  }

  /// How far a picture's changes over time are those of what is filled in: their correlation at some pixels.
  ///
  /// - Parameter picture: of a pixel and a frame.
  func likeness(of picture: (_ i: Int, _ t: Int) -> Double, at pixels: [Int]) -> Double {
    let frames = triedFrames
    let fills = frames.map { filled($0) }
    var (product, squares, fillSquares) = (0.0, 0.0, 0.0)
    for i in pixels {
      let shown = frames.map { picture(i, $0) }
      let (mean, fillMean) = (
        shown.reduce(0, +) / Double(frames.count),
        fills.reduce(0) { $0 + $1[i] } / Double(frames.count)
      )
      for (value, fill) in zip(shown, fills) {
        product += (value - mean) * (fill[i] - fillMean)
        squares += (value - mean) * (value - mean)
        fillSquares += (fill[i] - fillMean) * (fill[i] - fillMean)
      }
    }
    let whole = (squares * fillSquares).squareRoot()
    return whole > 0 ? product / whole : 0
  }

  /// How much of a shape a picture's mean over frames shows beside what is filled in: the mean square, in steps, of what the shape
  /// and the whole hole explain of their difference. What is left of an overlay looks like it; a scene's texture does not.
  ///
  /// - Parameters:
  ///   - shape: of a pixel of the hole.
  ///   - picture: of a pixel and a frame.
  func trace(of shape: (_ i: Int) -> Double, in picture: (_ i: Int, _ t: Int) -> Double) -> Double {
    let holes = samples.isHole.indices.filter { samples.isHole[$0] }
    var differences = [Double](repeating: 0, count: holes.count)
    let frames = triedFrames
    for t in frames {
      let filled = filled(t)
      for (k, i) in holes.enumerated() {
        differences[k] += (picture(i, t) - filled[i]) / Double(frames.count)
      }
    }
    let shapes = holes.map(shape)
    let count = Double(max(1, holes.count))
    let (mean, shapeMean) = (differences.reduce(0, +) / count, shapes.reduce(0, +) / count)
    var (product, squares) = (0.0, 0.0)
    for (difference, shape) in zip(differences, shapes) {
      product += (difference - mean) * (shape - shapeMean)
      squares += (shape - shapeMean) * (shape - shapeMean)
    }
    return mean * mean + (squares > 0 ? product * product / squares / count : 0)
  }

  private var triedFrames: [Int] {
    Array(stride(from: 0, to: samples.frames, by: max(1, samples.frames / Self.fewestFrames)))
  }

  /// What is filled in of the mean over frames; known pixels are not told.
  func filledMeans(_ means: [Double]) -> [Double] { filled { means[$0] } }

  private func filled(_ t: Int) -> [Double] {
    filled { Double(samples.values[$0 * samples.frames + t]) }
  }

  private func filled(_ known: (_ i: Int) -> Double) -> [Double] {
    var values = [Double](repeating: 0, count: samples.area)
    for step in [1, samples.width] {
      for a in 0..<samples.area where samples.isUsed(a, step) {
        let b = a + step
        if samples.isHole[a] && !samples.isHole[b] { values[a] += known(b) }
        if samples.isHole[b] && !samples.isHole[a] { values[b] += known(a) }
      }
    }
    return system.solved(values, tolerance: 1e-4)
  }
}
