import Frames
import Masks
import Media

extension DisplayOrientation {
  /// Where a rectangle of the displayed picture, at least a sample large, lies in the stored one, whose size is given.
  public func stored(_ area: Box, width: Int, height: Int) -> Box {
    let corners = [(area.x, area.y), (area.x + area.width - 1, area.y + area.height - 1)].map {
      codedPlace(x: $0.0, y: $0.1, width: width, height: height)
    }
    return Box(
      x: min(corners[0].x, corners[1].x), y: min(corners[0].y, corners[1].y),
      width: abs(corners[0].x - corners[1].x) + 1, height: abs(corners[0].y - corners[1].y) + 1)
  }
}

/// Which part of pictures is shown, and how large: cut out, stretched to the samples' shape, and zoomed.
///
/// Whole factors repeat pixels, so that samples can be told apart; others average over the area that a pixel covers.
public struct PictureView: Sendable {
  public let crop: Box
  /// Size in pixels of what comes out.
  public let width: Int
  public let height: Int

  /// Longest side of what comes out, whatever is asked for.
  static let largestSide = 16384

  /// - Parameters:
  ///   - width: of the displayed picture, and `height`.
  ///   - crop: lies within the picture; nil for all of it.
  ///   - zoom: pixels for a sample's shorter side, above 0.
  ///   - aspect: width of a sample by its height.
  public init(width: Int, height: Int, crop: Box? = nil, zoom: Double = 1, aspect: Double = 1) {
    let crop = crop ?? Box(x: 0, y: 0, width: width, height: height)
    self.crop = crop
    func side(_ samples: Int, _ stretch: Double) -> Int {
      let wanted = (Double(samples) * zoom * stretch).rounded()
      return Int(min(max(wanted.isFinite ? wanted : 1, 1), Double(Self.largestSide)))
    }
    self.width = side(crop.width, max(aspect, 1))
    self.height = side(crop.height, max(1 / aspect, 1))
  }

  /// The part of a picture, in the view's size.
  public func picture(_ picture: RGBPicture) -> RGBPicture {
    let columns = Self.coverage(from: crop.x, crop.width, to: width)
    let rows = Self.coverage(from: crop.y, crop.height, to: height)
    var result = RGBPicture(width: width, height: height)
    var line = [Float](repeating: 0, count: crop.width * 3)
    picture.samples.withUnsafeBufferPointer { from in
      result.samples.withUnsafeMutableBufferPointer { to in
        for y in 0..<height {
          // Down the columns first: one row of samples for each row of pixels.
          for i in line.indices { line[i] = 0 }
          for (row, share) in rows[y] {
            let start = (row * picture.width + crop.x) * 3
            for i in line.indices { line[i] += share * Float(from[start + i]) }
          }
          for x in 0..<width {
            var (r, g, b): (Float, Float, Float) = (0.5, 0.5, 0.5)
            for (column, share) in columns[x] {
              let i = (column - crop.x) * 3
              r += share * line[i]
              g += share * line[i + 1]
              b += share * line[i + 2]
            }
            let o = (y * width + x) * 3
            to[o] = UInt8(min(r, 255))
            to[o + 1] = UInt8(min(g, 255))
            to[o + 2] = UInt8(min(b, 255))
          }
        }
      }
    }
    return result
  }

  /// The part of a mask, (height, width) in the view's size, 1 where missing: by the nearest sample.
  public func mask(_ mask: FrameMask) -> [UInt8] {
    if mask.missing.isEmpty { return [UInt8](repeating: 0, count: width * height) }
    let columns = (0..<width).map { crop.x + $0 * crop.width / width }
    return (0..<height).flatMap { y -> [UInt8] in
      let row = (crop.y + y * crop.height / height) * mask.width
      return columns.map { mask.missing[row + $0] != 0 ? 1 : 0 }
    }
  }

  /// For each pixel the samples that it covers, and their shares, which sum to one.
  private static func coverage(from start: Int, _ count: Int, to pixels: Int) -> [[(Int, Float)]] {
    let step = Double(count) / Double(pixels)
    return (0..<pixels).map { pixel in
      let (low, high) = (Double(pixel) * step, Double(pixel + 1) * step)
      let range = Int(low)...max(Int(low), min(Int((high - 1e-9).rounded(.down)), count - 1))
      return range.map { sample in
        let covered = min(high, Double(sample + 1)) - max(low, Double(sample))
        return (start + sample, Float(covered / step))
      }
    }
  }
}
