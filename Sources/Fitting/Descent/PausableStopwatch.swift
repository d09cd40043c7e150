/// Seconds that pass while it goes.
struct PausableStopwatch {
  private(set) var seconds = 0.0
  private var began: ContinuousClock.Instant? = ContinuousClock.now

  mutating func pause() {
    if let began { seconds += (ContinuousClock.now - began) / .seconds(1) }
    began = nil
  }

  mutating func go() { began = ContinuousClock.now }

  /// Seconds since the last call.
  mutating func lap() -> Double {
    pause()
    defer {
      seconds = 0
      go()
    }
    return seconds
  }
}
