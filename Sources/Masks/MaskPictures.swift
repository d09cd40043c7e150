import Frames
import Media

/// The pictures of a mask file as masks, read front to back and turned the way they are displayed.
final class MaskPictures {
  private let reader: MaskReader
  /// A video, or a pattern of images that is read like one; nil for a list of images.
  private let video: VideoReader?
  /// Images that are opened one at a time, each for its first picture.
  private let images: [String]
  private var nextImage = 0

  /// - Parameter allowsGaps: whether a sequence of images may skip numbers.
  /// - Throws: `MaskError` of kind `.unreadable`, or `MediaError` of kind `.outOfMemory` or `.readFailed`.
  init(video path: String, reader: MaskReader, allowsGaps: Bool = false) throws {
    let gaps = allowsGaps ? SequenceGaps.frames : .refused(advice: "a mask needs an image for each frame")
    video = try Self.reading { try VideoReader(path: path, gaps: gaps) }
    (self.reader, images) = (reader, [])
  }

  init(images: [String], reader: MaskReader) { (self.images, self.reader, video) = (images, reader, nil) }

  /// An error of the mask's file as a `MaskError`. Where memory runs out or a disk fails the error stays what it is: it says
  /// nothing about the mask.
  private static func reading<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as MediaError where ![.outOfMemory, .readFailed].contains(error.kind) {
      throw MaskError(.unreadable, "the mask can't be read: \(error.description)")
    }
  }

  /// The next picture as a mask, or nil after the last one.
  func nextMask() throws -> FrameMask? {
    guard let video else {
      guard nextImage < images.count else { return nil }
      defer { nextImage += 1 }
      return try Self.mask(ofImage: images[nextImage], reader: reader)
    }
    guard let picture = try nextFrame() else { return nil }
    let hasLimitedRange =
      video.format.planes.contains { $0.role.isChroma } && !ColourEncoding(of: video.info).isFullRange
    let mask = try reader.mask(of: picture, isExact: video.info.isLossless, black: hasLimitedRange ? 16 : 0)
    return DisplayOrientation(of: video.info).displayedMask(fromCoded: mask)
  }

  private func nextFrame() throws -> Frame? { try Self.reading { try video?.nextFrame() } }

  /// The first picture of an image file as a mask.
  ///
  /// - Throws: `MaskError` of kind `.unreadable`.
  static func mask(ofImage path: String, reader: MaskReader) throws -> FrameMask {
    guard let mask = try MaskPictures(video: path, reader: reader).nextMask() else {
      throw MaskError(.unreadable, "the mask \(path) holds no picture")
    }
    return mask
  }

  /// The number of frames of a video that were not read yet, found by decoding them.
  func countFrames() throws -> Int {
    var count = 0
    while try nextFrame() != nil { count += 1 }
    return count
  }

  /// The number of pictures that the file announces, which may be wrong; nil where it does not say.
  var announcedFrames: Int? { video.map { $0.info.estimatedFrameCount } ?? images.count }

  /// Whether the file turned out to be damaged: it gave fewer pictures than it holds.
  var isDamaged: Bool { video?.damage.map { $0.isTruncated || $0.decoderErrors > 0 } ?? false }

  /// The name of the image that picture `index` should come from, where a sequence skips its number; otherwise nil.
  func gap(at index: Int) -> String? {
    guard let sequence = video?.sequence, sequence.gaps.contains(where: { $0.contains(index) }) else {
      return nil
    }
    return sequence.name(ofFrame: index)
  }

  /// Whether this is a single picture from a pipe, which has no name that would say so.
  var isStillFromPipe: Bool {
    video.map { $0.isReadOnce && $0.info.containerName.hasSuffix("_pipe") } ?? false
  }
}
