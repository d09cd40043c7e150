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

/// A picture without samples: colour tags, field order and side data. Owns the frame.
///
/// Unchecked: the frame is filled in `init` and only read from then on; its side data is counted atomically.
final class PictureProperties: @unchecked Sendable {
  let picture: UnsafeMutablePointer<AVFrame>

  init?(copying source: UnsafePointer<AVFrame>) {
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

  deinit {
    var picture: UnsafeMutablePointer<AVFrame>? = picture
    av_frame_free(&picture)
  }
}
