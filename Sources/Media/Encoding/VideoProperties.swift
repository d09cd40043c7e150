internal import CFFmpeg
import Frames

/// What an encoder and a container need to know about the frames to come.
struct VideoProperties {
  var layout: PixelLayout
  var format: FrameFormat
  var timeBase: AVRational
  /// Frames per second; 0/1 if unknown.
  var frameRate: AVRational
  var sampleAspectRatio: AVRational
  var fieldOrder: AVFieldOrder
  var isInterlaced: Bool
  /// The rate that the coded pictures say, which may differ from the container's; 0/1 if unknown.
  var codedFrameRate = AVRational.unknown
  /// The rate of all frames, for containers that number them; nil elsewhere.
  var steadyRate: AVRational?
  /// The codec of the source and its profile; nil for frames without a source.
  var codecID: AVCodecID?
  var codecProfile: Int32?
  var isImageSequence = false
  /// Whether the pictures' Dolby Vision metadata is still right when they are encoded again.
  var keepsDolbyVision = false
  /// Colour tags and side data of the first frame.
  var first: PictureProperties?

  init(source: VideoReader) {
    let stream = source.decoder.stream
    layout = source.layout
    format = source.format
    timeBase = stream.pointee.time_base
    frameRate = Self.rate(of: stream)
    sampleAspectRatio = AVRational(
      num: Int32(clamping: source.info.sampleAspectRatio?.numerator ?? 0),
      den: Int32(clamping: source.info.sampleAspectRatio?.denominator ?? 1))
    fieldOrder = stream.pointee.codecpar.pointee.field_order
    // Some streams begin with a progressive frame or two.
    isInterlaced =
      source.info.isInterlaced
      || [AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT].contains(fieldOrder)
    codedFrameRate = source.decoder.frameRate
    codecID = stream.pointee.codecpar.pointee.codec_id
    codecProfile = source.decoder.profile
    isImageSequence = source.demuxer.isImageSequence
    keepsDolbyVision = VideoProperties.keepsDolbyVision(stream)
    first = source.firstProperties
  }

  /// Metadata for a second layer of the picture is wrong without that layer, which is lost.
  private static func keepsDolbyVision(_ stream: StreamPointer) -> Bool {
    if stream.pointee.codecpar.pointee.codec_id != AV_CODEC_ID_HEVC { return false }
    let found = stream.sideData(AV_PKT_DATA_DOVI_CONF)?.load(as: AVDOVIDecoderConfigurationRecord.self)
    return found.map { $0.rpu_present_flag != 0 && $0.el_present_flag == 0 } ?? true
  }

  /// Frames a second on average. FFmpeg 7.1 takes a tick of DV's clock for a frame: then the least common rate is right.
  private static func rate(of stream: StreamPointer) -> AVRational {
    let (average, common) = (stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate)
    guard average.isKnown, common.isKnown else { return average }
    return av_q2d(average) > 1000 && av_q2d(average) > 4 * av_q2d(common) ? common : average
  }

  init(format: FrameFormat, frameRate: Rational, path: String) throws {
    layout = try PixelLayout.holding(format, path: path)
    self.format = format
    self.frameRate = AVRational(
      num: Int32(clamping: frameRate.numerator), den: Int32(clamping: frameRate.denominator))
    guard self.frameRate.isKnown else {
      throw MediaError(.unsupported, "\(path): a frame rate of \(frameRate) is not possible")
    }
    timeBase = self.frameRate.inverse
    sampleAspectRatio = .unknown
    fieldOrder = AV_FIELD_PROGRESSIVE
    isInterlaced = false
  }

  var isFullRange: Bool {
    layout.isFullRangeByName || first?.picture.pointee.color_range == AVCOL_RANGE_JPEG
  }

  /// A bit rate of one bit for every pixel.
  var generousBitRate: Int64 {
    let rate = frameRate.isKnown ? av_q2d(frameRate) : 25
    let bits = Double(format.width) * Double(format.height) * min(max(rate, 1), 1000)
    return Int64(min(max(bits, 1e6), 2e9))
  }

  /// The duration of a frame that does not say its own, in units of the time base.
  var usualDuration: Int64 { max(1, frameRate.frameDuration(in: timeBase) ?? 1) }
}
