internal import CFFmpeg
internal import TIFF

/// What a reader attaches to each frame for the writer; `frame.attachment` holds one.
public struct DecodedPicture: Sendable {
  /// Presentation time stamp in units of the stream's time base.
  public var pts: Int64
  /// Duration in units of the stream's time base; 0 if unknown.
  public var duration: Int64
  /// Whether the frame decodes without any other.
  public var isKey: Bool
  /// Whether odd and even rows are of two moments.
  public var isInterlaced: Bool
  /// Whether the decoder flagged the frame as damaged.
  public var isCorrupt: Bool
  /// How far the input was read when the picture was decoded, in bytes: from its beginning, or of all images of a sequence.
  public internal(set) var position = 0
  /// Colour tags and side data, such as captions.
  var properties: PictureProperties?
  /// The TIFF file that the picture came from.
  var page: TIFFPicture?
}

/// What a picture has beside its samples: colour tags, field order, side data and messages. Owns an `AVFrame` without
/// samples.
///
/// Unchecked: the frame is filled in `init` and only read from then on; its side data is counted atomically.
final class PictureProperties: @unchecked Sendable {
  let picture: PicturePointer
  /// Messages that came in the picture's packet.
  let messages: [SupplementalMessage]

  init?(copying source: PicturePointer, messages: [SupplementalMessage] = []) {
    guard let picture = av_frame_alloc() else { return nil }
    (self.picture, self.messages) = (picture, messages)
    if av_frame_copy_props(picture, source) < 0 { return nil }
    // The colour tags are properties too, and the size of a sample.
    picture.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
  }

  deinit { picture.free() }

  /// What the picture carries beside its samples.
  var contents: Set<PictureContent> {
    var found = Set(messages.compactMap(\.content) + picture.allSideData.compactMap(PictureContent.init(_:)))
    // FFmpeg adds tags that say where it found a picture.
    for (key, value) in Tags.pairs(picture.pointee.metadata) where !key.hasPrefix("lavf.") {
      if key != "timecode" {
        found.insert(.tag(key))
      } else if value.contains(where: { ("1"..."9").contains($0) }) {
        // The time code of an MPEG-2 group of pictures; it is zero where the encoder was given none.
        found.insert(.groupTimecode)
      }
    }
    return found
  }

  /// The closed captions, three bytes each.
  var captions: [UInt8]? { bytes(of: AV_FRAME_DATA_A53_CC) }

  /// The bytes of a kind of side data, if there are any.
  func bytes(of type: AVFrameSideDataType) -> [UInt8]? { picture.sideData(type).map { Array($0) } }
}
