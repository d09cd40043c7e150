internal import CFFmpeg
import Frames

/// Gives some of a video's frames, as `VideoReader` would give them among all; pictures that none of them needs are not decoded.
///
/// From the first call of `next()` on nothing else may use the reader.
public final class ChosenFrames {
  private let reader: VideoReader
  private let packets: PicturePackets
  private let isChosen: [Bool]
  private var left: Int

  /// - Parameters:
  ///   - reader: of which no frame was read yet.
  ///   - packets: the reader's own, or those of another reader of the same video.
  ///   - numbers: of the frames, in any order; those that the video does not have are left out.
  public init(_ reader: VideoReader, _ packets: PicturePackets, numbers: some Sequence<Int>) {
    (self.reader, self.packets) = (reader, packets)
    var isChosen = [Bool](repeating: false, count: packets.count)
    for number in numbers where isChosen.indices.contains(number) { isChosen[number] = true }
    self.isChosen = isChosen
    left = isChosen.count { $0 }
    reader.noteBeginning()
    let needed = packets.needed(for: isChosen)
    reader.decoder.isNeeded = { time in packets.number(at: time).map { needed[$0] } ?? true }
  }

  /// The next one; nil after the last one, or where the decoder gives no more pictures.
  ///
  /// - Throws: as `VideoReader.nextFrame()`.
  public func next() throws -> Frame? {
    while left > 0, let picture = try reader.nextPicture() {
      guard let number = packets.number(at: picture.pointee.pts), isChosen[number] else {
        // What was said of this picture is not of the next one.
        _ = reader.decoder.log.takeLines()
        continue
      }
      left -= 1
      reader.begin(with: picture, number: number)
      return try reader.nextFrame()
    }
    return nil
  }

  /// Pictures that were decoded so far.
  var decoded: Int { reader.decoder.pictures }
}

extension VideoReader {
  /// What the video's packets say of its pictures; nil where they don't, so that all have to be decoded.
  ///
  /// - Throws: `MediaError` of kind `.outOfMemory` or `.readFailed`.
  public func picturePackets() throws -> PicturePackets? {
    // Palettes come with packets and stand for those after them too.
    isExpanded ? nil : try PicturePackets(of: self)
  }
}
