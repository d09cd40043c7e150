import Frames
import Kernels

/// Estimates the overlay of a place, and judges by evidence whether it lets the picture through.
struct OverlayEstimator {
  let format: FrameFormat
  let place: OverlayPlace
  let crops: FrameCrops
  let threads: Int

  /// Changes of the picture that are worth fewer frames say nothing.
  private static let fewestEffectiveFrames = 4.0
  /// Estimates at other places may err by this share of what interpolation errs by.
  private static let mostError: Float = 0.2
  /// Correlation over time of what is seen through with what interpolation fills in.
  private static let leastLikeness = 0.5
  /// By how much mean squares of opacity have to exceed those of its errors at other places.
  private static let leastEvidence: Float = 5
  /// What an overlay of a file is expected to err by, and filling in, where nothing tells, in squares of steps.
  static let (givenError, unknownFill) = (Float(1), Float(150))
  /// Of a quarter of the hidden samples.
  static let (leastOpacity, mostOpacity) = (Float(0.06), Float(0.95))

  /// How far a picture's variance is looked for, in samples of the frame.
  static let reach = 5

  func finding() -> OverlayFinding {
    var finding = OverlayFinding(box: place.marked, frames: crops.offered)
    func opaque(_ reason: OpaqueReason) -> OverlayFinding {
      finding.reason = reason
      return finding
    }
    if crops.crops.count < OverlayPlaces.fewestFrames { return opaque(.tooFewFrames) }
    let structure = OverlaySurvey.structure(of: format)
    let all = samples(of: structure)
    var first = trial(all, Array(0..<all.frames), structure)
    if first.typical < Self.leastOpacity {
      // Frames without it may have spoilt the estimate.
      let present = PresentFrames.find(in: all, threads: threads)
      if present.count < OverlayPlaces.fewestFrames { return opaque(.tooFewFrames) }
      if present.count < all.frames { first = trial(all, present, structure) }
    }
    for _ in 0..<Self.mostRounds where first.typical >= Self.leastOpacity {
      let present = presentFrames(all, first.overlay)
      if present == first.present || present.count < OverlayPlaces.fewestFrames { break }
      first = trial(all, present, structure)
    }
    finding.effectiveFrames = first.effectiveFrames
    if first.effectiveFrames < Self.fewestEffectiveFrames { return opaque(.stillScene) }
    if first.typical < Self.leastOpacity { return opaque(.nothingThere) }
    if first.typical > Self.mostOpacity { return opaque(.opaque) }
    var overlay = first.overlay
    let (luma, found, noise) = (first.plane, first.estimate, first.noise)
    let opacity = overlay.planes[structure].opacity
    let controls = (0..<crops.controls(format)).map { k in
      let pictures = crops.pictures(format.planes.count + k, maximum: format.maximumValue)
      return OverlayControl(
        found, pictures: first.present.map { pictures[$0] },
        like: luma.samples, step: 255 / Float(format.maximumValue), noise: noise)
    }
    let each = max(1, threads / max(1, controls.count))
    let judged = parallelMap(controls.count, threads: threads) {
      controls[$0].judge(
        found, reach: Self.reach, noise: noise, threads: each)
    }
    let errors = judged.reduce((model: Float(0), fill: Float(0), opacity: Float(0))) {
      ($0.model + $1.model, $0.fill + $1.fill, $0.opacity + $1.opacity)
    }
    let holes = luma.samples.isHole.indices.filter { luma.samples.isHole[$0] }
    let squares = holes.reduce(Float(0)) { $0 + opacity[$1] * opacity[$1] } / Float(max(1, holes.count))
    if !judged.isEmpty, squares < Self.leastEvidence * errors.opacity / Float(judged.count) {
      return opaque(.nothingThere)
    }
    if !judged.isEmpty {
      finding.controlErrors = .init(
        model: errors.model / Float(judged.count), fill: errors.fill / Float(judged.count))
    }
    if !judged.isEmpty, errors.model > Self.mostError * errors.fill { return opaque(.unsure) }
    let modelError = judged.isEmpty ? 1 : errors.model / Float(judged.count)
    let fillError = judged.isEmpty ? Self.unknownFill : errors.fill / Float(judged.count)
    if likeness(of: found, in: luma.samples) < Self.leastLikeness { return opaque(.opaque) }
    overlay.planes[structure].modelError = modelError / (255 * 255)
    overlay.planes[structure].fillError = fillError / (255 * 255)
    for p in format.planes.indices where p != structure && format.planes[p].role != .alpha {
      estimate(p, opacity: opacity, present: first.present, into: &overlay.planes[p])
      // What coding does to chroma lies mostly below what differences between neighbours show.
      if format.planes[p].role.isChroma, overlay.planes[structure].isCoded {
        overlay.planes[p].noise = max(overlay.planes[p].noise, overlay.planes[structure].noise)
        overlay.planes[p].isCoded = true
      }
      overlay.planes[p].modelError = overlay.planes[structure].modelError / 4
      overlay.planes[p].fillError = overlay.planes[structure].fillError / 4
    }
    finding.overlay = placed(overlay)
    return finding
  }

  /// How far what is seen through the densest parts changes as the picture around does: through what hides all, noise alone is
  /// seen, and stretched it passes for a picture.
  private func likeness(of estimate: PlaneEstimate, in samples: PlaceSamples) -> Double {
    let hidden = samples.isHole.indices.filter { samples.isHole[$0] && estimate.gains[$0] > 1.03 }
      .sorted { (estimate.gains[$0], $0) < (estimate.gains[$1], $1) }
    return HarmonicFill(samples).likeness(
      of: { i, t in
        min(
          max(estimate.gains[i] * Double(samples.values[i * samples.frames + t]) - estimate.shifts[i], 0), 255
        )
      }, at: Array(hidden.suffix(hidden.count / 4)))
  }

  /// An estimate in the plane of opacity, by some of the frames.
  private struct Trial {
    var plane: PlaneTrial
    var present: [Int]
    var estimate: PlaneEstimate
    var effectiveFrames: Double
    var noise: NoiseLevel
    var overlay: SeeThroughOverlay

    var typical: Float { overlay.typicalOpacity }
  }

  private func trial(_ all: PlaceSamples, _ present: [Int], _ structure: Int) -> Trial {
    let plane = PlaneTrial(
      present.count < all.frames ? all.keeping(present) : all, reach: Self.reach, threads: threads)
    let rough = plane.rough()
    let measured = plane.noise(gains: rough.estimate.gains)
    let noise = NoiseLevel(measured: measured, gains: rough.estimate.gains)
    let estimate = plane.refined(noise)
    var overlay = SeeThroughOverlay(
      box: place.box, planes: format.planes.map { .init(PlaneBox(place.box, in: $0)) })
    put(estimate, of: plane, structure, into: &overlay.planes[structure])
    // The first plane's opacity is the one that counts as typical.
    if structure > 0 { overlay.planes[0].opacity = overlay.planes[structure].opacity }
    return Trial(
      plane: plane, present: present, estimate: estimate, effectiveFrames: rough.effectiveFrames,
      noise: noise, overlay: overlay)
  }

  /// The share of an overlay from which on a frame counts as having all of it.
  private static let leastShare: Float = 0.75
  /// Fades and gaps are told after so many estimates.
  private static let mostRounds = 2

  /// The frames that have all of an overlay.
  private func presentFrames(_ samples: PlaceSamples, _ overlay: SeeThroughOverlay) -> [Int] {
    let shares = shares(of: overlay, in: samples)
    // A few frames in a row have to agree: estimates that are rough make frames doubtful here and there.
    return shares.indices.filter { t in
      var near = shares[max(0, t - 2)...min(shares.count - 1, t + 2)]
      near.sort()
      return near[near.startIndex + near.count / 2] >= Self.leastShare
    }
  }

  /// For each frame, how much of an overlay is there.
  func shares(of overlay: SeeThroughOverlay, in samples: PlaceSamples) -> [Float] {
    let presence = OverlayPresence(overlay, format: format)
    let step = 1 / Float(format.maximumValue)
    return parallelMap(samples.frames, threads: threads) { t in
      presence.share(of: (0..<samples.area).map { samples.values[$0 * samples.frames + t] / 255 }, step: step)
    }
  }

  /// The same, bound to its place.
  func placed(_ overlay: SeeThroughOverlay) -> SeeThroughOverlay {
    var overlay = overlay
    overlay.place = place
    for p in format.planes.indices {
      overlay.planes[p].mayHide = place.hole(
        in: PlaneBox(place.box, in: format.planes[p]), of: format.planes[p])
    }
    return overlay
  }

  private var rounding: Float { 1 / 12 / (Float(format.maximumValue) * Float(format.maximumValue)) }

  /// The variance of single samples, full scale = 1, by that about their neighbours, in squares of steps.
  ///
  /// What coding does to chroma changes little from sample to sample, so that differences show a part of it only.
  func noise(_ measured: Double, of p: Int) -> Float {
    let single = format.planes[p].role.isChroma ? measured : measured / NoiseLevel.aboutNeighbours
    return measured > 0.4 ? max(rounding, Float(single) / (255 * 255)) : rounding
  }

  /// Whether coding added more than rounding did.
  func isCoded(_ measured: Double) -> Bool { measured > 2 }

  /// A plane that shares the opacity of another one.
  private func estimate(_ p: Int, opacity: [Float], present: [Int], into plane: inout SeeThroughOverlay.Plane)
  {
    let format = format.planes[p]
    let averaged = Self.averaged(
      opacity, width: place.box.width, height: place.box.height, of: format, columns: plane.width,
      rows: plane.height)
    let gains = averaged.map { Double(1 / (1 - $0)) }
    let shift = max(format.horizontalShift, format.verticalShift)
    let all = samples(of: p)
    let trial = PlaneTrial(
      present.count < all.frames ? all.keeping(present) : all, reach: max(2, Self.reach >> shift),
      threads: threads)
    put(trial.colours(gains: gains), of: trial, p, into: &plane)
  }

  func samples(of p: Int) -> PlaceSamples {
    let plane = format.planes[p]
    let area = PlaneBox(place.box, in: plane)
    return PlaceSamples(
      width: area.width, height: area.height, isHole: place.hole(in: area, of: plane),
      pictures: crops.pictures(p, maximum: format.maximumValue))
  }

  /// The estimate as opacity and veil; what is hardly hidden counts as known.
  private func put(
    _ estimate: PlaneEstimate, of trial: PlaneTrial, _ p: Int, into plane: inout SeeThroughOverlay.Plane
  ) {
    let samples = trial.samples
    let measured = trial.noise(gains: estimate.gains)
    plane.noise = noise(measured, of: p)
    plane.isCoded = isCoded(measured)
    for i in 0..<samples.area where samples.isHole[i] {
      let gain = Float(estimate.gains[i])
      let opacity = min(max(1 - 1 / gain, 0), SeeThroughOverlay.mostOpacity)
      let veil = Float(estimate.shifts[i]) / gain / 255
      // The mean square by which the picture was changed.
      var change: Float = 0
      for t in 0..<samples.frames {
        let picture = samples.values[i * samples.frames + t] * (gain - 1) - Float(estimate.shifts[i])
        change += picture * picture
      }
      let isHidden = opacity > 0.01 || change > 0.2 * Float(samples.frames)
      plane.opacity[i] = isHidden ? opacity : 0
      plane.veil[i] = isHidden ? veil : 0
    }
  }

  /// Opacity at the samples of a plane that is subsampled: the mean of those that each covers.
  static func averaged(
    _ opacity: [Float], width: Int, height: Int, of plane: PlaneFormat, columns: Int, rows: Int
  ) -> [Float] {
    var sums = [Float](repeating: 0, count: columns * rows)
    var counts = sums
    for y in 0..<height {
      for x in 0..<width {
        let (row, column) = (y >> plane.verticalShift, x >> plane.horizontalShift)
        guard row < rows, column < columns else { continue }
        sums[row * columns + column] += opacity[y * width + x]
        counts[row * columns + column] += 1
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }
}

extension FrameCrops {
  /// How many areas are controls.
  func controls(_ format: FrameFormat) -> Int { max(0, (crops.first?.count ?? 0) - format.planes.count) }
}
