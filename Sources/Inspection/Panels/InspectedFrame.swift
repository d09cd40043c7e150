import Frames
import Media

/// A frame of an input, its result and perhaps its reference, as screens show them.
public struct InspectedFrame: Sendable {
  /// The frame's number, from 0.
  public var index: Int
  /// Seconds since the first frame, where the input has times.
  public var time: Double?
  public var damaged: RGBPicture
  public var restored: RGBPicture
  public var reference: RGBPicture?
  /// What else a panel shows of it, with captions: as many pictures of each frame, of the same size.
  public var others: [(caption: String, picture: RGBPicture)] = []
  /// In displayed orientation.
  public var mask: FrameMask
  /// How the restored frame compares with the reference's.
  public var quality: FrameQuality?

  public init(
    index: Int, time: Double? = nil, damaged: RGBPicture, restored: RGBPicture, reference: RGBPicture? = nil,
    mask: FrameMask, quality: FrameQuality? = nil
  ) {
    (self.index, self.time, self.mask, self.quality) = (index, time, mask, quality)
    (self.damaged, self.restored, self.reference) = (damaged, restored, reference)
  }

  /// Share of the frame's pixels that are missing, 0 ... 1.
  public var missingShare: Double {
    Double(mask.missingCount) / Double(max(mask.width * mask.height, 1))
  }
}
