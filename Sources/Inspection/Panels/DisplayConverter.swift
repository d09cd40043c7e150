import Foundation
import Frames
import Masks
import Media

/// Brings frames of a video to the screen as a player would: colours by the video's matrix, range and transfer function,
/// turned as its metadata say. Samples keep their shape until `PictureView` stretches them.
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
    let aspect = reader.info.sampleAspectRatio?.value ?? 1
    let sound = aspect > 0.1 && aspect < 10 ? aspect : 1
    sampleAspect = orientation.quarterTurns % 2 == 0 ? sound : 1 / sound
  }

  /// - Throws: `MediaError`.
  public func picture(of frame: Frame) throws -> RGBPicture {
    let deep = try converter.samples(of: frame)
    var samples = [UInt8](repeating: 0, count: deep.count)
    if let tone {
      tone.apply(to: deep, into: &samples)
    } else {
      deep.withUnsafeBufferPointer { deep in
        samples.withUnsafeMutableBufferPointer { samples in
          for i in deep.indices { samples[i] = UInt8((UInt32(deep[i]) * 255 + 32767) / 65535) }
        }
      }
    }
    return turned(RGBPicture(width: format.width, height: format.height, samples: samples))
  }

  private func turned(_ picture: RGBPicture) -> RGBPicture {
    if orientation == .upright { return picture }
    var result = RGBPicture(width: width, height: height)
    let places = orientation.codedIndices(width: picture.width, height: picture.height)
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
