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
    all = ErrorSum(squares: Double(allSquares) * scale, samples: reference.count)
    self.missing = ErrorSum(squares: Double(missingSquares) * scale, samples: missingCount)
    known = ErrorSum(squares: Double(knownSquares) * scale, samples: reference.count - missingCount)
    knownDiffer = knownSquares != 0
  }
}
