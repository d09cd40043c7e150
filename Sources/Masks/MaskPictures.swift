import Frames

/// The pictures of a mask file, read front to back and turned the way they are displayed.
protocol MaskPictures: AnyObject {
  /// The next picture as a mask, or nil after the last one.
  func nextMask() throws -> FrameMask?
  /// The number of pictures that the file announces, which may be wrong; nil where it does not say.
  var announcedFrames: Int? { get }
  /// True where the file turned out to be damaged: fewer pictures came than it holds.
  var isDamaged: Bool { get }
}

/// A video of masks, or a pattern of images that is read like one.
final class MaskVideo: MaskPictures {
  private let file: PictureFile
  private let threshold: MaskThreshold

  init(path: String, threshold: MaskThreshold) throws {
    file = try PictureFile(path: path)
    self.threshold = threshold
  }

  func nextMask() throws -> FrameMask? {
    guard let picture = try file.nextFrame() else { return nil }
    return file.orientation.displayedMask(fromCoded: threshold.mask(of: picture))
  }

  var announcedFrames: Int? { file.announcedFrames }

  var isDamaged: Bool { file.isDamaged }
}

/// A list of images, opened one at a time.
final class MaskImages: MaskPictures {
  private let paths: [String]
  private let threshold: MaskThreshold
  private var next = 0

  init(paths: [String], threshold: MaskThreshold) {
    self.paths = paths
    self.threshold = threshold
  }

  func nextMask() throws -> FrameMask? {
    guard next < paths.count else { return nil }
    defer { next += 1 }
    return try Self.mask(ofImage: paths[next], threshold: threshold)
  }

  var announcedFrames: Int? { paths.count }

  var isDamaged: Bool { false }

  /// The first picture of an image file as a mask.
  ///
  /// - Throws: `MaskError` of kind `.unreadable`.
  static func mask(ofImage path: String, threshold: MaskThreshold) throws -> FrameMask {
    guard let mask = try MaskVideo(path: path, threshold: threshold).nextMask() else {
      throw MaskError(.unreadable, "the mask \(path) holds no picture")
    }
    return mask
  }
}
