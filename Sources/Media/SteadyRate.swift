internal import CFFmpeg

/// Containers that count frames at a constant rate instead of saying when each is shown.
enum SteadyRate {
  private static let programStreams = ["mpeg", "vcd", "svcd", "vob", "dvd"]

  /// Refuses what a container would show at other times than the source.
  ///
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  static func check(_ source: VideoReader?, in muxer: Muxer) throws {
    if muxer.name == "rm" {
      throw MediaError(
        .unsupported,
        "\(muxer.path): RealMedia files can be read, not written: their frames would be shown at other times; use a "
          + "name ending in .mkv")
    }
    guard programStreams.contains(muxer.name), let source, !source.demuxer.isReadOnce,
      let frame = try firstOffGrid(source)
    else { return }
    throw MediaError(
      .unsupported,
      "\(muxer.path): the container \(muxer.name) shows its frames at one of a few constant rates, at none of which those of "
        + "\(source.path) follow each other (frame \(frame) is the first that does not); use a name ending in .mkv or .ts, which "
        + "keeps their times")
  }

  /// The first frame that does not lie, to a millisecond, on a grid of one of the rates that MPEG video can say, in the order
  /// in which frames are shown; nil where all lie on one.
  private static func firstOffGrid(_ source: VideoReader) throws -> Int? {
    let demuxer = try Demuxer(path: source.demuxer.source)
    let survey = PacketSurvey(demuxer: demuxer, stream: Int(source.decoder.stream.pointee.index))
    _ = try survey.run(isCancelled: { false })
    let times = survey.times.sorted()
    guard let first = times.first, let stream = survey.stream, survey.missingTimes == 0 else { return nil }
    let unit = av_q2d(stream.pointee.time_base)
    var best = 0
    for rate in FrameRateGrid.rates {
      let step = 1 / av_q2d(rate)
      let off = times.indices.first {
        abs((Double(times[$0]) - Double(first)) * unit - Double($0) * step) > 0.00105
      }
      guard let off else { return nil }
      best = max(best, off)
    }
    return best
  }
}
