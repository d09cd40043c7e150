import Frames
import Kernels
import Motion

/// Finds the motion between each frame and the one before, both ways, in smaller pictures of them without their grain.
struct MotionFinder: Sendable {
  /// The longer side that smaller pictures have at most.
  private static let longest = 960
  /// Pictures of so many samples or fewer are searched at their own resolution: texture is left over less.
  private static let small = 180_000
  /// In pictures of more samples than this the motion back is the same motion, seen from the other frame: half the time, and as
  /// good where there is that much detail.
  private static let large = 300_000

  private let threads: Int
  private var last: MotionPicture?

  init(threads: Int) { self.threads = threads }

  /// - Parameter inputs: frames that follow those that were given before.
  /// - Returns: for each of them the motion since the frame before; nil for the first frame of a scene.
  /// - Throws: `OpticalFlowError`.
  mutating func motions(to inputs: [DetectionInput]) throws -> [FrameMotion?] {
    let pictures = parallelMap(inputs.count, threads: threads) {
      MotionPicture(BrightnessPlane(inputs[$0].frame), longest: Self.longest, threads: 1)
    }
    let before = [last] + pictures.dropLast()
    last = pictures.last ?? last
    return try parallelMap(inputs.count, threads: threads) { i in
      Result { try Self.motion(from: before[i], to: pictures[i], of: inputs[i]) }
    }.map { try $0.get() }
  }

  private static func motion(from last: MotionPicture?, to picture: MotionPicture, of input: DetectionInput)
    throws -> FrameMotion?
  {
    guard let last, !input.startsScene, last.width == picture.width, last.height == picture.height,
      last.scale == picture.scale
    else { return nil }
    let (earlier, later, width) = (last.gray, picture.gray, input.frame.format.width)
    if picture.width * picture.height > large {
      let (forward, backward) = try OpticalFlow.bothWays(earlier, later, detail: .refined)
      return FrameMotion(forward: forward, backward: backward, scale: 2 * picture.scale, width: width)
    }
    let detail: OpticalFlow.Detail = picture.width * picture.height <= small ? .leanFine : .refined
    return FrameMotion(
      forward: try OpticalFlow.between(earlier, later, detail: detail),
      backward: try OpticalFlow.between(later, earlier, detail: detail), scale: picture.scale, width: width)
  }
}

/// A frame's brightness in 8 bits, halved until it is small enough; the median of three by three takes grain and dust away.
struct MotionPicture: Sendable {
  private(set) var width: Int
  private(set) var height: Int
  private(set) var scale = 1
  private(set) var samples: [UInt8]

  init(_ plane: BrightnessPlane, longest: Int, threads: Int) {
    (width, height) = (plane.width, plane.height)
    if plane.step == 1, case .bytes(let bytes) = plane.samples {
      samples = bytes
    } else {
      samples = plane.samples.withView { view in
        (0..<view.count).map { UInt8(min(255, Float(view[$0]) * plane.step + 0.5)) }
      }
    }
    while max(width, height) > longest { halve(threads: threads) }
    takeMedians(threads: threads)
  }

  var gray: GrayPicture { GrayPicture(rows: height, columns: width, samples: samples) }

  /// A part that lies in the picture.
  func part(x: Int, y: Int, width: Int, height: Int) -> GrayPicture {
    var part: [UInt8] = []
    part.reserveCapacity(width * height)
    for row in y..<y + height { part += samples[row * self.width + x..<row * self.width + x + width] }
    return GrayPicture(rows: height, columns: width, samples: part)
  }

  /// Means of two by two samples; at an odd edge of those that are there.
  private mutating func halve(threads: Int) {
    let (width, height) = (self.width, self.height)
    let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
    var smaller = [UInt8](repeating: 0, count: columns * rows)
    let whole = samples
    parallelFor(rows, threads: threads, writing: &smaller) { row, smaller in
      whole.withUnsafeBufferPointer { whole in
        let upper = 2 * row * width
        let lower = min(2 * row + 1, height - 1) * width
        let line = smaller[row * columns..<(row + 1) * columns]
        for column in 0..<width / 2 {
          let x = 2 * column
          let sum =
            UInt16(whole[upper + x]) + UInt16(whole[upper + x + 1]) + UInt16(whole[lower + x])
            + UInt16(whole[lower + x + 1])
          line[column] = UInt8(truncatingIfNeeded: (sum + 2) >> 2)
        }
        if width % 2 == 1 {
          let sum = UInt16(whole[upper + width - 1]) + UInt16(whole[lower + width - 1])
          line[columns - 1] = UInt8(truncatingIfNeeded: (sum + 1) >> 1)
        }
      }
    }
    (samples, self.width, self.height, scale) = (smaller, columns, rows, 2 * scale)
  }

  /// The median of each sample and its eight neighbours; samples at the edge stay as they are.
  private mutating func takeMedians(threads: Int) {
    let (width, height) = (self.width, self.height)
    if width < 3 || height < 3 { return }
    let before = samples
    parallelFor(height - 2, threads: threads, writing: &samples) { i, medians in
      before.withUnsafeBytes { before in
        guard let base = before.baseAddress else { return }
        let line = medians.address(of: (i + 1) * width, count: width)
        let rows = base + i * width
        var x = 1
        while x + 16 < width {
          let value = Self.median { row, column in
            (rows + row * width + x + column - 1).loadUnaligned(as: SIMD16<UInt8>.self)
          }
          UnsafeMutableRawPointer(line + x).storeBytes(of: value, as: SIMD16<UInt8>.self)
          x += 16
        }
        while x + 1 < width {
          let value = Self.median { row, column in
            SIMD2<UInt8>(repeating: (rows + row * width + x + column - 1).load(as: UInt8.self))
          }
          line[x] = value[0]
          x += 1
        }
      }
    }
  }

  /// The median of nine by a network of exchanges: columns are sorted, then the largest of the least, the middle of the middle
  /// and the least of the largest are.
  @inline(__always)
  private static func median<V: SIMD>(_ value: (_ row: Int, _ column: Int) -> V) -> V
  where V.Scalar: Comparable {
    @inline(__always) func low(_ a: V, _ b: V) -> V { pointwiseMin(a, b) }
    @inline(__always) func high(_ a: V, _ b: V) -> V { pointwiseMax(a, b) }
    @inline(__always) func middle(_ a: V, _ b: V, _ c: V) -> V { high(low(a, b), low(high(a, b), c)) }
    @inline(__always) func sorted(_ column: Int) -> (V, V, V) {
      let (a, b, c) = (value(0, column), value(1, column), value(2, column))
      return (low(low(a, b), c), middle(a, b, c), high(high(a, b), c))
    }
    let (a, b, c) = (sorted(0), sorted(1), sorted(2))
    return middle(high(high(a.0, b.0), c.0), middle(a.1, b.1, c.1), low(low(a.2, b.2), c.2))
  }
}
