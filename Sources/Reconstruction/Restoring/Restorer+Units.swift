import Frames

/// Units by themselves: found without being solved, and solved without the windows before them.
extension Restorer {
  /// Goes through the units of a stream without solving any; nothing is written. Boxes of which nothing is known are no units:
  /// they are filled from what is around them once that is solved.
  ///
  /// - Throws: `RestorationError`, or what the stream or `body` throw.
  public func visitUnits(of stream: any MaskedStream, _ body: (any WorkUnit) throws -> Void) throws {
    let planner = Planner(settings: settings, format: stream.format, threads: execution.threads)
    try planner.checkMemory()
    let solver = UnitSolver(settings: settings, execution: execution, format: stream.format)
    var reader = WindowReader(stream, planner: planner, isCancelled: execution.isCancelled)
    while let window = try reader.next() {
      let content = window.content
      for part in window.parts {
        if execution.isStopping() || execution.isCancelled() { throw RestorationError.cancelled }
        if let unit = solver.unit(of: part, in: content) { try body(unit) }
      }
      execution.observe(
        RestorationProgress(
          framesRead: reader.frames, framesWritten: window.first + window.finished,
          framesSolved: Double(window.first + window.finished), holdoutPSNR: nil))
    }
  }

  /// A unit made again from the frames that it needs.
  ///
  /// - Parameters:
  ///   - place: as `visitUnits` gave it.
  ///   - window: the frames of its window, as the stream gave them.
  ///   - outside: gives the frames outside the window that the place names.
  /// - Returns: nil where the frames have no such unit: they are others than when the place was written down.
  public func unit(
    at place: UnitPlace, of window: [MaskedFrame], format: FrameFormat,
    outside: (Int) throws -> MaskedFrame?
  ) throws -> (any WorkUnit)? {
    let box = place.box
    func fits(_ box: Box) -> Bool {
      box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0 && box.x <= format.width - box.width
        && box.y <= format.height - box.height
    }
    guard window.count == place.frames, window.first?.frame.index == place.first, fits(box) else {
      return nil
    }
    let solver = UnitSolver(settings: settings, execution: execution, format: format)
    var content = WindowContent(
      first: place.first, frames: window.map(\.frame), masks: window.map(\.mask))
    if let own = place.own {
      guard own.count == 2, own[0] >= 0, own[0] <= own[1], own[1] <= window.count else { return nil }
      content.own = own[0]..<own[1]
      let planner = Planner(settings: settings, format: format, threads: execution.threads)
      guard let part = planner.parts(for: content.masks, own: content.own).first, !part.isSite else {
        return nil
      }
      return solver.unit(of: part, in: content)
    }
    func crops(_ places: [FramePlace]?) throws -> [FrameCrop]? {
      var crops: [FrameCrop] = []
      for place in places ?? [] {
        guard fits(place.box), let found = try outside(place.frame) else { return nil }
        crops.append(FrameCrop(found.frame, mask: found.mask, box: place.box))
      }
      return crops
    }
    guard let before = try crops(place.before), let after = try crops(place.after) else { return nil }
    content.carried[box] = CarriedFrames(before: before, after: after)
    return solver.unit(of: .site(box), in: content)
  }

  /// Solves a unit that `unit(at:of:format:outside:)` made, as `restore` would.
  ///
  /// - Throws: `RestorationError`.
  public func solve(_ unit: any WorkUnit, format: FrameFormat) throws -> UnitSolution {
    try UnitSolver(settings: settings, execution: execution, format: format).solution(of: unit) { _ in }
  }
}
