internal import CFFmpeg

/// Containers that keep a constant rate of frames instead of a time for each.
enum SteadyRate {
  /// Refuses a container that would show the frames at other times than the source.
  ///
  /// - Returns: the rate, where the container's unit of time is a frame; nil for others.
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  static func check(_ source: VideoReader?, in container: Container, path: String) throws -> AVRational? {
    if container.name == "rm" {
      throw MediaError(
        .unsupported,
        "\(path): RealMedia files can be read, not written: their frames would be shown at other times; use a "
          + "name ending in .mkv")
    }
    let isCounting = container.countsFrames
    guard let source, isCounting || container.isProgramStream else { return nil }
    let stream = source.decoder.stream
    let own = isCounting ? [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate] : []
    let rates = (own + FrameRateGrid.rates).filter(\.isKnown)
    let (rate, frame) = source.isReadOnce ? (nil, nil) : try fit(source, rates)
    guard let frame else { return isCounting ? rate ?? rates.first : nil }
    throw MediaError(
      .unsupported,
      "\(path): the container \(container.name) shows its frames at "
        + (isCounting ? "a constant rate, at which" : "one of a few constant rates, at none of which")
        + " those of \(source.path) \(isCounting ? "do not " : "")follow each other (frame \(frame) is the first that does "
        + "not); use "
        + (path == StandardStream.outputName(StandardStream.path)
          ? "--container nut" : "a name ending in .mkv\(isCounting ? "" : " or .ts")")
        + ", which keeps their times")
  }

  /// The first rate at which all frames, in the order in which they are shown, lie where the rate puts them, to a
  /// millisecond; else the first frame that does not at the best rate. Neither where frames have no times.
  private static func fit(
    _ source: VideoReader, _ rates: [AVRational]
  ) throws -> (rate: AVRational?, frame: Int?) {
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
