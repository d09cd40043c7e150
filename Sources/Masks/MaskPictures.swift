import Frames

/// The pictures of a mask file, read front to back and turned the way they are displayed.
protocol MaskPictures: AnyObject {
  /// The next picture as a mask, or nil after the last one.
  func nextMask() throws -> FrameMask?
  /// The number of pictures that the file announces, which may be wrong; nil where it does not say.
  var announcedFrames: Int? { get }
  /// True where the file turned out to be damaged: fewer pictures came than it holds.
  var isDamaged: Bool { get }
  /// The name of the image that a picture should have come from, where a sequence skips its number.
  func gap(at index: Int) -> String?
}

/// A video of masks, or a pattern of images that is read like one.
final class MaskVideo: MaskPictures {
  private let file: PictureFile
  private let reader: MaskReader

  init(path: String, reader: MaskReader, allowsGaps: Bool = false) throws {
    file = try PictureFile(path: path, allowsGaps: allowsGaps)
    self.reader = reader
  }

  func nextMask() throws -> FrameMask? {
    guard let picture = try file.nextFrame() else { return nil }
    let mask = reader.mask(of: picture, isExact: file.isExact, black: file.black)
    return file.orientation.displayedMask(fromCoded: mask)
  }

  var announcedFrames: Int? { file.announcedFrames }

  var isDamaged: Bool { file.isDamaged }

  func gap(at index: Int) -> String? {
    guard let sequence = file.sequence, sequence.gaps.contains(where: { $0.contains(index) }) else {
      return nil
    }
    return sequence.name(ofFrame: index)
  }

  /// Whether this is a picture that comes by a pipe, without a name to tell it by.
  var isStillFromPipe: Bool { file.isPictureFromPipe }
}

/// A list of images, opened one at a time.
final class MaskImages: MaskPictures {
  private let paths: [String]
  private let reader: MaskReader
  private var next = 0

  init(paths: [String], reader: MaskReader) {
    self.paths = paths
    self.reader = reader
  }

  func nextMask() throws -> FrameMask? {
    guard next < paths.count else { return nil }
    defer { next += 1 }
    return try Self.mask(ofImage: paths[next], reader: reader)
  }

  var announcedFrames: Int? { paths.count }

  var isDamaged: Bool { false }

  func gap(at index: Int) -> String? { nil }

  /// The first picture of an image file as a mask.
  ///
  /// - Throws: `MaskError` of kind `.unreadable`.
  static func mask(ofImage path: String, reader: MaskReader) throws -> FrameMask {
    guard let mask = try MaskVideo(path: path, reader: reader).nextMask() else {
      throw MaskError(.unreadable, "the mask \(path) holds no picture")
    }
    return mask
  }
}
