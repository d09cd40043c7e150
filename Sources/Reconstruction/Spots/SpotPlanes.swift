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

  /// How a value comes about at a place between samples.
  struct Place {
    /// The sample above and to the left, and how far the place is from there, 0 ... 1.
    var index: Int32 = 0
    var down: Float = 0
    var right: Float = 0
    var kind = Kind.unseen

    enum Kind: UInt8 { case unseen, linear, cubic }

    /// Bilinear weight of missing samples at which a place counts as missing.
    private static let mostHidden: Float = 0.05

    /// - Parameter i: the index.
    @inline(__always)
    fileprivate mutating func hide(_ missing: UnsafeRawBufferPointer, at i: Int, width: Int) {
      if kind == .cubic {
        var around: UInt32 = 0
        for row in -1...2 {
          around |= missing.loadUnaligned(fromByteOffset: i + row * width - 1, as: UInt32.self)
        }
        if around == 0 { return }
        kind = .linear
      }
      let hidden =
        (1 - down) * (1 - right) * Float(missing[i]) + (1 - down) * right * Float(missing[i + 1])
        + down * (1 - right) * Float(missing[i + width]) + down * right * Float(missing[i + width + 1])
      if hidden > Self.mostHidden { kind = .unseen }
    }
  }

  /// Places in a frame, given in samples of the frame: by cubic convolution; bilinear where samples farther off are missing or
  /// lie outside; unseen where a sample beside it is missing, or the place itself lies outside.
  func places(frame t: Int, y: [Float], x: [Float]) -> [Place] {
    let (height, width) = (format.height, format.width)
    let (scaleY, scaleX) = (1 / Float(1 << format.verticalShift), 1 / Float(1 << format.horizontalShift))
    let origin = (Float(1 << format.verticalShift) - 1) / 2
    guard height > 1, width > 1 else { return y.map { _ in Place() } }
    let hidden = missing[t]
    return [Place](unsafeUninitializedCapacity: y.count) { places, made in
      hidden.withUnsafeBytes { missing in
        for k in y.indices {
          let (py, px) = ((y[k] - origin) * scaleY, x[k] * scaleX)
          var place = Place()
          // Half a sample beyond the edge is still the sample at the edge.
          if py >= -0.5, px >= -0.5, py <= Float(height) - 0.5, px <= Float(width) - 0.5 {
            let (cy, cx) = (max(0, min(Float(height - 1), py)), max(0, min(Float(width - 1), px)))
            let (top, left) = (min(Int(cy), height - 2), min(Int(cx), width - 2))
            let i = top * width + left
            (place.index, place.down, place.right) = (Int32(i), cy - Float(top), cx - Float(left))
            place.kind = top > 0 && left > 0 && top + 2 < height && left + 2 < width ? .cubic : .linear
            if !missing.isEmpty { place.hide(missing, at: i, width: width) }
          }
          places.initializeElement(at: k, to: place)
        }
      }
      made = y.count
    }
  }

  /// The share of places that are seen in a frame, 0 ... 1.
  func coverage(frame t: Int, y: [Float], x: [Float]) -> Double {
    Double(places(frame: t, y: y, x: x).count { $0.kind != .unseen }) / Double(max(1, y.count))
  }

  /// The values of a plane at places, full scale = 1; 0 where nothing is seen.
  func values(plane p: Int, frame t: Int, at places: [Place]) -> [Float] {
    switch frames[t].planes[p] {
    case .bytes(let samples): values(of: samples, at: places)
    case .words(let samples): values(of: samples, at: places)
    }
  }

  private func values<Sample: FixedWidthInteger & UnsignedInteger & SIMDScalar>(
    of samples: [Sample], at places: [Place]
  ) -> [Float] {
    let (width, scale, size) = (format.width, scale, MemoryLayout<Sample>.size)
    return [Float](unsafeUninitializedCapacity: places.count) { values, made in
      samples.withUnsafeBytes { samples in
        for k in places.indices {
          let place = places[k]
          let i = Int(place.index)
          var value: Float = 0
          switch place.kind {
          case .unseen: break
          case .linear:
            func at(_ k: Int) -> Float { Float(samples.load(fromByteOffset: size * k, as: Sample.self)) }
            let (a, b, c, d) = (at(i), at(i + 1), at(i + width), at(i + width + 1))
            let (upper, lower) = (a + place.right * (b - a), c + place.right * (d - c))
            value = (upper + place.down * (lower - upper)) * scale
          case .cubic:
            let rows = Self.cubic(place.down)
            var line = SIMD4<Float>.zero
            for j in 0..<4 {
              let row = samples.loadUnaligned(
                fromByteOffset: size * (i + (j - 1) * width - 1), as: SIMD4<Sample>.self)
              line += rows[j] * SIMD4<Float>(Float(row[0]), Float(row[1]), Float(row[2]), Float(row[3]))
            }
            value = (Self.cubic(place.right) * line).sum() * scale
          }
          values.initializeElement(at: k, to: value)
        }
      }
      made = places.count
    }
  }

  /// Weights of the samples at -1, 0, 1 and 2 for a place at `f`, 0 ... 1; see `BicubicCell`.
  @inline(__always)
  private static func cubic(_ f: Float) -> SIMD4<Float> {
    SIMD4(
      ((2 - f) * f - 1) * f, (3 * f - 5) * f * f + 2, ((4 - 3 * f) * f + 1) * f, (f - 1) * f * f) * 0.5
  }
}
