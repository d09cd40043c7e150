import Frames
import Kernels

/// The gray pictures that flow is computed from: luma, or the luma of red, green and blue (ITU-R BT.601).
struct MotionGuide {
  /// Planes that the pictures are made of.
  let planes: [Int]
  private let parts: [(samples: [Float], weight: Float)]
  /// What is known of the first of the parts, (frames, height, width).
  private let states: [UInt8]
  private let height: Int
  private let width: Int

  init(_ estimate: WindowEstimate, window: MaskedWindow) {
    height = window.height
    width = window.width
    let shares: [PlaneRole: Float] = [.luma: 1, .red: 0.299, .green: 0.587, .blue: 0.114]
    let chosen = window.planes.indices.filter { p in
      let plane = window.planes[p]
      return shares[plane.role] != nil && plane.height == window.height && plane.width == window.width
    }
    planes = chosen
    parts = chosen.map { (estimate.planes[$0], shares[window.planes[$0].role] ?? 0) }
    states = chosen.first.map { window.planes[$0].states } ?? []
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

  /// 1 where frame `t` is known, (height, width).
  func known(_ t: Int) -> [UInt8] {
    let area = height * width
    if states.isEmpty { return [UInt8](repeating: 0, count: area) }
    return states[t * area..<(t + 1) * area].map { $0 == SampleState.known ? 1 : 0 }
  }
}
