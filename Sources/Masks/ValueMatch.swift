import Frames

/// Finds samples with the value or colour that marks missing samples.
struct ValueMatch {
  /// The samples that match, for each plane that is compared.
  private var accepted: [(plane: Int, range: ClosedRange<Int>)]

  /// - Parameters:
  ///   - value: in samples of the input, 0 ... its largest value.
  ///   - tolerance: accepted difference in steps of 8 bits.
  init(value: Int, tolerance: Int, format: FrameFormat) throws {
    guard (0...format.maximumValue).contains(value) else {
      throw MaskError(
        .options,
        "--mask-value \(value) lies outside the input's samples, which are 0 ... \(format.maximumValue)")
    }
    let looked = format.planes.indices.filter {
      let role = format.planes[$0].role
      return !role.isChroma && role != .alpha
    }
    accepted = looked.map { ($0, Self.range(around: value, tolerance: tolerance, format: format)) }
  }

  init(colour: MaskColour, tolerance: Int, encoding: ColourEncoding, format: FrameFormat) {
    accepted = format.planes.indices.compactMap { plane in
      let role = format.planes[plane].role
      guard let sample = encoding.sample(of: colour, role: role, bitDepth: format.bitDepth) else {
        return nil
      }
      return (plane, Self.range(around: sample, tolerance: tolerance, format: format))
    }
  }

  private static func range(around sample: Int, tolerance: Int, format: FrameFormat) -> ClosedRange<Int> {
    let reach = format.bitDepth >= 8 ? tolerance << (format.bitDepth - 8) : tolerance >> (8 - format.bitDepth)
    return sample - reach...sample + reach
  }

  /// The samples of `frame` that match in every plane that is compared, in coded orientation.
  func mask(of frame: Frame) -> FrameMask {
    let format = frame.format
    var missing = [UInt8](repeating: 1, count: format.width * format.height)
    for (index, range) in accepted {
      let plane = format.planes[index]
      frame.planes[index].withView { samples in
        for y in 0..<format.height {
          let row = (y >> plane.verticalShift) * plane.width
          let out = y * format.width
          for x in 0..<format.width where !range.contains(Int(samples[row + (x >> plane.horizontalShift)])) {
            missing[out + x] = 0
          }
        }
      }
    }
    return FrameMask(width: format.width, height: format.height, missing: missing)
  }
}
