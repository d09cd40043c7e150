/// The format of a page's samples.
public struct TIFFPageFormat: Equatable, Sendable {
  public var width: Int
  public var height: Int
  public var bits: Int
  /// The number of samples for each place (pixel).
  public var samples: Int
  /// The tag SampleFormat: 1 unsigned, 2 signed, 3 floating point.
  public var kind: Int
  public var compression: Int
  public var photometric: Int
  /// Whether samples are stored in separate planes, one after the other.
  public var isPlanar = false
  /// The kinds of samples beyond the colours: 0 unknown, 1 and 2 transparency.
  public var extra: [Int] = []
  /// Whether chroma may have fewer samples than luma.
  public var isSubsampled = false

  /// Whether the compression is lossless: none, CCITT's three, LZW, Deflate (two codes), PackBits, LZMA, Zstandard.
  public var isLossless: Bool {
    [1, 2, 3, 4, 5, 8, 32771, 32946, 32773, 34925, 50000].contains(compression)
  }

  /// The largest plausible ratio of the codec. Pages of one colour may exceed it, but pictures don't.
  var largestRatio: Int {
    switch compression {
    case 1: 1
    case 5, 8, 32946, 32773: 2048
    default: 16384
    }
  }

  /// The number of samples that are stored side by side: all of a place, or one in planar pages.
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

/// A strip or tile, and the rectangle of the page that it holds.
struct TIFFBlock: Equatable {
  var number: UInt32
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  /// Size with the part of a tile that lies beyond the page's edge.
  var storedWidth: Int
  var storedHeight: Int
  /// The sample that it holds, in planar pages.
  var plane = 0
}
