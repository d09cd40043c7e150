import Fitting
import Frames
import Kernels
import Motion

/// Fills the spots of a window.
///
/// What a frame costs beside them is the motion between frames, which all spots share.
struct SpotSolver {
  let recipe: SpotRecipe
  let format: FrameFormat
  let context: EstimatorContext

  /// - Parameter observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`, `OpticalFlowError`.
  func solve(_ unit: SpotUnit, observe: (Double) -> Void) throws -> UnitSolution {
    let (content, threads) = (unit.content, context.threads)
    let missing = parallelMap(unit.frames, threads: threads) {
      SpotPiece.pieces(of: unit.spots[$0], frame: $0)
    }
    let heldOut = SpotHoldOut(content: content, seed: context.seed, most: recipe.heldOut).choose(
      missing, threads: threads)
    let pieces = zip(missing, heldOut).map { $0 + $1 }
    let kinds = alikePlanes.map { SpotPlanes(content, format: format, planes: $0, threads: threads) }

    var estimates: [[[SpotEstimates]]] = []
    var stackings: [SpotStacking] = []
    var filled: [[SpotFill]] = content.frames.map { _ in [] }
    for pass in 0..<recipe.passes {
      func report(_ share: Double) { observe((Double(pass) + share) / Double(recipe.passes)) }
      try context.checkCancellation()
      // What holes hide is guessed at first: finer motion would be found anew all the same.
      let flow = try WindowFlow(
        content, heldOut: heldOut, filled: pass == 0 ? nil : filled, detail: pass == 0 ? .quick : recipe.flow,
        threads: threads)
      // What the search took, before the estimates take as much.
      returnFreeMemory()
      report(0.5)
      // Chroma takes the motion that luma found, and is needed in the end only. It has less detail and less noise: fewer frames
      // show it as well.
      let isLast = pass + 1 == recipe.passes
      let estimators = (isLast ? kinds : Array(kinds.prefix(1))).map { planes in
        SpotEstimator(
          planes: planes, flow: flow, frames: unit.frames,
          reach: planes.format.horizontalShift + planes.format.verticalShift > 0
            ? min(1, recipe.reach) : recipe.reach)
      }
      // All at once, so that no thread waits for the last frame of luma.
      let frames = unit.frames
      let found = parallelMap(estimators.count * frames, threads: threads) { i in
        pieces[i % frames].map { estimators[i / frames].estimate($0) }
      }
      estimates = estimators.indices.map { Array(found[$0 * frames..<($0 + 1) * frames]) }
      try context.checkCancellation()
      stackings = estimates.map { found in
        SpotStacking(found.indices.flatMap { t in found[t][missing[t].count...] })
      }
      if !isLast {
        filled = estimates[0].map { frame in
          frame.flatMap { piece in
            piece.places.indices.map { i in
              let brightness = kinds[0].planes.enumerated().reduce(Float(0)) { sum, plane in
                guard let share = FlowPicture.shares[format.planes[plane.element].role] else { return sum }
                return sum + share * stackings[0].value(of: piece, plane: plane.offset, sample: i)
              }
              return SpotFill(place: piece.places[i], brightness: brightness)
            }
          }
        }
        // Not kept beside those of the next pass.
        estimates = []
        returnFreeMemory()
      }
      report(1)
    }
    return solution(of: unit, missing.map(\.count), kinds, estimates, stackings)
  }

  /// Planes of the frame that lie alike, luma's first.
  private var alikePlanes: [[Int]] {
    var groups: [[Int]] = []
    for p in format.planes.indices {
      func isAlike(_ q: Int) -> Bool {
        format.planes[p].horizontalShift == format.planes[q].horizontalShift
          && format.planes[p].verticalShift == format.planes[q].verticalShift
      }
      if let k = groups.firstIndex(where: { isAlike($0[0]) }) {
        groups[k].append(p)
      } else {
        groups.append([p])
      }
    }
    return groups.sorted { format.planes[$0[0]].count > format.planes[$1[0]].count }
  }

  private func solution(
    of unit: SpotUnit, _ missing: [Int], _ kinds: [SpotPlanes], _ estimates: [[[SpotEstimates]]],
    _ stackings: [SpotStacking]
  ) -> UnitSolution {
    let values = parallelMap(unit.frames, threads: context.threads) { [format] t -> [[Float]] in
      var planes = [[Float]](repeating: [], count: format.planes.count)
      if unit.spots[t].missing.isEmpty { return planes }
      for (kind, (found, stacking)) in zip(kinds, zip(estimates, stackings)) {
        let order = Self.order(found[t][..<missing[t]])
        for (k, p) in kind.planes.enumerated() {
          planes[p] = order.map { stacking.value(of: found[t][$0.piece], plane: k, sample: $0.sample) }
        }
      }
      return planes
    }
    var expected = ErrorSum()
    var shares = [Double](repeating: 0, count: SpotEstimates.ids.count)
    for (found, stacking) in zip(estimates, stackings) {
      for t in found.indices {
        for piece in found[t][..<missing[t]] { stacking.add(piece, to: &expected, &shares) }
      }
    }
    var heldOut = ErrorSum()
    for stacking in stackings { heldOut += stacking.heldOut }
    let total = shares.reduce(0, +)
    return UnitSolution(
      values: values, iterations: 0, stopReason: .interpolation, heldOut: heldOut,
      expected: stackings.allSatisfy(\.isJudged) ? ErrorModel.spots(expected) : nil,
      weights: Dictionary(uniqueKeysWithValues: zip(SpotEstimates.ids, shares.map { $0 / max(1, total) })))
  }
}

extension SpotSolver {
  /// The samples of a frame's pieces in the order of their places in the plane. Where pieces share one, as they may in chroma that
  /// is coarser than the frame, the last of them has it.
  private static func order(_ pieces: ArraySlice<SpotEstimates>) -> [(piece: Int, sample: Int)] {
    let samples = pieces.indices.flatMap { piece in
      pieces[piece].places.indices.map { (piece: piece, sample: $0) }
    }
    let keys = samples.indices.map {
      UInt64(UInt32(bitPattern: pieces[samples[$0].piece].places[samples[$0].sample])) << 32 | UInt64($0)
    }
    .sorted()
    return keys.indices.compactMap { i in
      let isLast = i + 1 == keys.count || keys[i + 1] >> 32 != keys[i] >> 32
      return isLast ? samples[Int(keys[i] & 0xffff_ffff)] : nil
    }
  }
}

/// How a preset fills spots.
struct SpotRecipe: Sendable {
  /// Resolution of the motion between frames in the last passes; in the first it is `quick`.
  var flow: OpticalFlow.Detail
  /// How often motion is computed, each time from what the one before filled in.
  var passes: Int
  /// Frames that motion is followed for, each way.
  var reach: Int
  /// See `SpotHoldOut.most`.
  var heldOut: Int
}

/// What was found for a sample of a frame.
struct SpotFill: Sendable {
  /// The sample's place in the plane at the frame's own resolution.
  var place: Int32
  /// Full scale = 1.
  var brightness: Float
}

extension FrameMask {
  /// The mask with some more samples missing.
  func hiding(_ pieces: [SpotPiece]) -> FrameMask {
    if pieces.isEmpty { return self }
    var result = self
    for piece in pieces { piece.forEach { result.missing[$0 * width + $1] = 1 } }
    return result
  }
}
