import Frames

/// Turns the pictures of a mask file into masks by a threshold, and warns where another threshold may have been meant.
final class MaskReader {
  private let path: String
  private let threshold: MaskThreshold
  /// Whether white says what is kept instead of what is missing.
  private let isKept: Bool
  /// Whether red, green and blue are masks of a plane each.
  private let isByChannels: Bool
  /// For pictures of two neighbouring values, such as 0 and 1: the larger one, which counts as white, and the lower one.
  private(set) var upperOfTwo: (value: Int32, lower: Int32)?
  private var pictures = 0
  private var whitePictures = 0
  /// Pictures that have black samples.
  private var blackPictures = 0
  /// Pictures without white that are not all black: their number, the first one, and their brightest sample.
  private var dim: (pictures: Int, first: Int, brightest: Int, suggestion: Int)?
  /// Pictures without black that are not all white: their darkest sample.
  private var pale: (darkest: Int, suggestion: Int)?
  /// The largest alpha of pictures in which no sample is visible.
  private var faint: Int?
  private var counts = (all: 0, missing: 0, white: 0, gray: 0)

  /// In steps of 8 bits: the error that a lossy codec makes of black, and the distance from black from which on a sample
  /// is clearly gray.
  private static let (noise, clearlyGray) = (8, 32)

  init(path: String, threshold: MaskThreshold, isKept: Bool = false, isByChannels: Bool = false) {
    (self.path, self.threshold, self.isKept) = (path, threshold, isKept)
    self.isByChannels = isByChannels
  }

  /// A reader of the same file that has read nothing yet.
  func scout() -> MaskReader {
    MaskReader(path: path, threshold: threshold, isByChannels: isByChannels)
  }

  /// - Parameters:
  ///   - isExact: whether the codec is lossless, so that samples are as they were drawn.
  ///   - black: the sample of black, 8 bits.
  /// - Throws: `MaskError` of kind `.mismatch` for a picture without colours where those are masks of a plane each.
  func mask(of picture: Frame, isExact: Bool, black: Int) throws -> FrameMask {
    if isByChannels { return try maskByChannels(of: picture) }
    let brightness = MaskBrightness(of: picture)
    let noise = brightness.scaled(isExact ? 0 : Self.noise)
    let floor = brightness.scaled(black)
    var limit = brightness.scaled(threshold.level)
    let range = brightness.range
    if let range, isExact, range.upperBound < limit, upperOfTwo == nil {
      recognise(brightness, range, floor)
    }
    if let upperOfTwo { limit = min(limit, upperOfTwo.lower + 1) }
    let white = brightness.white(from: limit)
    note(brightness, range, white, (limit: limit, noise: noise, floor: floor), isExact: isExact)
    let mask = threshold.mask(white: white, format: picture.format)
    counts.missing += mask.missingCount
    return mask
  }

  private func maskByChannels(of picture: Frame) throws -> FrameMask {
    let format = picture.format
    let colours = [PlaneRole.red, .green, .blue].compactMap { role in
      format.planes.firstIndex { $0.role == role }
    }
    guard colours.count == 3 else {
      throw MaskError(
        .mismatch,
        "the mask \(path) has no red, green and blue to be read apart: make it an RGB picture such as a PNG in colours, or "
          + "leave --mask-planes channels out")
    }
    let limit = UInt16(truncatingIfNeeded: MaskBrightness.scaled(threshold.level, bitDepth: format.bitDepth))
    var missing = [UInt8](repeating: 0, count: format.width * format.height)
    let planes: [PlaneSelection] = [.first, .second, .third]
    for i in missing.indices {
      let found = zip(colours, planes).reduce(into: PlaneSelection()) { found, colour in
        let isWhite = picture.planes[colour.0][i] >= limit
        if isWhite == (threshold.polarity == .whiteIsMissing) { found.formUnion(colour.1) }
      }
      // Alpha is missing where all colours are.
      missing[i] = FrameMask.value(missingIn: found == .colours ? .all : found)
    }
    let mask = FrameMask(width: format.width, height: format.height, missing: missing)
    pictures += 1
    counts.all += missing.count
    let whites = mask.missingCount
    counts.white += whites
    counts.missing += planes.reduce(0) { $0 + mask.mask(of: $1).missingCount } / planes.count
    if whites > 0 { whitePictures += 1 }
    if whites < missing.count { blackPictures += 1 }
    return mask
  }

  /// Recognises a picture without white whose samples are zeros and ones.
  private func recognise(_ brightness: MaskBrightness, _ range: ClosedRange<Int32>, _ floor: Int32) {
    let (low, high) = (range.lowerBound, range.upperBound)
    guard low < high, low == 0 || low == floor, high - low < brightness.scaled(2),
      brightness.holdsOnly(low, high)
    else { return }
    upperOfTwo = (high / Int32(brightness.planes), low)
  }

  private func note(
    _ brightness: MaskBrightness, _ range: ClosedRange<Int32>?, _ white: [UInt8],
    _ levels: (limit: Int32, noise: Int32, floor: Int32), isExact: Bool
  ) {
    pictures += 1
    counts.all += white.count
    let whites = white.reduce(0) { $0 + Int($1) }
    counts.white += whites
    if whites > 0 { whitePictures += 1 }
    if whites < white.count { blackPictures += 1 }
    guard let range else {
      if brightness.mostOpaque > 0 { faint = max(faint ?? 0, brightness.mostOpaque) }
      return
    }
    let (low, high) = (range.lowerBound, range.upperBound)
    let black = brightness.steps(levels.floor)
    if whites == 0 && high > levels.floor + levels.noise {
      let brightest = brightness.steps(high)
      let suggestion = brightest - black <= Self.noise ? black + 1 : (black + brightest) / 2
      let known = dim ?? (0, pictures - 1, brightest, suggestion)
      dim = (
        known.pictures + 1, known.first, max(known.brightest, brightest), min(known.suggestion, suggestion)
      )
    }
    if whites == white.count && brightness.visible == nil && high - low > levels.noise {
      let darkest = brightness.steps(low)
      let suggestion = min((darkest + brightness.steps(high) + 1) / 2, 255)
      pale = (min(pale?.darkest ?? 255, darkest), max(pale?.suggestion ?? 0, suggestion))
    }
    if whites > 0 && whites < white.count {
      let gray = levels.floor + brightness.scaled(Self.clearlyGray)
      counts.gray += brightness.count(from: gray, belowWhite: levels.limit)
    }
  }

  /// Whether the pictures so far suffice to see that the threshold suits the mask.
  var isTelling: Bool { upperOfTwo != nil || whitePictures > 0 && blackPictures > 0 }

  /// Takes over what another reader of the same file found out.
  func adopt(_ other: MaskReader) { upperOfTwo = other.upperOfTwo }

  /// Refuses a mask in whose pictures the threshold finds nothing although something is drawn.
  ///
  /// - Throws: `MaskError` of kind `.mismatch`.
  func check() throws {
    let level = threshold.level
    if whitePictures == 0, let dim {
      // Where all samples are below the first step of 8 bits, no threshold is low enough.
      let remedy =
        dim.brightest > 0
        ? "give --mask-threshold \(max(dim.suggestion, 1)), or draw in white" : "draw in white"
      throw MaskError(
        .mismatch,
        "nothing in the mask \(path) is white, and it is not black: its brightest sample is \(dim.brightest) of 255, "
          + "below the threshold \(level); \(remedy)")
    }
    if whitePictures == 0, let faint {
      throw MaskError(
        .mismatch,
        "nothing in the mask \(path) is visible: its least transparent sample is \(faint) of 255, and visible is 128 "
          + "and more; draw with an opaque colour")
    }
    if blackPictures == 0, threshold.polarity == .blackIsMissing, let pale {
      throw MaskError(
        .mismatch,
        "nothing in the mask \(path) is black, and it is not white: its darkest sample is \(pale.darkest) of 255, not "
          + "below the threshold \(level); give --mask-threshold \(pale.suggestion), or draw in black")
    }
  }

  /// Warnings about the pictures read so far.
  var warnings: [String] {
    var found: [String] = []
    if let upperOfTwo {
      found.append("the mask \(path) holds no white; its larger value, \(upperOfTwo.value), counts as white")
    }
    if let dim, whitePictures > 0 {
      let which = dim.pictures == 1 ? "picture \(dim.first)" : "\(dim.pictures) pictures"
      found.append(
        "in \(which) of the mask \(path)\(dim.pictures > 1 ? ", first in picture \(dim.first)," : "") nothing is white "
          + "though not all is black: the brightest sample there is \(dim.brightest) of 255, below the threshold "
          + "\(threshold.level); --mask-threshold lowers it")
    }
    // Smooth edges are gray as well, but thin: they stay below these shares.
    if 2 * counts.gray > counts.white && 100 * counts.gray > counts.all {
      found.append(
        "the mask \(path) has many gray or coloured samples below the threshold \(threshold.level), \(counts.gray) beside "
          + "\(counts.white) white ones: they count as black; --mask-threshold lowers it")
    }
    let share = Double(counts.missing) / Double(max(counts.all, 1))
    if share > 0.8 && share < 1 && !isKept {
      let other = threshold.polarity == .whiteIsMissing ? "black" : "white"
      found.append(
        "the mask \(path) makes \(Int((share * 100).rounded(.down))) % of the picture missing: if \(other) was meant to be "
          + "missing, give --mask-polarity \(other)-is-missing")
    }
    return found
  }
}

/// Which side of the threshold means missing.
public enum MaskPolarity: String, Sendable, CaseIterable {
  case whiteIsMissing = "white-is-missing"
  case blackIsMissing = "black-is-missing"
}

/// Turns a mask's picture into missing and known samples.
public struct MaskThreshold: Sendable, Equatable {
  public var polarity: MaskPolarity
  /// A sample at or above it is white; 0 ... 255 whatever the bit depth.
  public var level: Int

  public init(polarity: MaskPolarity = .whiteIsMissing, level: Int = 128) {
    precondition((0...255).contains(level), "a threshold lies in 0 ... 255")
    (self.polarity, self.level) = (polarity, level)
  }

  /// The mask of a picture, in the picture's own orientation.
  ///
  /// - Parameter white: 1 where the picture is white.
  func mask(white: [UInt8], format: FrameFormat) -> FrameMask {
    var missing = white
    if polarity == .blackIsMissing {
      for i in missing.indices { missing[i] ^= 1 }
    }
    return FrameMask(width: format.width, height: format.height, missing: missing)
  }
}
