import Frames

/// A picture as screens show it: red, green and blue of 8 bits (sRGB), row by row.
public struct RGBPicture: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// (height, width, 3)
  public var samples: [UInt8]

  public init(width: Int, height: Int, samples: [UInt8]) {
    precondition(samples.count == width * height * 3, "a picture needs width x height x 3 samples")
    self.width = width
    self.height = height
    self.samples = samples
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0) {
    self.width = width
    self.height = height
    if red == green && green == blue {
      samples = [UInt8](repeating: red, count: width * height * 3)
    } else {
      samples = []
      samples.reserveCapacity(width * height * 3)
      for _ in 0..<width * height { samples += [red, green, blue] }
    }
  }

  /// The picture as a frame of planes, for a `VideoWriter` of `frameFormat`.
  public func frame(index: Int) -> Frame {
    let planes = (0..<3).map { plane in
      [UInt16](unsafeUninitializedCapacity: width * height) { buffer, count in
        count = width * height
        samples.withUnsafeBufferPointer { samples in
          for i in 0..<count { buffer[i] = UInt16(samples[3 * i + plane]) }
        }
      }
    }
    return Frame(format: frameFormat, planes: planes, index: index)
  }

  /// Three planes of 8 bits.
  public var frameFormat: FrameFormat {
    FrameFormat(width: width, height: height, bitDepth: 8, roles: [.red, .green, .blue])
  }
}
