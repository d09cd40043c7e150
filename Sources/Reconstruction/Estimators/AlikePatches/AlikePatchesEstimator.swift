import Frames

/// Patches estimated by those that look like them (`AlikePatches`), for scattered samples of pictures and small volumes, in the
/// second pass.
///
/// Rounds go on as long as samples that are held out are predicted better; where the first one does not gain, it does not compete.
struct AlikePatchesEstimator: Estimator {
  let id = EstimatorID.alikePatches
  let stage = EstimatorStage.secondPass
  let holes = HoleKind.scattered
  /// Rounds at most.
  let most: Int
  /// Frames at most: in clips that move, blocks along the motion do the same for less.
  var mostFrames = Int.max

  /// What the squared error must fall by in a round.
  private static let leastGain = 0.997
  /// Planes or frames that a patch has at most.
  private static let mostPlanes = 5
  /// Samples of a plane in all frames, by which the time of a round grows.
  private static let mostPlaces = 340_000

  func suits(_ samples: MaskedSamples) -> Bool {
    samples.frames <= mostFrames
      && samples.planes.allSatisfy { $0.values.count <= Self.mostPlaces }
      && !groups(of: samples).isEmpty
  }

  func competes(at site: SiteInputs) throws -> Bool {
    _ = try estimate(site)
    return site.alikeRounds?.contains { $0 > 0 } ?? false
  }

  func estimate(_ site: SiteInputs) throws -> Estimate {
    if let found = site.alikePatches { return found }
    let samples = site.samples
    var result = samples.completed(by: try site.start(.stacked))
    let chosen = site.alikeRounds
    var rounds: [Int] = []
    for (k, group) in groups(of: samples).enumerated() {
      let first = samples.planes[group[0]]
      let patches = AlikePatches(
        group.map { (result.planes[$0], samples.planes[$0].states) }, frames: samples.frames,
        height: first.height, width: first.width)
      if let chosen {
        for _ in 0..<chosen[k] { try patches.estimate(site.context) }
        patches.write(group, to: &result)
        rounds.append(chosen[k])
      } else {
        rounds.append(try refine(&result, group, by: patches, site))
      }
    }
    site.alikeRounds = rounds
    site.alikePatches = result
    return result
  }

  /// - Returns: the rounds that were worth it.
  private func refine(
    _ result: inout Estimate, _ group: [Int], by patches: AlikePatches, _ site: SiteInputs
  ) throws -> Int {
    var error = site.samples.heldOutError(of: result, planes: group)
    for round in 0..<most {
      try patches.estimate(site.context)
      var next = result
      patches.write(group, to: &next)
      let nextError = site.samples.heldOutError(of: next, planes: group)
      if !(nextError < Self.leastGain * error) { return round }
      (result, error) = (next, nextError)
    }
    return most
  }

  /// Planes of one size that hold a patch, as many together as a patch may have.
  private func groups(of samples: MaskedSamples) -> [[Int]] {
    samples.planes(most: Self.mostPlanes) { $0.height == $1.height && $0.width == $1.width }
      .filter {
        min(samples.planes[$0[0]].height, samples.planes[$0[0]].width) >= AlikePatches.side
      }
  }
}

extension AlikePatches {
  /// Writes all samples to the planes that they are of.
  fileprivate func write(_ planes: [Int], to estimate: inout Estimate) {
    for (k, p) in planes.enumerated() {
      estimate.planes[p] = Array(
        UnsafeBufferPointer(start: values.base + k * values.columns, count: values.columns))
    }
  }
}

extension EstimatorID {
  /// Patches estimated by those that look like them.
  static let alikePatches = EstimatorID("alike")
}
