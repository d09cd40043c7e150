import Foundation
import Frames

/// A running sum of squared differences, for a mean squared error and a PSNR.
public struct SampleError: Sendable, Equatable {
  /// Sum of squared differences in units of the sample's full scale squared.
  public var sum = 0.0
  public var count = 0

  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  public mutating func add(_ other: SampleError) {
    sum += other.sum
    count += other.count
  }

  /// Peak signal-to-noise ratio in dB against full scale: infinite where nothing differs, nil without samples.
  public var psnr: Double? {
    count == 0 ? nil : ErrorSum.psnr(meanSquaredError: sum / Double(count))
  }
}

/// How one plane of a result differs from the reference.
struct PlaneError {
  var all = SampleError()
  var missing = SampleError()
  var known = SampleError()
  var knownDiffer = false

  /// - Parameters:
  ///   - missing: 1 where a sample of this plane is missing; empty where none is.
  ///   - maximum: the largest sample.
  init(reference: [UInt16], result: [UInt16], missing: [UInt8], maximum: Int) {
    precondition(reference.count == result.count, "planes of one size are compared")
    precondition(missing.isEmpty || missing.count == reference.count, "a mask of the plane's size")
    var allSquares = 0
    var missingSquares = 0
    var missingCount = 0
    var knownSquares = 0
    reference.withUnsafeBufferPointer { reference in
      result.withUnsafeBufferPointer { result in
        for i in reference.indices {
          let difference = Int(reference[i]) - Int(result[i])
          allSquares += difference * difference
        }
        if missing.isEmpty {
          knownSquares = allSquares
          return
        }
        for i in reference.indices where missing[i] != 0 {
          let difference = Int(reference[i]) - Int(result[i])
          missingSquares += difference * difference
          missingCount += 1
        }
        knownSquares = allSquares - missingSquares
      }
    }
    let scale = 1 / Double(maximum * maximum)
    all = SampleError(sum: Double(allSquares) * scale, count: reference.count)
    self.missing = SampleError(sum: Double(missingSquares) * scale, count: missingCount)
    known = SampleError(sum: Double(knownSquares) * scale, count: reference.count - missingCount)
    knownDiffer = knownSquares != 0
  }
}
