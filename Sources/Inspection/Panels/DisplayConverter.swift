import Foundation
import Frames
import Masks
import Media

/// Converts frames to what a player shows: colours by the video's matrix, range and transfer function, turned as its
/// metadata say. Samples that are not square stay so until `PictureView` stretches them.
public final class DisplayConverter {
  /// Width and height as displayed, in samples.
  public let width: Int
  public let height: Int
  /// Width of a displayed sample by its height.
  public let sampleAspect: Double
  public let orientation: DisplayOrientation

  private let converter: RGBConverter
  private let tone: ToneCurve?
  private let format: FrameFormat

  /// - Throws: `MediaError`.
  public init(reader: VideoReader) throws {
    converter = try RGBConverter(reader: reader)
    tone = ToneCurve(transfer: reader.info.colorTransfer, primaries: reader.info.colorPrimaries)
    format = reader.format
    orientation = DisplayOrientation(of: reader.info)
    (width, height) = orientation.displayedSize(width: format.width, height: format.height)
    let aspect = reader.info.displayedSampleAspect
    sampleAspect = orientation.quarterTurns % 2 == 0 ? aspect : 1 / aspect
  }

  /// - Throws: `MediaError`.
  public func picture(of frame: Frame) throws -> RGBPicture {
    let samples = ToneCurve.displayed(try converter.samples(of: frame), by: tone)
    return orientation.displayed(RGBPicture(width: format.width, height: format.height, samples: samples))
  }
}

extension DisplayOrientation {
  /// A picture as players turn it.
  public func displayed(_ picture: RGBPicture) -> RGBPicture {
    if self == .upright { return picture }
    let size = displayedSize(width: picture.width, height: picture.height)
    var result = RGBPicture(width: size.width, height: size.height)
    let places = codedIndices(width: picture.width, height: picture.height)
    picture.samples.withUnsafeBufferPointer { from in
      result.samples.withUnsafeMutableBufferPointer { to in
        for (i, place) in places.enumerated() {
          for channel in 0..<3 { to[3 * i + channel] = from[3 * place + channel] }
        }
      }
    }
    return result
  }
}

extension VideoInfo {
  /// Width of a stored sample by its height; 1 where the file says nothing or something implausible.
  public var displayedSampleAspect: Double {
    let aspect = sampleAspectRatio?.value ?? 1
    return aspect > 0.1 && aspect < 10 ? aspect : 1
  }
}
