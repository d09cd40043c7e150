import Frames
import Kernels

/// A frame's brightness at the size at which overlays are looked for, and the signs of its gradients.
///
/// An overlay's edges stay where they are, with the same sign, whatever lies under it; how strong they are depends on that. So
/// signs are what is counted.
struct EdgePicture: Sendable {
  /// The longer side of the smaller picture: enough for a mark's edges, at a quarter of the cost of full resolution.
  private static let mostSamples = 1280
  /// Weaker gradients are noise, in steps of 8 bits over two samples.
  private static let least: Float = 4
  /// A gradient is along one axis alone where the other part is smaller by this: the tangent of 22.5 degrees.
  private static let tangent: Float = 0.41

  /// Samples of the frame that one of this stands for, in each direction.
  let factor: Int
  let width: Int
  let height: Int
  /// Steps of 8 bits.
  let brightness: [Float]
  /// -1, 0 or 1: where the picture becomes darker, stays, or becomes brighter to the right.
  let signsX: [Int8]
  /// The same downwards.
  let signsY: [Int8]

  static func factor(width: Int, height: Int) -> Int {
    var factor = 1
    while max(width, height) / factor > mostSamples { factor *= 2 }
    return factor
  }

  init(_ plane: BrightnessPlane, threads: Int) {
    let factor = Self.factor(width: plane.width, height: plane.height)
    let (width, height) = (plane.width / factor, plane.height / factor)
    let brightness = plane.means(columns: factor, rows: factor, threads: threads)
    var signsX = [Int8](repeating: 0, count: width * height)
    var signsY = signsX
    let picture = brightness
    signsX.withSharedElements { x in
      signsY.withSharedElements { y in
        parallelFor(height, threads: threads) { row in
          Self.sign(
            row: row, of: picture, width: width, height: height, x: x[row * width..<(row + 1) * width],
            y: y[row * width..<(row + 1) * width])
        }
      }
    }
    (self.factor, self.width, self.height) = (factor, width, height)
    (self.brightness, self.signsX, self.signsY) = (brightness, signsX, signsY)
  }

  /// Signs of central differences along a row, smoothed across by (1, 2, 1) / 4 so that noise has few.
  private static func sign(
    row: Int, of picture: [Float], width: Int, height: Int, x signsX: UnsafeMutableBufferPointer<Int8>,
    y signsY: UnsafeMutableBufferPointer<Int8>
  ) {
    // At the picture's borders there are no differences to both sides.
    if row < 1 || row + 1 >= height || width < 3 { return }
    picture.withUnsafeBufferPointer { picture in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width) { memory in
        guard let base = picture.baseAddress, let smooth = memory.baseAddress, let xs = signsX.baseAddress,
          let ys = signsY.baseAddress
        else { return }
        let change = smooth + width
        let (above, here, below) = (base + (row - 1) * width, base + row * width, base + (row + 1) * width)
        for i in 0..<width {
          smooth[i] = 0.25 * (above[i] + 2 * here[i] + below[i])
          change[i] = 0.25 * (below[i] - above[i])
        }
        for i in 1..<width - 1 {
          let dx = smooth[i + 1] - smooth[i - 1]
          let dy = change[i - 1] + 2 * change[i] + change[i + 1]
          let (ax, ay) = (abs(dx), abs(dy))
          let isEdge = max(ax, ay) > least
          let sx: Int32 = dx > 0 ? 1 : -1
          let sy: Int32 = dy > 0 ? 1 : -1
          xs[i] = Int8(truncatingIfNeeded: isEdge && ax >= tangent * ay ? sx : 0)
          ys[i] = Int8(truncatingIfNeeded: isEdge && ay >= tangent * ax ? sy : 0)
        }
      }
    }
  }
}

/// The gradient signs of a picture in half a byte each: what is kept of a frame.
struct PackedSigns: Sendable {
  private let pairs: [UInt8]
  let count: Int

  init(_ picture: EdgePicture) {
    let count = picture.signsX.count
    self.count = count
    pairs = Array(unsafeUninitializedCapacity: (count + 1) / 2) { pairs, made in
      picture.signsX.withUnsafeBufferPointer { x in
        picture.signsY.withUnsafeBufferPointer { y in
          func code(_ i: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: x[i] &+ 1) | UInt8(truncatingIfNeeded: y[i] &+ 1) << 2
          }
          for i in 0..<count / 2 { pairs[i] = code(2 * i) | code(2 * i + 1) << 4 }
          if count % 2 == 1 { pairs[count / 2] = code(count - 1) }
        }
      }
      made = (count + 1) / 2
    }
  }

  /// Signs to the right plus one, and four times those downwards plus one: 0 ... 10.
  subscript(i: Int) -> Int { Int(pairs[i / 2] >> (i % 2 == 0 ? 0 : 4) & 15) }
}
