/// Joins the parts of a file whose clocks do not follow each other: recordings one after another, or a clock that restarts
/// or leaps. All streams of a part are moved by the same time, so that they stay together.
///
/// The rules are those of the program ffmpeg: time that runs back, or leaps by more than ten seconds, is a joint, and the
/// stream that shows it first goes on without a gap. Unlike ffmpeg, each stream stays on its clock until its own packets
/// change to the new one, and no picture is shown before an earlier one.
///
/// Times are microseconds.
struct ClockJoiner {
  /// When a packet of sound or video is decoded and shown, by the file's clock.
  struct Moment {
    var stream: Int
    var decoded: Int64
    var shown: Int64
    var duration: Int64
    var isVideo: Bool
  }

  /// How far a stream has come, by the joined clock.
  private struct State {
    var clock: Int
    var last: Int64
    /// The next packet's time if none is missing.
    var next: Int64
    /// When the last picture ends.
    var end: Int64
  }

  /// Whether the container's clock may leap forward where the content has no gap.
  let mayLeap: Bool
  /// What to add to each part's times; the last is the latest part's.
  private var clocks: [Int64] = [0]
  private var states: [Int: State] = [:]
  /// The parts that have been reached by streams with packets now and then.
  private var followers: [Int: Int] = [:]
  /// How far sound and video have come.
  private var position: Int64?

  private static let far: Int64 = 10_000_000
  /// How far time may run back within a part.
  private var tolerance: Int64 { mayLeap ? 100_000 : 1_000_000 }
  private var newest: Int { clocks.count - 1 }

  /// Whether no part was joined to the first one, and no packet's time was found to be wrong.
  var hasOneClock: Bool { clocks.count == 1 && !hasPassed }
  private var hasPassed = false

  init(mayLeap: Bool) { self.mayLeap = mayLeap }

  /// Streams of sound and video that had a packet in the last ten seconds.
  var activeStreams: Set<Int> {
    Set(states.filter { $0.value.last > (position ?? 0) &- Self.far }.keys)
  }

  /// Whether a packet does not follow what its stream held before, on any clock known so far.
  func isJump(_ moment: Moment) -> Bool {
    let time = moment.decoded &+ clocks[clock(of: moment)]
    guard let state = states[moment.stream] else {
      guard mayLeap, let position else { return false }
      return time < position &- Self.far || time > position &+ Self.far
    }
    if time < state.last &- tolerance { return true }
    // If no other stream went on meanwhile the clock leaps; else the stream has a gap.
    return mayLeap && time > state.next &+ Self.far && time > (position ?? time) &+ Self.far
  }

  /// Whether a packet is of another part than its stream's packet before.
  func isOfAnotherPart(_ moment: Moment) -> Bool {
    guard let state = states[moment.stream] else { return false }
    return state.clock != clock(of: moment) || isJump(moment)
  }

  /// Whether a stream goes on after a jump as before it: then the time of a single packet was wrong.
  func isBack(_ moment: Moment, after jump: Moment) -> Bool {
    guard let state = states[moment.stream] else { return false }
    let difference = moment.decoded &+ clocks[state.clock] &- state.next &- jump.duration
    return difference > -tolerance && difference < 1_000_000
  }

  /// Begins a new part with the packet that jumps.
  ///
  /// - Parameter others: the first packets of other streams that jump too, as far as they are known.
  mutating func join(_ first: Moment, _ others: [Moment]) {
    var offset = (states[first.stream]?.next ?? position ?? first.decoded) &- first.decoded
    for moment in [first] + others {
      guard let state = states[moment.stream] else { continue }
      var overlap = state.next &- moment.decoded &- offset
      // Sound may overlap as much as in ffmpeg, pictures only by rounding.
      if moment.isVideo { overlap = max(overlap, state.end &- moment.shown &- offset) }
      if overlap > (moment.isVideo ? 100 : tolerance) { offset = offset &+ overlap }
    }
    clocks.append(offset)
    states[first.stream]?.clock = clocks.count - 1
  }

  /// Takes a packet of sound or video into account. Returns what to add to its times.
  mutating func advance(_ moment: Moment) -> Int64 {
    let clock = clock(of: moment)
    let time = moment.decoded &+ clocks[clock]
    var end = moment.shown &+ clocks[clock] &+ moment.duration
    if let before = states[moment.stream], before.clock == clock { end = max(end, before.end) }
    states[moment.stream] = State(clock: clock, last: time, next: time &+ moment.duration, end: end)
    position = max(position ?? time, time)
    return clocks[clock]
  }

  /// Takes a packet with a wrong time into account. Returns what to add to its times.
  mutating func pass(_ moment: Moment) -> Int64 {
    hasPassed = true
    guard let state = states[moment.stream] else { return clocks[newest] }
    states[moment.stream]?.last = state.next
    states[moment.stream]?.next = state.next &+ moment.duration
    return state.next &- moment.decoded
  }

  /// What to add to the times of a stream with packets now and then, such as subtitles. A packet belongs to the part whose
  /// clock puts it nearest to the sound and video that were read last.
  mutating func follow(_ stream: Int, at time: Int64) -> Int64 {
    let clock = nearestClock(from: followers[stream] ?? newest - 1, to: position, time)
    followers[stream] = clock
    return clocks[clock]
  }

  /// What to add where a packet of sound or video does not say when it is decoded.
  func offset(of stream: Int) -> Int64 { clocks[states[stream]?.clock ?? newest] }

  private func clock(of moment: Moment) -> Int {
    let state = states[moment.stream]
    return nearestClock(from: state?.clock ?? newest - 1, to: state?.next ?? position, moment.decoded)
  }

  /// The clock, `first` or a later one, that puts a time nearest to the expected one.
  private func nearestClock(from first: Int, to expected: Int64?, _ time: Int64) -> Int {
    guard let expected else { return newest }
    var best = newest
    for clock in max(0, first, newest - 8)..<newest
    where (time &+ clocks[clock] &- expected).magnitude < (time &+ clocks[best] &- expected).magnitude {
      best = clock
    }
    return best
  }
}
