internal import CFFmpeg

/// Options for an encoder: fixed ones, so that the output does not depend on the machine, then the user's.
struct EncoderOptions {
  private(set) var values: [String: String] = [:]

  init(
    codec: UnsafePointer<AVCodec>, context: CodecContextPointer, source: VideoProperties,
    settings: EncodeSettings, path: String
  ) throws {
    let name = codec.name
    // What libx264 and others write depends on the number of threads, so it is a constant.
    context.pointee.thread_count = 2
    let threads = Int32(min(max(1, settings.threads), 16))
    switch name {
    case "ffv1":
      values = ["level": "3", "slicecrc": "1", "g": "1"]
      let isTiny = context.pointee.width < 64 || context.pointee.height < 64
      context.pointee.slices = isTiny ? 1 : 4
      context.pointee.thread_count = threads
    case "libx264", "libx264rgb":
      context.pointee.slices = 1
      context.pointee.thread_type = FF_THREAD_FRAME
      // The AVX-512 code of x264's macroblock tree reads memory that was never written, so that the output
      // changes from run to run (seen with x264 164); with AVX2 it does not.
      var parameters: [String] = []
      if av_get_cpu_flags() & AV_CPU_FLAG_AVX512 != 0 {
        parameters.append("asm=MMX2,SSE,SSE2,SSE2Fast,LZCNT,SSSE3,SSE4.2,AVX,FMA3,BMI2,AVX2")
      }
      if source.isInterlaced, let first = source.first?.picture, inrr_frame_is_top_first(first) == 0 {
        parameters.append("bff=1")
      }
      // Else the pictures say the time base for their rate, and readers can't tell their durations.
      if context.pointee.framerate.num > 0 { parameters.append("force-cfr=1") }
      if !parameters.isEmpty { values["x264-params"] = parameters.joined(separator: ":") }
      // Takes two thirds of the time of "medium", with the same quality and size.
      values["preset"] = "faster"
    case "libx265":
      values["x265-params"] =
        (["log-level=none:frame-threads=2:pools=2"] + (source.first.map(LightLevels.init)?.x265Options ?? []))
        .joined(separator: ":")
    case "libvpx", "libvpx-vp9":
      // Alternate reference frames, which are never shown, have no transparency.
      if source.layout.roles.contains(.alpha) { values["auto-alt-ref"] = "0" }
    case "libaom-av1":
      // The default takes minutes for a second of video.
      values["cpu-used"] = "4"
    case "libwebp", "libwebp_anim":
      // Exact, or at a quality without visible loss; the default has a visible one.
      let isExact = (try? PixelLayout(context.pointee.pix_fmt, path: path))?.isRGB ?? false
      values[isExact ? "lossless" : "quality"] = isExact ? "1" : "95"
    case "png":
      context.pointee.thread_count = threads
    case "prores_ks":
      values["profile"] = EncoderOptions.proResProfile(source, isSubsampled: chromaShift(of: context) != 0)
      values["vendor"] = "apl0"
    case "dnxhd":
      let isDeep = source.layout.bitDepth > 8
      values["profile"] =
        chromaShift(of: context) == 0 ? "dnxhr_444" : isDeep ? "dnxhr_hqx" : "dnxhr_hq"
    default:
      break
    }
    let knows = { (option: String) -> Bool in
      context.pointee.priv_data != nil && av_opt_find(context.pointee.priv_data, option, nil, 0, 0) != nil
    }
    if name != "ffv1" {
      if knows("crf") && settings.options["qp"] == nil {
        values["crf"] = "\(settings.crf)"
        context.pointee.bit_rate = 0
      } else if EncoderChoice.isQuantised(codec) {
        // The default of these encoders is 200 kbit/s, whatever the picture.
        context.pointee.flags |= AV_CODEC_FLAG_QSCALE
        context.pointee.global_quality = 2 * FF_QP2LAMBDA
      } else if !EncoderChoice.isLossless(codec.pointee.id) {
        // More than a rate factor of 16 needs for almost any picture; the default is 200 kbit/s.
        context.pointee.bit_rate = source.generousBitRate
      }
    }
    if let preset = settings.preset {
      guard knows("preset") else {
        throw MediaError(.unsupported, "\(path): the encoder \(name) has no presets; leave the preset out")
      }
      values["preset"] = preset
    }
    for (key, value) in settings.options {
      if key == "x265-params" || key == "x264-params", let ours = values[key] {
        values[key] = ours + ":" + value
      } else {
        values[key] = value
      }
    }
  }

  private func chromaShift(of context: CodecContextPointer) -> Int32 {
    av_pix_fmt_desc_get(context.pointee.pix_fmt).map { Int32($0.pointee.log2_chroma_w) } ?? 0
  }

  /// The source's profile, or the standard one where that is higher; high quality for sources of other codecs.
  private static func proResProfile(_ source: VideoProperties, isSubsampled: Bool) -> String {
    let profile = source.codecID == AV_CODEC_ID_PRORES ? source.codecProfile ?? -1 : -1
    if isSubsampled { return (0...2).contains(profile) ? "standard" : "hq" }
    // AV_PROFILE_PRORES_XQ, which had another name before FFmpeg 7.0.
    return profile == 5 ? "4444xq" : "4444"
  }

  /// Opens the encoder with these options.
  ///
  /// - Throws: `MediaError.unsupported` with the encoder's own words, or naming an option it does not know.
  func open(_ context: CodecContextPointer, _ codec: UnsafePointer<AVCodec>, path: String) throws {
    var dictionary = Tags.options(values)
    defer { av_dict_free(&dictionary) }
    let (code, log) = FFmpegLog.capturing { avcodec_open2(context, codec, &dictionary) }
    if code < 0 {
      throw MediaError(
        code: code, .unsupported, "\(path): the encoder \(codec.name) refuses the video or its options",
        log: log,
        hint: "another encoder or lossless output may take it")
    }
    if let left = Tags.keys(dictionary).first {
      throw MediaError(.unsupported, "\(path): the encoder \(codec.name) has no option '\(left)'")
    }
  }
}
