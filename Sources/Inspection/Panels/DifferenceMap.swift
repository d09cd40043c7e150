import Media

/// The difference of two pictures: at each pixel the largest difference of red, green and blue, in steps of 8 bits.
struct DifferenceMap {
  let width: Int
  let height: Int
  /// 0 ... 255, row by row.
  let values: [UInt8]

  init(_ a: RGBPicture, _ b: RGBPicture) {
    precondition(a.width == b.width && a.height == b.height, "pictures of one size are compared")
    (width, height) = (a.width, a.height)
    values = (0..<a.width * a.height).map { i in
      var largest: UInt8 = 0
      for c in 3 * i..<3 * i + 3 {
        let (p, q) = (a.samples[c], b.samples[c])
        largest = max(largest, p > q ? p - q : q - p)
      }
      return largest
    }
  }

  /// Differences that may have the brightest colour. They are few, so that panels can be compared with each other.
  private static let scales = [8, 16, 32, 64, 128, 255]

  /// The smallest of `scales` that at most one difference in a thousand exceeds, over all maps together.
  static func scale(of maps: [DifferenceMap]) -> Int {
    var counts = [Int](repeating: 0, count: 256)
    for map in maps { for value in map.values where value > 0 { counts[Int(value)] += 1 } }
    let allowed = counts.reduce(0, +) / 1000
    return scales.first { counts.suffix(from: min($0 + 1, 256)).reduce(0, +) <= allowed } ?? 255
  }

  /// The map in colours; differences of `scale` and more have the brightest one.
  func picture(scale: Int) -> RGBPicture {
    RGBPicture(
      width: width, height: height,
      inks: values.lazy.map { value in
        value == 0 ? Ink(gray: 0) : ColourMap.table[min(Int(value) * 255 / max(scale, 1), 255)]
      })
  }
}

/// The picture with missing pixels tinted and their edges marked.
///
/// - Parameter mask: (height, width), not 0 where missing.
func overlay(_ mask: [UInt8], on picture: RGBPicture) -> RGBPicture {
  var canvas = Canvas(picture)
  let (width, height) = (picture.width, picture.height)
  for y in 0..<height {
    for x in 0..<width where mask[y * width + x] != 0 {
      let isInside =
        x > 0 && y > 0 && x < width - 1 && y < height - 1 && mask[y * width + x - 1] != 0
        && mask[y * width + x + 1] != 0 && mask[(y - 1) * width + x] != 0 && mask[(y + 1) * width + x] != 0
      canvas.blend(x, y, .missing, share: isInside ? 150 : 235)
    }
  }
  return canvas.picture
}
