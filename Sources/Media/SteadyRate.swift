internal import CFFmpeg

/// Containers that count frames at a constant rate instead of saying when each is shown.
enum SteadyRate {
  /// Containers whose unit of time is a frame, whatever its rate.
  private static let numbering = ["ogg", "ogv", "mxf", "mxf_d10", "mxf_opatom"]

  /// Refuses what a container would show at other times than the source.
  ///
  /// - Returns: the rate for containers whose unit of time is a frame; nil for others.
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  static func check(_ source: VideoReader?, in muxer: Muxer) throws -> AVRational? {
    if muxer.name == "rm" {
      throw MediaError(
        .unsupported,
        "\(muxer.path): RealMedia files can be read, not written: their frames would be shown at other times; use a "
          + "name ending in .mkv")
    }
    let isNumbering = numbering.contains(muxer.name)
    guard let source, isNumbering || ContainerChoice.programStreams.contains(muxer.name) else { return nil }
    let stream = source.decoder.stream
    let own = isNumbering ? [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate] : []
    let rates = (own + FrameRateGrid.rates).filter { $0.num > 0 && $0.den > 0 }
    if source.demuxer.isReadOnce { return isNumbering ? rates.first : nil }
    let (rate, frame) = try fit(source, rates)
    if let rate { return isNumbering ? rate : nil }
    guard let frame else { return isNumbering ? rates.first : nil }
    throw MediaError(
      .unsupported,
      "\(muxer.path): the container \(muxer.name) shows its frames at "
        + (isNumbering ? "a constant rate, at which" : "one of a few constant rates, at none of which")
        + " those of \(source.path) \(isNumbering ? "do not " : "")follow each other (frame \(frame) is the first that does "
        + "not); use a name ending in .mkv\(isNumbering ? "" : " or .ts"), which keeps their times")
  }

  /// The first rate on whose grid all frames lie to a millisecond, in the order in which frames are shown; else the frame
  /// that is the first to leave the best of them. Neither where frames have no times.
  private static func fit(_ source: VideoReader, _ rates: [AVRational]) throws -> (
    rate: AVRational?, frame: Int?
  ) {
    let demuxer = try Demuxer(path: source.demuxer.source)
    let survey = PacketSurvey(demuxer: demuxer, stream: Int(source.decoder.stream.pointee.index))
    _ = try survey.run(isCancelled: { false })
    let times = survey.times.sorted()
    guard let first = times.first, let stream = survey.stream, survey.missingTimes == 0 else {
      return (nil, nil)
    }
    let unit = av_q2d(stream.pointee.time_base)
    var best = 0
    for rate in rates {
      let step = 1 / av_q2d(rate)
      let off = times.indices.first {
        abs((Double(times[$0]) - Double(first)) * unit - Double($0) * step) > 0.00105
      }
      guard let off else { return (rate, nil) }
      best = max(best, off)
    }
    return (nil, best)
  }
}
