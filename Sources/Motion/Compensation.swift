import CVectorMath
import Kernels

/// Pictures that are moved onto another along motion, and what differs then; samples are in steps of 8 bits.
public enum Compensation {
  /// Rows that are computed together, whatever the number of threads.
  private static let strip = 64

  /// What a picture shows where a flow leads, by cubic convolution and held beyond the edge.
  ///
  /// - Parameters:
  ///   - flow: between pictures that are `scale` times smaller, from the picture that is looked for to this one.
  ///   - result: takes it; (height, width).
  ///   - inside: becomes 0 where the flow leads out of the picture; (height, width).
  public static func move(
    _ picture: Matrix, along flow: FlowField, scale: Int, into result: Matrix, inside: inout [UInt8],
    threads: Int
  ) {
    let (height, width) = (picture.rows, picture.columns)
    precondition(picture.isContiguous && result.isContiguous, "pictures without gaps")
    precondition(result.rows == height && result.columns == width, "a result of the picture's size")
    precondition(height * width <= Int(Int32.max), "places are counted with 32 bits")
    precondition(inside.count == height * width && flow.width > 0 && flow.height > 0 && scale > 0)
    let scratch = scratchFloats(width)
    inside.withSharedElements { inside in
      forEachStrip(height, scratch: scratch, threads: threads) { rows, scratch, kernels in
        var motion = residual_flow(
          dx: flow.dx.base, dy: flow.dy.base, rows: flow.height, columns: flow.width, scale: scale)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: rows.count * width) { here in
          guard let base = here.baseAddress else { return }
          kernels.move(
            picture.base, height, width, &motion, rows.lowerBound, rows.upperBound, result.base, base, scratch
          )
          forEachIndex(in: 0..<here.count, of: base, where: 1) { inside[rows.lowerBound * width + $0] = 0 }
        }
      }
    }
  }

  /// A picture against two others that were moved onto it.
  public struct Comparison: Sendable {
    /// The others after a step that takes away what a shift by at most a sample explains.
    public let settled: (Matrix, Matrix)
    /// The mean of both residuals, blurred.
    public let mean: Matrix
    /// Half of what the residuals differ by, blurred; not negative.
    public let half: Matrix

    /// Memory for pictures of a size.
    public init(height: Int, width: Int) {
      settled = (Matrix(rows: height, columns: width), Matrix(rows: height, columns: width))
      (mean, half) = (Matrix(rows: height, columns: width), Matrix(rows: height, columns: width))
    }
  }

  /// - Parameters:
  ///   - others: moved onto the picture, of its size.
  ///   - result: takes the comparison.
  public static func compare(
    _ picture: Matrix, with others: (Matrix, Matrix), into result: Comparison, threads: Int
  ) {
    let (height, width) = (picture.rows, picture.columns)
    for other in [others.0, others.1, result.mean] {
      precondition(
        other.rows == height && other.columns == width && other.isContiguous, "pictures of one size")
    }
    let scratch = scratchFloats(width)
    for (other, settled) in [(others.0, result.settled.0), (others.1, result.settled.1)] {
      forEachStrip(height, scratch: scratch, threads: threads) { rows, scratch, kernels in
        kernels.settle(
          picture.base, other.base, height, width, rows.lowerBound, rows.upperBound, settled.base, scratch)
      }
    }
    forEachStrip(height, scratch: scratch, threads: threads) { rows, scratch, kernels in
      kernels.compare(
        picture.base, result.settled.0.base, result.settled.1.base, height, width, rows.lowerBound,
        rows.upperBound,
        result.mean.base, result.half.base, scratch)
    }
  }

  private static func forEachStrip(
    _ height: Int, scratch: Int, threads: Int,
    _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Float>, residual_kernels) -> Void
  ) {
    if height == 0 { return }
    parallelFor((height - 1) / strip + 1, threads: threads) { i in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: scratch) { memory in
        guard let base = memory.baseAddress else { return }
        body(i * strip..<min(height, (i + 1) * strip), base, vm_kernels_best().pointee.residuals)
      }
    }
  }

  /// `RESIDUAL_SCRATCH`, which Swift does not see.
  private static func scratchFloats(_ width: Int) -> Int { 96 * (width + 16) }
}

extension FlowField {
  /// This flow, and from where it leads another one.
  public func followed(by next: FlowField) -> FlowField {
    precondition(next.height == height && next.width == width, "flows of one size")
    let result = FlowField(still: height, width)
    for y in 0..<height {
      for x in 0..<width {
        let i = y * width + x
        let (v, u) = (dy.base[i], dx.base[i])
        let rest = next.displacement(y: Float(y) + v, x: Float(x) + u)
        (result.dy.base[i], result.dx.base[i]) = (v + rest.dy, u + rest.dx)
      }
    }
    return result
  }
}
