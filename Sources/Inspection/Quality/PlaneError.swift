import Frames

/// How one plane of a result differs from the reference.
struct PlaneError {
  var all = ErrorSum()
  var missing = ErrorSum()
  var known = ErrorSum()
  var knownDiffer = false

  /// - Parameters:
  ///   - missing: 1 where a sample of this plane is missing; empty where none is.
  ///   - maximum: the largest sample.
  init(reference: [UInt16], result: [UInt16], missing: [UInt8], maximum: Int) {
    precondition(reference.count == result.count, "planes of one size are compared")
    precondition(missing.isEmpty || missing.count == reference.count, "a mask of the plane's size")
    var (allSquares, missingSquares, missingCount) = (0, 0, 0)
    reference.withUnsafeBufferPointer { reference in
      result.withUnsafeBufferPointer { result in
        for i in reference.indices {
          let difference = Int(reference[i]) - Int(result[i])
          allSquares += difference * difference
        }
        for i in missing.indices where missing[i] != 0 {
          let difference = Int(reference[i]) - Int(result[i])
          missingSquares += difference * difference
          missingCount += 1
        }
      }
    }
    let scale = 1 / Double(maximum * maximum)
    all = ErrorSum(squares: Double(allSquares) * scale, samples: reference.count)
    self.missing = ErrorSum(squares: Double(missingSquares) * scale, samples: missingCount)
    known = ErrorSum(
      squares: Double(allSquares - missingSquares) * scale, samples: reference.count - missingCount)
    knownDiffer = allSquares != missingSquares
  }
}

extension ErrorSum {
  /// `exactPSNR` of errors that are not relative to full scale, against `peak`; nil without a peak too.
  public func exactPSNR(peak: Double) -> Double? {
    peak > 0 ? mean.map { Self.psnr(meanSquaredError: $0 / (peak * peak)) } : nil
  }
}

/// A mean over places that are counted one after the other.
struct RunningMean: Sendable, Equatable {
  var sum = 0.0
  var count = 0

  /// Nil where nothing was counted.
  var value: Double? { count == 0 ? nil : sum / Double(count) }

  static func += (mean: inout RunningMean, value: Double) {
    mean.sum += value
    mean.count += 1
  }

  static func += (mean: inout RunningMean, other: RunningMean) {
    mean.sum += other.sum
    mean.count += other.count
  }
}
