import Foundation

/// Pieces of a plan that processes on several machines take one after the other: a small file for each piece at work, made
/// exclusively, that names its owner, and one for each that is done.
///
/// Nothing depends on it but who does what: where two do the same, both do it right.
struct ClaimFolder {
  enum Outcome {
    /// Taken by this process.
    case taken
    /// At work by another process, which was there lately.
    case busy
    case done
    /// Given up by another process, with a sentence that says why.
    case failed(String)
  }

  let folder: String
  let workers: String
  let me: WorkerProgress
  /// Seconds without a sign of its owner after which a piece is free again.
  let patience: Double

  init(_ plan: ShardPlan, work: String, me: WorkerProgress, patience: Double) {
    folder = "\(plan.folder(in: work))/claims"
    workers = me.folder
    (self.me, self.patience) = (me, patience)
  }

  private func path(_ piece: Piece, _ ending: String) -> String {
    "\(folder)/\(piece.task)/\(piece.first)\(ending)"
  }

  /// Takes a piece, if nobody has it and it is neither done nor given up.
  ///
  /// - Throws: `JobError` of kind `.output`.
  func take(_ piece: Piece) throws -> Outcome {
    if access(path(piece, ".done"), F_OK) == 0 { return .done }
    if let text = FileManager.default.contents(atPath: path(piece, ".failed")) {
      return .failed(String(decoding: text, as: UTF8.self))
    }
    let claim = path(piece, ".claim")
    if try make(claim) {
      // Its owner may have finished it since it was looked at, by which it was free for a moment.
      if access(path(piece, ".done"), F_OK) != 0 { return .taken }
      unlink(claim)
      return .done
    }
    guard let owner = owner(of: claim) else { return .busy }
    if isPresent(owner) { return .busy }
    // Only one process gets it out of the way; and if meanwhile another took the piece, it gets its claim back.
    let aside = "\(claim).\(me.name)"
    if rename(claim, aside) != 0 { return .busy }
    defer { unlink(aside) }
    if self.owner(of: aside) != owner {
      link(aside, claim)
      return .busy
    }
    return try make(claim) ? .taken : .busy
  }

  /// Writes a file that must not be there; false if it is.
  private func make(_ path: String) throws -> Bool {
    try AtomicFile.makeFolder(PathName.folder(of: path))
    // A link, unlike a file that is opened exclusively, has its content from the beginning on, on network file systems too.
    let temporary = "\(path).\(me.name).new"
    guard AtomicFile.makeAnew(temporary, Data(me.name.utf8)) else {
      throw JobError.output("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
    defer { unlink(temporary) }
    return link(temporary, path) == 0
  }

  private func owner(of claim: String) -> String? {
    FileManager.default.contents(atPath: claim).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a process gave a sign lately. All times are the file system's, so that clocks of machines may differ.
  private func isPresent(_ owner: String) -> Bool {
    if owner == me.name { return true }
    let name = PathName.name(of: owner)
    var (other, mine) = (stat(), stat())
    guard stat("\(workers)/\(name).json", &other) == 0, stat(me.path, &mine) == 0 else { return false }
    if let data = FileManager.default.contents(atPath: "\(workers)/\(name).json"),
      let record = try? JSONDecoder().decode(WorkerProgress.Record.self, from: data), record.hasEnded
    {
      return false
    }
    // This process gave its own sign a moment ago.
    return Double(mine.st_mtim.tv_sec - other.st_mtim.tv_sec) < patience
  }

  /// Says that a piece that this process has is done.
  func finish(_ piece: Piece) {
    if rename(path(piece, ".claim"), path(piece, ".done")) != 0 {
      // Another process took it over, thinking that this one was gone.
      _ = FileManager.default.createFile(atPath: path(piece, ".done"), contents: Data(me.name.utf8))
    }
  }

  /// Says that a piece can't be done.
  func fail(_ piece: Piece, _ sentence: String) {
    _ = FileManager.default.createFile(atPath: path(piece, ".failed"), contents: Data(sentence.utf8))
    unlink(path(piece, ".claim"))
  }

  /// Gives a piece back.
  func release(_ piece: Piece) {
    if owner(of: path(piece, ".claim")) == me.name { unlink(path(piece, ".claim")) }
  }
}

/// Units of one input that a process takes at a time.
struct Piece: Sendable, Equatable {
  var task: Int
  /// The first unit's number among those of the input, which names the piece.
  var first: Int
  var units: Range<Int>

  /// The most frames that a piece is for: more than from one key frame to the next, as a rule.
  private static let mostFrames = 512

  /// The pieces of an input, which follow from the plan alone.
  static func pieces(of task: Int, _ units: [PlannedUnit], cost most: Double) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var cost = 0.0
    for i in units.indices {
      let isNewWindow = i > start && units[i].place.first != units[i - 1].place.first
      let isFull =
        isNewWindow
        && (cost + units[i].cost > most || units[i].end - units[start].place.first > mostFrames)
      if isFull {
        pieces.append(Piece(task: task, first: start, units: start..<i))
        (start, cost) = (i, 0)
      }
      cost += units[i].cost
    }
    if start < units.count { pieces.append(Piece(task: task, first: start, units: start..<units.count)) }
    return pieces
  }
}
