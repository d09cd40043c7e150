internal import COpticalFlow
import Kernels

/// Why there is no flow.
public struct OpticalFlowError: Error, Equatable, Sendable {
  public enum Code: Sendable {
    case badSize, noMemory, failed

    fileprivate init(_ code: Int32) {
      switch Int(code) {
      case OPTICAL_FLOW_BAD_SIZE: self = .badSize
      case OPTICAL_FLOW_NO_MEMORY: self = .noMemory
      default: self = .failed
      }
    }
  }

  public var code: Code
  /// What OpenCV says.
  public var message: String

  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}

/// Dense optical flow by inverse search (Kroeger, Timofte, Dai, Van Gool: "Fast Optical Flow using Dense Inverse
/// Search", ECCV 2016, arXiv:1603.03590), as OpenCV's `DISOpticalFlow` with preset medium computes it, or `InverseSearch`.
public enum OpticalFlow {
  /// Pictures with a side below this are too small for the search's pyramid; their flow is 0.
  public static let smallestSide = 16

  /// The resolution of the search.
  public enum Detail: Sendable {
    /// Half the pictures' resolution: fast, and robust against details that were estimated.
    case coarse
    /// The pictures' own resolution, for pictures that are almost entirely known.
    case fine
    /// Half the pictures' resolution without refinement, by `InverseSearch`: in a fraction of the time, flow that is as good
    /// in most pictures.
    case quick
    /// The same, refined so that it changes little from sample to sample: in a third of the time of `coarse`, and as good where most of
    /// a picture is seen in both.
    case refined
    /// The pictures' own resolution with patches farther apart and less smoothing.
    case leanFine

    /// What OpenCV's search is told; nil where it is not asked.
    fileprivate var code: Int32? {
      switch self {
      case .quick, .refined: nil
      case .coarse: 0
      case .fine: 1
      case .leanFine: 2
      }
    }
  }

  /// The flow from `a` to `b`.
  ///
  /// - Parameters:
  ///   - a: (height, width), full scale = 1; values are clamped to 0 ... 1.
  ///   - b: of the same size.
  /// - Complexity: about 4 ms for 144 x 176 samples, on the calling thread; twice that for fine detail.
  /// - Throws: `OpticalFlowError`.
  public static func between(_ a: Matrix, _ b: Matrix, detail: Detail = .coarse) throws -> FlowField {
    try between(GrayPicture(a), GrayPicture(b), detail: detail)
  }

  /// The same of pictures with 8 bits, which is what is searched.
  ///
  /// - Parameter isHalved: gives the flow at half the pictures' resolution: means of two by two, at an odd edge of those that are
  ///   there.
  public static func between(
    _ a: GrayPicture, _ b: GrayPicture, detail: Detail = .coarse, isHalved: Bool = false
  ) throws -> FlowField {
    precondition(a.rows == b.rows && a.columns == b.columns, "pictures of the same size")
    let (height, width) = (a.rows, a.columns)
    let flow =
      isHalved ? FlowField(still: (height + 1) / 2, (width + 1) / 2) : FlowField(still: height, width)
    if min(height, width) < smallestSide { return flow }
    guard let search = detail.code else {
      let (from, to) = (a.halved, b.halved)
      let found = InverseSearch.flow(from: from, to: to)
      if detail == .refined {
        try checked {
          optical_flow_refine(
            from.base, to.base, Int32(found.height), Int32(found.width), refinements, found.dx.base,
            found.dy.base, $0, $1)
        }
      }
      return isHalved ? found : found.doubled(height: height, width: width)
    }
    try checked {
      optical_flow_dis(
        a.samples, b.samples, Int32(height), Int32(width), search, isHalved ? 1 : 0, flow.dx.base,
        flow.dy.base, $0, $1)
    }
    return flow
  }

  /// Rounds of `refined`'s refinement.
  private static let refinements: Int32 = 5

  /// The one place where codes become errors.
  ///
  /// - Parameter body: takes where the cause of an error is to be written, and how many bytes there are for it.
  private static func checked(_ body: (UnsafeMutablePointer<CChar>?, Int) -> Int32) throws {
    var text = [CChar](repeating: 0, count: 512)
    let code = text.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
    if code == 0 { return }
    let message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw OpticalFlowError(code: OpticalFlowError.Code(code), message: message)
  }

  /// The flow from `a` to `b` at half their resolution, and the flow back: one search, and the same motion seen from `b`.
  ///
  /// - Throws: `OpticalFlowError`.
  public static func bothWays(_ a: GrayPicture, _ b: GrayPicture, detail: Detail) throws -> (
    forward: FlowField, backward: FlowField
  ) {
    let forward = try between(a, b, detail: detail, isHalved: true)
    return (forward, forward.inverse(from: a.halved, to: b.halved))
  }
}

/// A picture of one plane with 8 bits.
public struct GrayPicture: Sendable {
  public let rows: Int
  public let columns: Int
  /// Row by row.
  let samples: [UInt8]

  /// - Parameter samples: rows x columns of them.
  public init(rows: Int, columns: Int, samples: [UInt8]) {
    precondition(rows >= 0 && columns >= 0 && samples.count == rows * columns, "a sample for each place")
    (self.rows, self.columns, self.samples) = (rows, columns, samples)
  }

  /// At half the resolution, full scale = 255: means of two by two, at an odd edge of those that are there.
  public var halved: Matrix {
    samples.withUnsafeBufferPointer { samples in
      Matrix(halving: samples.baseAddress, rows: rows, columns: columns, stride: columns) { Float($0) }
    }
  }

  /// - Parameter picture: without gaps between rows, full scale = 1; values are clamped to 0 ... 1.
  public init(_ picture: Matrix) {
    precondition(picture.isContiguous, "gaps between rows")
    (rows, columns) = (picture.rows, picture.columns)
    let values = picture.base
    let total = rows * columns
    samples = Array(unsafeUninitializedCapacity: total) { samples, count in
      for i in 0..<total {
        // By way of a signed number, which processors convert many of at a time.
        samples[i] = UInt8(truncatingIfNeeded: Int32(max(0, min(255, values[i] * 255 + 0.5))))
      }
      count = total
    }
  }
}
