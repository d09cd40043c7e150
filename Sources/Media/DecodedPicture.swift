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
  /// Whether its rows are of two moments in turns.
  public var isInterlaced: Bool
  /// Whether the decoder flagged the frame as damaged.
  public var isCorrupt: Bool
  /// Colour tags and side data, such as captions.
  var properties: PictureProperties?
  /// The TIFF file that the picture came from.
  var page: TIFFPicture?
}

/// A picture without samples: colour tags, field order, side data and messages. Owns the frame.
///
/// Unchecked: the frame is filled in `init` and only read from then on; its side data is counted atomically.
final class PictureProperties: @unchecked Sendable {
  let picture: UnsafeMutablePointer<AVFrame>
  /// What stood before the picture's samples in its packet.
  let messages: [SupplementalMessage]

  init?(copying source: UnsafePointer<AVFrame>, messages: [SupplementalMessage] = []) {
    self.messages = messages
    var allocated = av_frame_alloc()
    guard let picture = allocated else { return nil }
    if av_frame_copy_props(picture, source) < 0 {
      av_frame_free(&allocated)
      return nil
    }
    self.picture = picture
    // The colour tags are properties too, and the size of a sample.
    picture.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
  }

  /// What the picture carries beside its samples.
  var contents: Set<PictureContent> {
    var found = Set(messages.compactMap(\.content))
    for index in 0..<Int(max(0, picture.pointee.nb_side_data)) {
      guard let data = picture.pointee.side_data?[index]?.pointee, let content = PictureContent(data) else {
        continue
      }
      found.insert(content)
    }
    let tags = picture.pointee.metadata
    // Where FFmpeg found a picture is no tag of it.
    for key in StreamTags.keys(of: tags) where !key.hasPrefix("lavf.") {
      // Of MPEG-2's groups of pictures; zero where nobody set it.
      if key != "timecode" {
        found.insert(.tag(key))
      } else if StreamTags.value(key, in: tags)?.contains(where: { ("1"..."9").contains($0) }) == true {
        found.insert(.groupTimecode)
      }
    }
    return found
  }

  /// The closed captions, three bytes each.
  var captions: [UInt8]? { bytes(of: AV_FRAME_DATA_A53_CC) }

  /// The bytes of a kind of side data, if there are any.
  func bytes(of type: AVFrameSideDataType) -> [UInt8]? {
    guard let data = av_frame_get_side_data(picture, type), data.pointee.size > 0 else { return nil }
    return Array(UnsafeBufferPointer(start: data.pointee.data, count: data.pointee.size))
  }

  deinit {
    var picture: UnsafeMutablePointer<AVFrame>? = picture
    av_frame_free(&picture)
  }
}
