import Foundation
import Frames
import Masks
import Media

import TestSupport
import Testing

@testable import Pipelines
@testable import Reconstruction

/// Parts of plans: masks in few bytes, deals, pieces, claims and what is there already.
@Suite struct PlanTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func masksComeBackAsTheyWere() throws {
    var chance = Chance(seed: 3)
    for share in [0, 0.001, 0.02, 0.5, 0.97, 1] {
      for (width, height) in [(1, 1), (7, 3), (64, 48), (300, 2)] {
        let mask = FrameMask(
          width: width, height: height,
          missing: (0..<width * height).map { _ in chance.happens(share) ? 1 : 0 })
        let code = MaskCode.encoded(mask)
        #expect(MaskCode.mask(code, width: width, height: height) == mask)
        #expect(code.count <= width * height / 8 + 3)
        // Bytes that are cut off, or of another size, are no mask.
        #expect(MaskCode.mask(code.dropLast(), width: width, height: height)?.missing != mask.missing)
        #expect(MaskCode.mask(code, width: width + 9, height: height) == nil)
      }
    }
    #expect(
      MaskCode.mask(MaskCode.encoded(FrameMask(width: 9, height: 9)), width: 9, height: 9)?.missing == [])
    // Planes that miss different samples.
    var byPlanes = FrameMask(width: 9, height: 4, missing: (0..<36).map { $0 % 3 == 0 ? 1 : 0 })
    byPlanes.restrict(to: [.second, .alpha])
    byPlanes.formUnion(FrameMask(width: 9, height: 4, missing: (0..<36).map { $0 % 5 == 0 ? 1 : 0 }))
    let code = MaskCode.encoded(byPlanes)
    #expect(MaskCode.mask(code, width: 9, height: 4) == byPlanes)
    for length in 0..<code.count {
      #expect(MaskCode.mask(code.prefix(length), width: 9, height: 4) != byPlanes)
    }
    #expect(MaskCode.mask(code + Data([0]), width: 9, height: 4) == nil)
    #expect(MaskCode.mask(Data([3, 5, 0, 0, 0, 3, 0, 0, 0, 0]), width: 9, height: 4) == nil)
    #expect(
      MaskCode.mask(Data([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), width: 9, height: 9)
        == nil)
    #expect(MaskCode.mask(Data(), width: 9, height: 9) == nil)
  }

  private func unit(_ first: Int, frames: Int = 8, cost: Double) -> PlannedUnit {
    PlannedUnit(
      place: UnitPlace(first: first, frames: frames, box: Box(x: 0, y: 0, width: 8, height: 8)),
      hash: String(repeating: "0f", count: 32), cost: cost)
  }

  /// A plan of inputs with units of given costs.
  private func plan(_ costs: [[Double]]) throws -> ShardPlan {
    var plan = ShardPlan(pipeline: folder.file("p.yaml"), sets: [], path: folder.file("plan.json"))
    plan.pieceCost = 30
    let data = try PlanData(adding: plan.dataPath)
    for (number, costs) in costs.enumerated() {
      var task = ShardPlan.Task(
        job: "j", input: folder.file("\(number).mkv"), output: folder.file("out/\(number).mkv"),
        inputHash: "i", settingsHash: "s", stamp: "")
      task.units = costs.count
      task.cost = costs.reduce(0, +)
      let units = costs.enumerated().map { unit($0 * 6, cost: $1) }
      if !units.isEmpty { task.unitBlock = try data.add(JSONEncoder().encode(units)) }
      plan.tasks.append(task)
    }
    try data.finish()
    try plan.write()
    return try ShardPlan(path: plan.path)
  }

  @Test(arguments: [1, 2, 3, 7, 40]) func everyUnitIsInOneShard(count: Int) throws {
    var chance = Chance(seed: 5)
    let costs = (0..<9).map { number in
      (0..<(number == 4 ? 0 : number * 2 + 1)).map { _ in Double(chance.int(1...900)) / 100 }
    }
    let plan = try plan(costs)
    var seen: [String] = []
    for shard in 0..<count {
      let parts = try ShardDeal(plan).units(ofShard: shard, of: count)
      seen += parts.flatMap { part in part.units.map { "\(part.task) \($0)" } }
      let cost = parts.reduce(0) { $0 + costs[$1.task][$1.units].reduce(0, +) }
      // As much as every other, but for a unit at each end.
      #expect(abs(cost - plan.cost / Double(count)) <= 9)
    }
    #expect(seen == costs.enumerated().flatMap { task, units in units.indices.map { "\(task) \($0)" } })
  }

  @Test func tenThousandUnitsAreReadInASecond() throws {
    let plan = try plan((0..<10).map { _ in (0..<1000).map { _ in 1.25 } })
    let size = try FileManager.default.attributesOfItem(atPath: plan.dataPath)[.size] as? Int ?? .max
    #expect(size < 4_000_000)
    let start = ContinuousClock.now
    let again = try ShardPlan(path: plan.path)
    let units = try again.tasks.reduce(0) { $0 + (try again.units(of: $1)).count }
    #expect(units == 10_000)
    // A debug build on a machine that has other things to do.
    #expect(ContinuousClock.now - start < .seconds(8))
  }

  @Test func whatIsDamagedIsNotRead() throws {
    let plan = try plan([[1, 2, 3]])
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: plan.dataPath)))
    bytes[40] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: plan.dataPath))
    #expect(throws: JobError.self) { try plan.units(of: plan.tasks[0]) }
    try FileManager.default.removeItem(atPath: plan.dataPath)
    #expect(throws: JobError.self) { try plan.units(of: plan.tasks[0]) }
  }

  /// It names files and folders: `make fuzz` found one that was longer than a name may be.
  @Test func anIdentifierIsShort() throws {
    var plan = try plan([[1]])
    let known = plan.dataPath
    for (id, isPlan) in [(64, true), (65, false), (300, false), (0, false)].map({
      (String(repeating: "a", count: $0), $1)
    }) {
      plan.id = id
      try plan.write()
      if isPlan {
        try FileManager.default.copyItem(atPath: known, toPath: plan.dataPath)
        #expect(try ShardPlan(path: plan.path).unitCount == 1)
      } else {
        let error = #expect(throws: JobError.self) { try ShardPlan(path: plan.path) }
        #expect(error?.description.contains("is no plan") == true)
      }
    }
  }

  @Test func piecesHoldAllUnitsAndEndWithWindows() throws {
    let units = (0..<200).map { unit($0 / 2 * 20, frames: 24, cost: 1) }
    let pieces = Piece.pieces(of: 3, units, cost: 30)
    #expect(pieces.flatMap { Array($0.units) } == Array(0..<200))
    #expect(
      pieces.allSatisfy {
        $0.units.count <= 30 && $0.units.lowerBound % 2 == 0 && $0.first == $0.units.lowerBound
      })
    // Not too long either, however cheap.
    #expect(Piece.pieces(of: 3, units, cost: 1e9).allSatisfy { $0.units.count <= 52 })
    // A window that costs more than a piece may is a piece.
    #expect(Piece.pieces(of: 3, units, cost: 0.5).count == 100)
  }

  private func isTaken(_ outcome: ClaimFolder.Outcome) -> Bool {
    if case .taken = outcome { true } else { false }
  }
  private func isBusy(_ outcome: ClaimFolder.Outcome) -> Bool {
    if case .busy = outcome { true } else { false }
  }
  private func isDone(_ outcome: ClaimFolder.Outcome) -> Bool {
    if case .done = outcome { true } else { false }
  }

  @Test func aPieceHasOneOwnerUntilItIsGone() throws {
    let plan = try plan([[1, 2, 3]])
    let workers = (0..<3).map { _ in WorkerProgress(plan, folder: folder.path) }
    for worker in workers { worker.beat() }
    let claims = workers.map { ClaimFolder(plan, work: folder.path, me: $0, patience: 60) }
    let (piece, other) = (Piece(task: 0, first: 0, units: 0..<2), Piece(task: 0, first: 2, units: 2..<3))
    #expect(try isTaken(claims[0].take(piece)) && isBusy(claims[1].take(piece)))
    #expect(try isTaken(claims[1].take(other)))
    claims[1].finish(other)
    #expect(try isDone(claims[0].take(other)))
    // The owner was heard of an hour ago.
    let past = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: workers[0].path)
    #expect(try isTaken(claims[1].take(piece)) && isBusy(claims[2].take(piece)))
    // It comes back, and is done as well: harmless.
    workers[0].beat()
    claims[0].finish(piece)
    #expect(try isDone(claims[1].take(piece)) && isDone(claims[2].take(piece)))
    // One that has ended is not waited for.
    let third = Piece(task: 0, first: 7, units: 7..<8)
    #expect(try isTaken(claims[2].take(third)))
    workers[2].end()
    #expect(try isTaken(claims[0].take(third)))
    claims[0].fail(third, "why")
    if case .failed(let why) = try claims[1].take(third) {
      #expect(why == "why")
    } else {
      Issue.record("not failed")
    }
    let left = try FileManager.default.subpathsOfDirectory(atPath: claims[0].folder).filter {
      $0.contains(".new")
    }
    #expect(left.isEmpty)
  }

  @Test func onlyOneOfManyTakesAPiece() async throws {
    let plan = try plan([[1]])
    let piece = Piece(task: 0, first: 0, units: 0..<1)
    let workers = (0..<8).map { _ in WorkerProgress(plan, folder: folder.path) }
    for worker in workers { worker.beat() }
    let path = folder.path
    let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in workers {
        group.addTask {
          let claims = ClaimFolder(plan, work: path, me: worker, patience: 60)
          if case .taken = try claims.take(piece) { return true }
          return false
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(taken == 1)
  }

  @Test func unitsAreNamedAsPeopleWriteThem() throws {
    #expect(UnitRanges.text([0, 1, 2, 5, 7, 8], most: 9) == "0-2,5,7-8")
    #expect(try UnitRanges.parse("0-2,5") == [0...2, 5...5])
    for text in ["", "a", "3-1", "-2", "1,", "1-2-3", "0-99999999999999999999"] {
      #expect(throws: JobError.self) { try UnitRanges.parse(text) }
    }
  }
}

/// Frames of a planned input by their numbers.
@Suite struct PlannedFramesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func onlyWhatIsNeededIsDecoded() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25", "-frames:v", "100", "-c:v", "libx264", "-pix_fmt",
      "yuv420p",
      "-g", "10", "-keyint_min", "10", "-sc_threshold", "0", folder.file("in.mkv"))
    let job = RestoreJob(input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: MaskOptions())
    let all = try VideoReader(path: job.input)
    var frames: [Frame] = []
    while let frame = try all.nextFrame() { frames.append(frame) }
    func key(_ frame: Int) throws -> SeekPoint {
      let picture = try #require(frames[frame].attachment as? DecodedPicture)
      #expect(picture.isKey)
      return SeekPoint(frame: frame, time: picture.pts)
    }
    var task = ShardPlan.Task(
      job: "j", input: job.input, output: job.output, inputHash: "", settingsHash: "", stamp: "")
    task.isSought = true
    var planned = try PlannedFrames(job, task, data: PlanData.Reader(path: folder.file("none")))
    func expect(_ range: Range<Int>, from key: SeekPoint?) throws {
      let found = try #require(try planned.frames(range, from: key))
      #expect(found.map(\.frame.index) == Array(range))
      for (now, then) in zip(found, frames[range]) { #expect(now.frame.planes == then.planes) }
    }
    try expect(63..<71, from: key(60))
    #expect(planned.decoded == 11)
    // The next window shares two frames, and no key frame lies between.
    try expect(69..<77, from: key(60))
    #expect(planned.decoded == 17)
    // Back, and far on.
    try expect(12..<14, from: key(10))
    try expect(95..<100, from: key(90))
    #expect(planned.decoded == 17 + 4 + 10 && planned.isSought)
    // What is not where it should be is reached from the beginning on.
    try expect(20..<24, from: SeekPoint(frame: 20, time: 801))
    #expect(!planned.isSought)
    try expect(18..<22, from: key(10))
    #expect(try planned.frames(98..<104, from: nil) == nil)
  }
}
