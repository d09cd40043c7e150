import CVectorMath
import Frames
import Kernels
import Motion

/// The motion between successive frames of a window, which all of its spots share.
///
/// It is computed once for whole frames, in pictures of at most `mostColumns` columns, kept at half the resolution of those,
/// and interpolated into holes from around them.
struct WindowFlow: Sendable {
  /// Columns of the pictures that flow is computed from, at most.
  static let mostColumns = 960
  /// Samples of the grid around holes that motion is interpolated from.
  private static let margin = 8

  /// Links in both directions: dy, dx in samples of the frame, on a grid with a sample for
  /// `spacing` x `spacing` of the frame.
  private let forward: [[SIMD2<Float>]]
  private let backward: [[SIMD2<Float>]]
  private let rows: Int
  private let columns: Int
  private let spacing: Float

  /// - Parameters:
  ///   - heldOut: what must not be seen of each frame, besides what is missing.
  ///   - filled: what was found for all that; nil for nothing: motion is interpolated into holes from around them then.
  /// - Throws: `OpticalFlowError`.
  init(
    _ content: WindowContent, heldOut: [[SpotPiece]], filled: [[SpotFill]]?, detail: OpticalFlow.Detail,
    threads: Int
  ) throws {
    let (frames, masks) = (content.frames, content.masks)
    let reduction = masks.first.map { max(1, ($0.width - 1) / Self.mostColumns + 1) } ?? 1
    let spacing = Float(2 * reduction)
    self.spacing = spacing
    let pictures = parallelMap(frames.count, threads: threads) {
      FlowPicture(
        frames[$0], mask: masks[$0].hiding(heldOut[$0]), filled: filled?[$0], reduction: reduction)
    }
    let flows = parallelMap(2 * max(0, frames.count - 1), threads: threads) { i in
      let (from, to) = (pictures[i / 2 + i % 2], pictures[i / 2 + 1 - i % 2])
      return Result {
        let flow = try OpticalFlow.between(from.gray, to.gray, detail: detail, isHalved: true)
        if filled == nil { Self.complete(flow, known: from.knownOnHalf) }
        return zip(flow.dy.values, flow.dx.values).map { SIMD2($0, $1) * spacing }
      }
    }
    let found = try flows.map { try $0.get() }
    (rows, columns) = pictures.first.map { (($0.gray.rows + 1) / 2, ($0.gray.columns + 1) / 2) } ?? (1, 1)
    forward = stride(from: 0, to: found.count, by: 2).map { found[$0] }
    backward = stride(from: 1, to: found.count, by: 2).map { found[$0] }
  }

  /// Interpolates the flow into holes from around them, and over the samples beside them, whose flow saw the hole's fill.
  private static func complete(_ flow: FlowField, known: [UInt8]) {
    let (height, width) = (flow.height, flow.width)
    guard known.contains(SampleState.missing) else { return }
    var reliable = known
    for y in 0..<height {
      for x in 0..<width where known[y * width + x] == SampleState.missing {
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            reliable[row * width + column] = SampleState.missing
          }
        }
      }
    }
    guard reliable.contains(SampleState.known) else { return }
    let pyramid = PullPush(height: height, width: width)
    let parts = FrameParts.around(holesIn: reliable[...], height: height, width: width, margin: margin)
    reliable.withUnsafeBufferPointer { known in
      for values in [flow.dx, flow.dy] {
        let plane = UnsafeMutableBufferPointer(start: values.base, count: values.count)
        for part in parts { pyramid.fill(plane, known: known, within: part) }
      }
    }
  }

  /// Bytes for each frame of a window: the motion both ways, and the picture that it is computed from.
  static func bytesPerFrame(width: Int, height: Int) -> Double {
    let reduction = Double(max(1, (width - 1) / mostColumns + 1))
    let picture = Double(width) * Double(height) / (reduction * reduction)
    return picture * (2.0 / 4 * Double(MemoryLayout<SIMD2<Float>>.stride) + 2)
  }

  /// Whether there is a next frame, or one before.
  func hasLink(from t: Int, isForward: Bool) -> Bool { forward.indices.contains(isForward ? t : t - 1) }

  /// Moves places of a frame to where they are seen in the next frame, or in the one before, in samples of the frame.
  func follow(_ y: inout [Float], _ x: inout [Float], from t: Int, isForward: Bool) {
    let link = isForward ? forward[t] : backward[t - 1]
    link.withUnsafeBufferPointer { grid in
      grid.withMemoryRebound(to: Float.self) { pairs in
        guard let motion = pairs.baseAddress else { return }
        var grid = spot_motion(motion: motion, rows: rows, columns: columns, spacing: spacing)
        Self.kernels.follow(&grid, &y, &x, y.count)
      }
    }
  }

  private static let kernels = vm_kernels_best().pointee.spots
}
