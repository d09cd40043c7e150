import CVectorMath
import Frames
import Kernels

/// A window's samples of the planes that lie alike, and which of them are known: what spots are filled from.
struct SpotPlanes: Sendable {
  /// The planes' places in the frames.
  let planes: [Int]
  let format: PlaneFormat
  /// [frame]: 1 where missing; empty where nothing is.
  let missing: [[UInt8]]
  private let frames: [Frame]

  init(_ content: WindowContent, format: FrameFormat, planes: [Int], threads: Int) {
    self.planes = planes
    self.format = format.planes[planes[0]]
    let plane = self.format
    frames = content.frames
    scale = 1 / Float(format.maximumValue)
    let masks = content.masks
    missing = parallelMap(masks.count, threads: threads) { t in
      masks[t].missing.isEmpty ? [] : masks[t].missing(in: plane)
    }
  }

  var height: Int { format.height }
  var width: Int { format.width }

  /// Rows and columns of the frame at which the plane's samples sit.
  @inline(__always)
  func y(ofRow row: Int) -> Float {
    let step = 1 << format.verticalShift
    return Float(row * step) + Float(step - 1) / 2
  }
  @inline(__always)
  func x(ofColumn column: Int) -> Float { Float(column << format.horizontalShift) }

  @inline(__always)
  func isKnown(frame t: Int, row: Int, column: Int) -> Bool {
    missing[t].isEmpty || missing[t][row * width + column] == 0
  }

  /// The samples of a plane in a frame, and their full scale.
  func samples(plane p: Int, frame t: Int) -> SamplePlane { frames[t].planes[p] }
  let scale: Float

  private static let kernels = vm_kernels_best().pointee.spots

  /// Places in a frame, given in samples of the frame: see `spot_kernels.find`.
  func places(frame t: Int, y: [Float], x: [Float]) -> [spot_place] {
    guard format.height > 1, format.width > 1 else { return y.map { _ in spot_place() } }
    let down = Float(1 << format.verticalShift)
    return [spot_place](unsafeUninitializedCapacity: y.count) { places, made in
      missing[t].withUnsafeBufferPointer { missing in
        var plane = spot_plane(
          missing: missing.isEmpty ? nil : missing.baseAddress, height: format.height, width: format.width,
          row_scale: 1 / down, column_scale: 1 / Float(1 << format.horizontalShift), first_row: (down - 1) / 2
        )
        if let places = places.baseAddress { _ = Self.kernels.find(&plane, y, x, y.count, places) }
      }
      made = y.count
    }
  }

  /// The share of places that are seen in a frame, 0 ... 1.
  func coverage(frame t: Int, y: [Float], x: [Float]) -> Double {
    Double(places(frame: t, y: y, x: x).count { $0.kind != SPOT_UNSEEN }) / Double(max(1, y.count))
  }

  /// The values of a plane at places, full scale = 1; 0 where nothing is seen.
  func values(plane p: Int, frame t: Int, at places: [spot_place]) -> [Float] {
    [Float](unsafeUninitializedCapacity: places.count) { values, made in
      if let values = values.baseAddress {
        switch frames[t].planes[p] {
        case .bytes(let samples):
          Self.kernels.bytes(samples, format.width, scale, places, places.count, values)
        case .words(let samples):
          Self.kernels.words(samples, format.width, scale, places, places.count, values)
        }
      }
      made = places.count
    }
  }
}
