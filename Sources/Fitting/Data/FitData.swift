import Frames
import Foundation
import Kernels
import Representations

/// The samples of a site as the fit uses them: the known ones less their mean, and the hold-out samples apart.
struct FitData {
  /// Hold-out samples of one frame of one plane.
  struct HeldOut {
    var indices: [Int32] = []
    var values: [Float] = []
  }

  let grid: SignalGrid
  /// For each plane (frames, rows x columns): samples, or NaN where they may not be used.
  let targets: [Matrix]
  /// For each plane and frame, plane by plane.
  let heldOut: [HeldOut]
  /// What is subtracted from each plane's samples.
  let centres: [Float]
  /// Distances of the samples.
  let spacing: SampleSpacing
  let knownCount: Int
  let heldOutCount: Int
  /// True if nothing at all is known of some frame.
  let missesWholeFrames: Bool
  /// Share of the missing samples that are missing in every frame of the site, less the share that chance would give.
  let staticShare: Double
  /// Share of the hold-out samples that sit where nothing is known in any frame, as in the shape of static holes.
  let staticHeldOutShare: Double
  /// Share of the hold-out samples in frames of which nothing is known.
  let frameHeldOutShare: Double

  /// - Parameter centring: true to subtract the mean of the known samples from each plane.
  init(_ samples: MaskedSamples, centring: Bool = true) {
    spacing = samples.spacing
    var groups: [SignalGrid.Group] = []
    let groupOfPlane = samples.planes.map { plane in
      let group = SignalGrid.Group(rows: plane.rowPositions, columns: plane.columnPositions)
      if let found = groups.firstIndex(of: group) { return found }
      groups.append(group)
      return groups.count - 1
    }
    let grid = SignalGrid(
      frames: samples.frames, height: samples.height, width: samples.width, groups: groups,
      groupOfPlane: groupOfPlane)
    self.grid = grid
    var targets: [Matrix] = []
    var heldOut: [HeldOut] = []
    var centres: [Float] = []
    var knownInFrame = [Int](repeating: 0, count: samples.frames)
    var (missing, missingThroughout, staticHeldOut) = (0, 0, 0)
    for plane in samples.planes {
      let size = plane.height * plane.width
      let target = Matrix(rows: samples.frames, columns: size)
      var throughout = [Bool](repeating: true, count: size)
      var neverKnown = throughout
      let centre = centring ? Self.meanOfKnown(plane) ?? 0.5 : 0
      centres.append(centre)
      plane.states.withUnsafeBufferPointer { states in
        plane.values.withUnsafeBufferPointer { values in
          for frame in 0..<samples.frames {
            var held = HeldOut()
            let row = target.base + frame * size
            for i in 0..<size {
              let state = states[frame * size + i]
              let value = values[frame * size + i] - centre
              row[i] = state == SampleState.known ? value : .nan
              if state == SampleState.known { knownInFrame[frame] += 1 }
              if state == SampleState.known { neverKnown[i] = false }
              if state == SampleState.missing { missing += 1 } else { throughout[i] = false }
              if state == SampleState.heldOut {
                held.indices.append(Int32(i))
                held.values.append(value)
              }
            }
            heldOut.append(held)
          }
          for held in heldOut.suffix(samples.frames) {
            staticHeldOut += held.indices.reduce(0) { $0 + (neverKnown[Int($1)] ? 1 : 0) }
          }
        }
      }
      missingThroughout += samples.frames * throughout.reduce(0) { $0 + ($1 ? 1 : 0) }
      targets.append(target)
    }
    self.targets = targets
    self.heldOut = heldOut
    self.centres = centres
    knownCount = knownInFrame.reduce(0, +)
    heldOutCount = heldOut.reduce(0) { $0 + $1.indices.count }
    staticHeldOutShare = Double(staticHeldOut) / Double(max(heldOutCount, 1))
    let inFrames = heldOut.indices.filter { knownInFrame[$0 % samples.frames] == 0 }
    frameHeldOutShare =
      Double(inFrames.reduce(0) { $0 + heldOut[$1].indices.count }) / Double(max(heldOutCount, 1))
    missesWholeFrames = knownInFrame.contains(0)
    let missingShare = Double(missing) / Double(max(grid.sampleCount, 1))
    let byChance = pow(missingShare, Double(samples.frames - 1))
    staticShare = missing > 0 ? Double(missingThroughout) / Double(missing) - byChance : 0
  }

  private static func meanOfKnown(_ plane: MaskedSamples.Plane) -> Float? {
    var (sum, count) = (0.0, 0)
    plane.states.withUnsafeBufferPointer { states in
      plane.values.withUnsafeBufferPointer { values in
        for i in states.indices where states[i] == SampleState.known {
          sum += Double(values[i])
          count += 1
        }
      }
    }
    return count > 0 ? Float(sum / Double(count)) : nil
  }

  /// The known samples of one frame of one plane, (rows, columns), NaN elsewhere.
  func target(plane: Int, frame: Int) -> Matrix {
    targets[plane].rows(frame..<frame + 1).reshaped(
      rows: grid.rowCount(ofPlane: plane), columns: grid.columnCount(ofPlane: plane))
  }

  /// Norm of the known samples, or of samples of a hundredth of full scale where they are smaller.
  var norm: Double {
    let sum = targets.reduce(0.0) { sum, target in
      sum + VectorMath.maskedSquareSum(Matrix(rows: target.rows, columns: target.columns), target: target)
    }
    return max(sum, 1e-4 * Double(max(knownCount, 1))).squareRoot()
  }

  /// Sum of squared errors of a frame over its hold-out samples, clipped to the range of samples.
  func heldOutError(plane: Int, frame: Int, of signal: Matrix) -> Double {
    let held = heldOut[plane * grid.frames + frame]
    let (low, high) = (-centres[plane], 1 - centres[plane])
    var sum = 0.0
    for (i, value) in zip(held.indices, held.values) {
      let error = min(max(signal[Int(i)], low), high) - value
      sum += Double(error * error)
    }
    return sum
  }
}
