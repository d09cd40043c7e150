import Frames

extension OverlayEstimator {
  /// Frames that have less of an overlay say little of what it leaves behind.
  private static let leastShareOfTrace: Float = 0.3

  /// What is found where the overlay is known: how much coding added to it.
  ///
  /// - Parameter given: of the whole frame.
  func finding(given: SeeThroughOverlay) -> OverlayFinding {
    var finding = OverlayFinding(box: place.marked, frames: crops.offered)
    var overlay = given.cropped(to: place.box, format: format)
    if overlay.typicalOpacity < Self.leastOpacity {
      finding.reason = .nothingThere
      return finding
    }
    let shares = shares(of: overlay, in: samples(of: OverlaySurvey.structure(of: format)))
    for p in format.planes.indices where format.planes[p].role != .alpha {
      let gains = overlay.planes[p].opacity.map { Double(1 / (1 - $0)) }
      let isShared = format.planes[p].role.isChroma ? Float(4) : 1
      let error = max(Self.givenError / isShared, trace(of: overlay.planes[p], p, shares: shares))
      overlay.planes[p].modelError = error / (255 * 255)
      overlay.planes[p].fillError = Self.unknownFill / isShared / (255 * 255)
      let measured = measuredNoise(of: p, gains: gains)
      overlay.planes[p].noise = noise(measured, of: p)
      overlay.planes[p].isCoded = isCoded(measured)
    }
    finding.overlay = placed(overlay)
    return finding
  }

  /// What an overlay of a file leaves behind in this video: it may come from one in which it was estimated less well.
  private func trace(of overlay: SeeThroughOverlay.Plane, _ p: Int, shares: [Float]) -> Float {
    let present = shares.indices.filter { shares[$0] > Self.leastShareOfTrace }
    if present.count < OverlayPlaces.fewestFrames { return 0 }
    let samples = samples(of: p).keeping(present)
    let trace = HarmonicFill(samples).trace(
      of: { Double(overlay.opacity[$0]) },
      in: { i, t in
        let (seen, share) = (samples.values[i * samples.frames + t], shares[present[t]])
        let beneath = (seen - 255 * share * overlay.veil[i]) / (1 - share * overlay.opacity[i])
        return Double(min(max(beneath, 0), 255))
      })
    return Float(trace)
  }

  /// See `CodingNoise`; 0 where there are too few frames to tell.
  private func measuredNoise(of p: Int, gains: [Double]) -> Double {
    if crops.crops.count < OverlayPlaces.fewestFrames { return 0 }
    let shift = max(format.planes[p].horizontalShift, format.planes[p].verticalShift)
    let trial = PlaneTrial(samples(of: p), reach: max(2, Self.reach >> shift), threads: threads)
    return trial.noise(gains: gains)
  }
}
