/// What the samples of a page are.
public struct TIFFPageFormat: Equatable, Sendable {
  public var width: Int
  public var height: Int
  public var bits: Int
  /// Numbers for each place.
  public var samples: Int
  /// The tag SampleFormat: 1 unsigned, 2 signed, 3 floating point.
  public var kind: Int
  public var compression: Int
  public var photometric: Int
  /// Whether all places of one sample come before the next sample's.
  public var isPlanar = false
  /// What samples beyond the colour's own are: 0 unknown, 1 and 2 transparency.
  public var extra: [Int] = []
  /// How luma has more samples than chroma along x and y, where it has.
  public var isSubsampled = false

  /// None, CCITT's three, LZW, Deflate (two codes), PackBits, LZMA, Zstandard: what gives back the bits that were put in.
  public var isLossless: Bool {
    [1, 2, 3, 4, 5, 8, 32771, 32946, 32773, 34925, 50000].contains(compression)
  }

  /// What the codec can make of a byte at most; those of constant pages can make more, which no picture is.
  var largestRatio: Int {
    switch compression {
    case 1: 1
    case 5, 8, 32946, 32773: 2048
    default: 16384
    }
  }

  /// Samples that lie side by side: all of a place, or one.
  var samplesTogether: Int { isPlanar ? 1 : samples }

  /// Bytes of a row of `width` places as libtiff gives them.
  func rowBytes(_ width: Int) -> Int { (width * samplesTogether * bits + 7) / 8 }

  /// Bytes of the whole page: row by row, or one sample after the other; nil for more than can be counted.
  public var bytes: Int? {
    guard width > 0, height > 0, (1...64).contains(bits), (1...1 << 16).contains(samples),
      width <= 1 << 31, height <= 1 << 31
    else { return nil }
    let (rows, overflow) = height.multipliedReportingOverflow(by: isPlanar ? samples : 1)
    let (count, another) = rows.multipliedReportingOverflow(by: rowBytes(width))
    return overflow || another ? nil : count
  }

  /// The compression's name, for messages.
  public var compressionName: String {
    let names = [
      6: "old-style JPEG", 7: "JPEG", 33003: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000",
      34887: "LERC", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL", 34892: "lossy JPEG",
      34676: "LogLuv", 34677: "LogLuv", 22610: "JPEG XR", 34934: "JPEG XR",
    ]
    return names[compression].map { "\($0) (code \(compression))" } ?? "code \(compression)"
  }
}

/// A strip or tile, and the samples of the page that it holds.
struct TIFFBlock: Equatable {
  var number: UInt32
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  /// Tiles reach beyond the page's edge.
  var storedWidth: Int
  var storedHeight: Int
  /// The sample that it holds, of pages that keep their samples apart.
  var plane = 0
}
