import Foundation
import Frames
import Kernels

/// What was found for a piece of a spot in planes that lie alike.
struct SpotEstimates: Sendable {
  /// The estimators, in the order of `values`.
  static let ids: [EstimatorID] = [.spatial, .motion, .joinedMotion]

  /// The samples' places in the planes.
  var places: [Int32]
  /// values[plane][estimator]: of each sample, full scale = 1.
  var values: [[[Float]]] = []
  /// truth[plane]: of pieces that are held out; else empty.
  var truth: [[Float]] = []
  /// expected[plane]: of each sample.
  var expected: [[Expectation]] = []
  /// Whether all samples have known ones beside them.
  var isThin: Bool

  /// Errors that the surroundings of a piece let expect, full scale = 1.
  struct Expectation: Sendable {
    var inSpace: Float
    /// Infinite where no other frame shows the sample.
    var alongMotion: Float

    /// The logarithm of the second over the first.
    var odds: Float { log(alongMotion / inSpace) }
  }
}

extension EstimatorID {
  /// What motion shows, shifted so that it joins what lies around the hole.
  static let joinedMotion = EstimatorID("motion-joined")
}

/// Estimates a piece of a spot from the samples around it and from those that other frames show at its place.
///
/// Around the piece the other frames' samples can be compared with the frame itself: `SpotRegression`.
struct SpotEstimator {
  let planes: SpotPlanes
  let flow: WindowFlow
  let frames: Int
  /// Frames that motion is followed for, each way.
  var reach = 2

  /// A step of 8 bits.
  private static let step: Float = 1 / 255
  /// The error in space grows with the distance to known samples to this power, roughly.
  private static let growth: Float = 0.6
  /// A piece is thin if none of its samples is farther than this from a known one.
  private static let thin: Float = 2.5

  func estimate(_ piece: SpotPiece) -> SpotEstimates {
    let box = SpotBox(piece, of: planes)
    var result = SpotEstimates(
      places: box.samples.map { place(of: $0, in: box) },
      isThin: box.samples.allSatisfy { box.fromKnown[$0] <= Self.thin })
    let seen = candidates(for: piece, box)
    let reach = box.samples.map { pow(box.fromKnown[$0], Self.growth) }
    let harmonic = box.isKnown.withUnsafeBufferPointer {
      Harmonic(known: $0, height: box.rows.count, width: box.width, radius: box.depth)
    }
    for (k, p) in planes.planes.enumerated() {
      let own = values(of: piece, plane: p, box)
      result.truth.append(piece.isMissing ? [] : box.samples.map { own[$0] })
      let spatial = filled(own, in: box, by: harmonic)
      let found = SpotRegression(of: own, on: seen, plane: k, in: box)
      let beside = Self.activity(of: own, in: box) + Self.step
      let inside = box.samples.map { spatial[$0] }
      result.values.append([
        inside, found.map { $0.seen($0.plain, else: inside) } ?? inside,
        found.map { $0.seen($0.joined, else: inside) } ?? inside,
      ])
      result.expected.append(
        box.samples.indices.map { k in
          SpotEstimates.Expectation(
            inSpace: beside * reach[k], alongMotion: found.map { $0.error[k] + Self.step } ?? .infinity)
        })
    }
    return result
  }

  private func place(of i: Int, in box: SpotBox) -> Int32 {
    Int32((box.rows.lowerBound + i / box.width) * planes.width + box.columns.lowerBound + i % box.width)
  }

  /// The box's samples; 0 where they are missing.
  private func values(of piece: SpotPiece, plane p: Int, _ box: SpotBox) -> [Float] {
    var result = [Float](repeating: 0, count: box.count)
    let scale = planes.scale
    planes.samples(plane: p, frame: piece.frame).withView { samples in
      for i in 0..<box.count
      where box.isKnown[i] == SampleState.known || (!piece.isMissing && box.isOwn[i]) {
        result[i] = Float(samples[Int(place(of: i, in: box))]) * scale
      }
    }
    return result
  }

  /// Harmonic interpolation of what is not known in the box.
  private func filled(_ values: [Float], in box: SpotBox, by harmonic: Harmonic) -> [Float] {
    var result = values
    // From the mean: pieces are narrow.
    var (sum, count): (Float, Float) = (0, 0)
    for i in 0..<box.count where box.isKnown[i] == SampleState.known {
      sum += values[i]
      count += 1
    }
    let mean = count > 0 ? sum / count : 0
    box.isKnown.withUnsafeBufferPointer { known in
      result.withUnsafeMutableBufferPointer { result in
        Self.begin(&result, known: known, width: box.width, mean: mean)
        harmonic.relax(result)
      }
    }
    return result
  }

  /// Fills what is not known along rows, linearly between what is known on both sides: a start from which few sweeps are left
  /// to do.
  private static func begin(
    _ values: inout UnsafeMutableBufferPointer<Float>, known: UnsafeBufferPointer<UInt8>, width: Int,
    mean: Float
  ) {
    for row in stride(from: 0, to: values.count, by: width) {
      var i = row
      while i < row + width {
        if known[i] == SampleState.known {
          i += 1
          continue
        }
        let first = i
        while i < row + width && known[i] != SampleState.known { i += 1 }
        let left = first > row ? values[first - 1] : i < row + width ? values[i] : mean
        let right = i < row + width ? values[i] : left
        let step = (right - left) / Float(i - first + 1)
        for k in first..<i { values[k] = left + step * Float(k - first + 1) }
      }
    }
  }

  /// Root mean square of the differences between neighbours around the piece, at least some noise.
  private static func activity(of values: [Float], in box: SpotBox) -> Float {
    var (sum, count): (Float, Float) = (16 / 65025, 1)
    for i in box.near[..<box.knownCount] {
      if i % box.width + 1 < box.width, box.isKnown[i + 1] == SampleState.known {
        sum += (values[i] - values[i + 1]) * (values[i] - values[i + 1])
        count += 1
      }
      if i + box.width < box.count, box.isKnown[i + box.width] == SampleState.known {
        sum += (values[i] - values[i + box.width]) * (values[i] - values[i + box.width])
        count += 1
      }
    }
    return (sum / count).squareRoot()
  }
}
