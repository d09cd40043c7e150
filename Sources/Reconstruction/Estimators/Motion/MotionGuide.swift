import Frames
import Kernels
import Motion

/// The gray pictures that optical flow is computed from: luma, or that of red, green and blue (ITU-R BT.601).
struct MotionGuide {
  /// Largest share of unknown samples at which flow is computed in fine detail.
  private static let mostUnknown = 0.12

  /// Planes that the pictures are made of.
  let planes: [Int]
  private let parts: [(values: [Float], weight: Float)]
  /// States of the first of the planes, (frames, height, width).
  private let states: [UInt8]
  private let height: Int
  private let width: Int

  init(_ estimate: Estimate, samples: MaskedSamples) {
    height = samples.height
    width = samples.width
    let shares: [PlaneRole: Float] = [.luma: 1, .red: 0.299, .green: 0.587, .blue: 0.114]
    let chosen = samples.planes.indices.filter { p in
      let plane = samples.planes[p]
      return shares[plane.role] != nil && plane.height == samples.height && plane.width == samples.width
    }
    planes = chosen
    parts = chosen.map { (estimate.planes[$0], shares[samples.planes[$0].role] ?? 0) }
    states = chosen.first.map { samples.planes[$0].states } ?? []
  }

  /// The motion between some of the frames, in their order.
  ///
  /// - Throws: `OpticalFlowError`.
  func chain(of frames: [Int], threads: Int) throws -> FlowChain {
    try FlowChain(pictures: frames.map { picture($0) }, detail: detail(of: frames), threads: threads)
  }

  /// Coarse where much is estimated: estimates are right to half the resolution at best.
  private func detail(of frames: [Int]) -> OpticalFlow.Detail {
    let unknown = frames.reduce(0) { $0 + unknownCount(in: $1) }
    return Double(unknown) < Self.mostUnknown * Double(frames.count * height * width) ? .fine : .coarse
  }

  /// Samples of frame `t` that are not known.
  func unknownCount(in t: Int) -> Int {
    if states.isEmpty { return height * width }
    let area = height * width
    return states[t * area..<(t + 1) * area].reduce(0) { $0 + ($1 == SampleState.known ? 0 : 1) }
  }

  /// Frame `t`, (height, width), full scale = 1.
  func picture(_ t: Int) -> Matrix {
    let result = Matrix(rows: height, columns: width)
    for part in parts {
      part.values.withUnsafeBufferPointer { values in
        for i in 0..<result.count { result[i] += part.weight * values[t * result.count + i] }
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
