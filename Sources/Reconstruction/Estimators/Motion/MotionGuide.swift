import Frames
import Kernels

/// The gray pictures that flow is computed from: luma, or the luma of red, green and blue (ITU-R BT.601).
struct MotionGuide {
  private let parts: [(samples: [Float], weight: Float)]
  private let height: Int
  private let width: Int

  init(_ estimate: WindowEstimate, window: MaskedWindow) {
    height = window.height
    width = window.width
    let shares: [PlaneRole: Float] = [.luma: 1, .red: 0.299, .green: 0.587, .blue: 0.114]
    let (height, width) = (height, width)
    parts = window.planes.indices.compactMap { p in
      let plane = window.planes[p]
      guard let weight = shares[plane.role], plane.height == height, plane.width == width else { return nil }
      return (estimate.planes[p], weight)
    }
  }

  /// Frame `t`, (height, width), full scale = 1.
  func picture(_ t: Int) -> Matrix {
    let result = Matrix(rows: height, columns: width)
    for part in parts {
      part.samples.withUnsafeBufferPointer { samples in
        for i in 0..<result.count { result.base[i] += part.weight * samples[t * result.count + i] }
      }
    }
    return result
  }
}
