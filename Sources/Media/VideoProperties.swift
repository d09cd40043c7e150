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
  /// The rate that the coded pictures say themselves, which need not be the container's; 0/1 if unknown.
  var codedFrameRate = AVRational(num: 0, den: 1)
  /// The rate of all frames, for containers that number them; nil elsewhere.
  var steadyRate: AVRational?
  /// The codec of the source and the profile that it was coded in; nil for frames that come from nowhere.
  var codecID: AVCodecID?
  var codecProfile: Int32?
  var isImageSequence = false
  /// Whether the pictures' Dolby Vision metadata still holds for pictures that are coded anew.
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

  /// Metadata for a second layer of the picture, which would be lost, does not hold without it.
  private static func keepsDolbyVision(_ stream: UnsafePointer<AVStream>) -> Bool {
    if stream.pointee.codecpar.pointee.codec_id != AV_CODEC_ID_HEVC { return false }
    var size = 0
    guard let data = inrr_stream_side_data(stream, AV_PKT_DATA_DOVI_CONF, &size),
      size >= MemoryLayout<AVDOVIDecoderConfigurationRecord>.size
    else { return true }
    let found = UnsafeRawPointer(data).loadUnaligned(as: AVDOVIDecoderConfigurationRecord.self)
    return found.rpu_present_flag != 0 && found.el_present_flag == 0
  }

  /// Frames a second on average; FFmpeg 7.1 takes a tick of DV's clock for a frame, where the least common rate knows better.
  private static func rate(of stream: UnsafePointer<AVStream>) -> AVRational {
    let (average, common) = (stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate)
    guard average.num > 0, average.den > 0, common.num > 0, common.den > 0 else { return average }
    return av_q2d(average) > 1000 && av_q2d(average) > 4 * av_q2d(common) ? common : average
  }

  init(format: FrameFormat, frameRate: Rational, path: String) throws {
    layout = try PixelLayout.holding(format, path: path)
    self.format = format
    self.frameRate = AVRational(
      num: Int32(clamping: frameRate.numerator), den: Int32(clamping: frameRate.denominator))
    guard self.frameRate.num > 0, self.frameRate.den > 0 else {
      throw MediaError(.unsupported, "\(path): a frame rate of \(frameRate) is not possible")
    }
    timeBase = AVRational(num: self.frameRate.den, den: self.frameRate.num)
    sampleAspectRatio = AVRational(num: 0, den: 1)
    fieldOrder = AV_FIELD_PROGRESSIVE
    isInterlaced = false
  }

  var isFullRange: Bool {
    layout.isFullRangeByName || first?.picture.pointee.color_range == AVCOL_RANGE_JPEG
  }

  /// A bit for every pixel.
  var generousBitRate: Int64 {
    let rate = frameRate.num > 0 && frameRate.den > 0 ? av_q2d(frameRate) : 25
    let bits = Double(format.width) * Double(format.height) * min(max(rate, 1), 1000)
    return Int64(min(max(bits, 1e6), 2e9))
  }

  /// Units of the time base that a frame takes if it does not say so itself.
  var usualDuration: Int64 {
    guard frameRate.num > 0, frameRate.den > 0, timeBase.num > 0, timeBase.den > 0 else { return 1 }
    return max(1, av_rescale_q(1, AVRational(num: frameRate.den, den: frameRate.num), timeBase))
  }
}
