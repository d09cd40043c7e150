internal import CFFmpeg

/// Frames that come by a pipe, whose times are not known before they are written, in a container that keeps a rate
/// instead of times.
struct SteadyRateWatch {
  private let container: String
  private let path: String
  private let source: String
  private let rate: AVRational
  /// Seconds of a unit of the source's time stamps.
  private let unit: Double
  private var first: Int64?
  private var count = 0
  /// The first frame that is shown at another time than the source's.
  private var stray: Int?

  /// Nil where the container keeps times, or where these were read beforehand.
  init?(_ output: OutputSetup, source: VideoReader) {
    guard source.isReadOnce, let rate = output.properties.steadyRate, rate.isKnown else { return nil }
    (container, path) = (output.container.name, StandardStream.outputName(output.path))
    (self.source, self.rate) = (StandardStream.inputName(source.path), rate)
    unit = av_q2d(output.properties.timeBase)
  }

  mutating func note(_ picture: DecodedPicture?) {
    defer { count += 1 }
    guard stray == nil, let time = picture?.pts else { return }
    guard let first else {
      first = time
      return
    }
    // Rates that a beginning suggests are a little off; half a frame is what a viewer would call another time.
    let off = (Double(time) - Double(first)) * unit - Double(count) / av_q2d(rate)
    if abs(off) * av_q2d(rate) > 0.5 { stray = count }
  }

  var warnings: [String] {
    guard let stray else { return [] }
    return [
      "\(path): the container \(container) shows its frames at a constant rate, \(rate.num)/\(rate.den) a second here, at "
        + "which those of \(source) do not follow each other (frame \(stray) is the first that is shown at another time); use "
        + "--container nut, which keeps their times"
    ]
  }
}
