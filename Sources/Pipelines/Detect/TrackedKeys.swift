import Detection
import Frames
import Masks
import Media

extension MaskOptions {
  /// Refuses an input that can be read only once where it would have to be read twice.
  ///
  /// - Throws: `JobError`.
  func checkTracks(_ input: String) throws {
    if tracks.isEmpty || !StandardStream.isReadOnce(input) { return }
    throw JobError.configuration(
      "--mask-track reads its input more than once, which a pipe does not allow: write it to a file first")
  }

  /// The masks that are followed, for messages; nil for none.
  var trackedText: String? { tracks.isEmpty ? nil : tracks.map(\.text).joined(separator: ", ") }

  /// Reads the whole input to follow masks that are drawn for some frames to the others; nil where there are none.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  func trackedMasks(input: String, stream: Int?, threads: Int, isCancelled: () -> Bool) throws
    -> TrackedMasks?
  {
    if tracks.isEmpty { return nil }
    try checkTracks(input)
    let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: gaps)
    let masked = MaskedInput(reader: reader)
    var notes: [String] = []
    let drawn = try tracks.map { key in
      let read = try key.mask(options: self, input: masked)
      notes += read.warnings
      return DrawnMask(name: key.text, mask: read.mask)
    }
    var keys = AwaitedKeys(tracks, input: input)
    var tracker = MaskTracker(drawn, threads: threads)
    let frames = ReadQueue(ahead: FoundFrames.mostAhead) { try reader.nextFrame() }
    var count = 0
    do {
      while let frame = try frames.next() {
        if isCancelled() { throw JobError.stopped }
        try tracker.add(frame, key: try keys.key(of: frame))
        count += 1
      }
      try keys.finish(frames: count)
    } catch let error as MediaError where error.kind == .damaged && count > 0 {
      // The restoration tells of the damage, and ends there as well.
    }
    var tracked = try tracker.finish()
    tracked.notes = notes
    return tracked
  }
}

/// Keys whose frames have not come yet.
private struct AwaitedKeys {
  private let tracks: [TrackKey]
  private let input: String
  private var awaited: [Int]
  private var firstTime: Double?

  init(_ tracks: [TrackKey], input: String) {
    (self.tracks, self.input) = (tracks, input)
    awaited = Array(tracks.indices)
  }

  /// The number of the key that is drawn for a frame; nil for none.
  ///
  /// - Throws: `MaskError`.
  mutating func key(of frame: Frame) throws -> Int? {
    if awaited.isEmpty { return nil }
    if firstTime == nil { firstTime = frame.time }
    let time = frame.time.flatMap { time in firstTime.map { time - $0 } }
    if time == nil,
      let key = awaited.first(where: { if case .time = tracks[$0].moment { true } else { false } })
    {
      throw MaskError(
        .options,
        "\(input), frame \(frame.index) has no time: give --mask-track \(tracks[key].file) a frame number")
    }
    let here = awaited.filter { tracks[$0].moment.isReached(index: frame.index, time: time) }
    if here.count > 1 {
      throw MaskError(
        .options,
        "--mask-track \(tracks[here[0]].text) and \(tracks[here[1]].text) are drawn for the same frame, "
          + "\(frame.index): draw both in one image")
    }
    awaited.removeAll(where: here.contains)
    return here.first
  }

  /// Refuses keys of frames that did not come.
  ///
  /// - Throws: `MaskError`.
  func finish(frames: Int) throws {
    guard let key = awaited.first else { return }
    throw MaskError(
      .mismatch,
      "--mask-track \(tracks[key].text) is drawn for a frame that does not exist: \(input) has \(frames) frames, "
        + "counted from 0")
  }
}
