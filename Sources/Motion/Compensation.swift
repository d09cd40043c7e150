internal import COpticalFlow
import Kernels

/// Pictures that are moved onto another along motion, and what differs then; samples are in steps of 8 bits.
///
/// Rows are written in strips, each by itself, so that strips can be shared among threads.
public enum Compensation {
  /// Rows that are computed together, whatever the number of threads.
  public static let strip = 64

  /// What a picture shows where a flow leads, bicubic and held beyond the edge.
  ///
  /// - Parameters:
  ///   - flow: between pictures that are `scale` times smaller, from the picture that is looked for to this one.
  ///   - inside: becomes 0 where the flow leads out of the picture; (height, width).
  ///   - result: takes it; (height, width).
  /// - Returns: false for pictures that are too large for the library, of 32768 samples or more a side.
  public static func move(
    _ picture: Matrix, along flow: FlowField, scale: Int, into result: Matrix, inside: inout [UInt8], threads: Int
  ) -> Bool {
    let (height, width) = (picture.rows, picture.columns)
    precondition(picture.isContiguous && inside.count == height * width, "pictures without gaps")
    precondition(result.rows == height && result.columns == width, "a result of the picture's size")
    if height > Int(Int16.max) || width > Int(Int16.max) || height * width == 0 { return false }
    let strips = (height - 1) / strip + 1
    let codes = inside.withSharedElements { inside in
      parallelMap(strips, threads: threads) { i in
        let (first, end) = (i * strip, min(height, (i + 1) * strip))
        var here = [UInt8](repeating: 0, count: (end - first) * width)
        let code = here.withUnsafeMutableBufferPointer { here in
          compensation_move(
            picture.base, Int32(height), Int32(width), flow.dx.base, flow.dy.base, Int32(flow.height),
            Int32(flow.width), Int32(scale), Int32(first), Int32(end), result.base, here.baseAddress)
        }
        for k in here.indices where here[k] == 0 { inside[first * width + k] = 0 }
        return code
      }
    }
    return codes.allSatisfy { $0 == 0 }
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
  /// - Returns: false where the library fails.
  public static func compare(
    _ picture: Matrix, with others: (Matrix, Matrix), into result: Comparison, threads: Int
  ) -> Bool {
    let (height, width) = (picture.rows, picture.columns)
    precondition(result.mean.rows == height && result.mean.columns == width, "results of the picture's size")
    if height * width == 0 { return false }
    let codes = parallelMap((height - 1) / strip + 1, threads: threads) { i in
      compensation_compare(
        picture.base, others.0.base, others.1.base, Int32(height), Int32(width), Int32(i * strip),
        Int32(min(height, (i + 1) * strip)), result.settled.0.base, result.settled.1.base,
        result.mean.base, result.half.base)
    }
    return codes.allSatisfy { $0 == 0 }
  }
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
