import Detection
import Foundation
import Frames
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

/// Pieces of inputs that are looked through by themselves, and what is kept of them.
@Suite struct ScenePieceTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func record(_ seed: UInt64) -> [SceneRecord] {
    var chance = Chance(seed: seed)
    return (0..<3).map { scene in
      var record = SceneRecord(time: Int64(scene) * 1000 - 500)
      for _ in 0..<chance.int(0...4) {
        let finds = (0..<chance.int(0...3)).map { _ in
          Find(
            kind: [.dirt, .scratches][chance.int(0...1)], frames: 0..<chance.int(1...2),
            confidence: Float(chance.int(0...1000)) / 1001,
            parts: (0..<chance.int(1...5)).map { _ in
              Box(
                x: chance.int(0...4000), y: chance.int(0...4000), width: chance.int(1...300),
                height: chance.int(1...300))
            })
        }
        record.frames.append(
          .init(hash: (0..<16).map { _ in UInt8(chance.int(0...255)) }, finds: finds))
      }
      return record
    }
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func recordsComeBackAsTheyWere(seed: UInt64) throws {
    let scenes = record(seed)
    let code = SceneCode.encoded(scenes)
    #expect(SceneCode.scenes(code) == scenes)
    #expect(SceneCode.scenes(code.dropLast()) == nil)
    var chance = Chance(seed: seed)
    for _ in 0..<20 {
      var damaged = code
      damaged[chance.int(0...code.count - 1)] ^= UInt8(1 << chance.int(0...7))
      #expect(SceneCode.scenes(damaged) == nil)
    }
    #expect(SceneCode.scenes(Data()) == nil)
    // Numbers that no scene has, under the right hash.
    for _ in 0..<200 {
      var body = Array(code.dropLast(32))
      body[chance.int(8...body.count - 1)] = UInt8(chance.int(0...255))
      _ = SceneCode.scenes(Data(body + ContentHash.digest(body)))
    }
  }

  private func job() throws -> RestoreJob {
    try folder.makeScenes("in.mkv")
    var masks = MaskOptions()
    masks.detection = DetectionOptions(kinds: [.dirt, .scratches])
    return RestoreJob(input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks)
  }

  @Test func everySceneOfTheInputIsKnownByOnePiece() throws {
    let job = try job()
    let cuts: [Int64] = [400, 1300]
    var files: [String] = []
    var scenes: [SceneRecord] = []
    for number in 0...2 {
      let found = try ScenePiece(job: job, cuts: cuts, number: number).scenes { false }
      scenes += found
      files.append(folder.file("\(number).scenes"))
      try SceneCode.encoded(found).write(to: URL(fileURLWithPath: files[number]))
    }
    #expect(scenes.map(\.time) == [0, 480, 960, 1440])
    #expect(scenes.allSatisfy { $0.frames.count == 12 && $0.frames.contains { !$0.finds.isEmpty } })
    // Each frame is the one that reading from the beginning on gives.
    var library = SceneLibrary(files: files, cuts: cuts)
    let reader = try job.videoReader()
    var frames: [Frame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    #expect(frames.count == 48)
    for frame in frames {
      if frame.index % 12 == 0 { #expect(try library.begin(frame)) }
      let finds = try library.finds(in: frame)
      #expect(finds.allSatisfy { $0.frames == frame.index..<frame.index + 1 })
    }
    try library.finish()
    // One frame that is another.
    #expect(try library.begin(frames[12]))
    _ = try library.finds(in: frames[12])
    #expect(throws: SceneChanged.self) { try library.finds(in: frames[14]) }
    #expect(throws: SceneChanged.self) { try library.begin(frames[24]) }
    // A piece that nobody looked at.
    let poor = SceneLibrary(files: [files[0], folder.file("none"), files[2]], cuts: cuts)
    let known = try [0, 12, 24, 36].filter { first in
      var library = poor
      return try library.begin(frames[first])
    }
    #expect(known == [0, 36])
  }

  /// What units an input has, and what is told of it.
  private func planned(_ job: RestoreJob, known: SceneLibrary?) throws -> [String] {
    let path = folder.file("\(UUID().uuidString).units")
    let data = try PlanData(adding: path)
    let task = try InputPlanner(
      task: BatchTask(job: "j", restore: job), data: data, hashes: InputHashes(), known: known,
      isCancelled: { false }
    ).plan()
    try data.finish()
    let reader = PlanData.Reader(path: path)
    return try [task.unitBlock, task.foundBlock].map { block in
      String(decoding: try reader.data(#require(block)), as: UTF8.self)
    } + [task.fault ?? ""]
  }

  @Test func whatDoesNotFitTheInputIsNotUsed() throws {
    let job = try job()
    let plain = try planned(job, known: nil)
    var scenes = try ScenePiece(job: job, cuts: [], number: 0).scenes { false }
    #expect(scenes.count == 4)
    func library(_ name: String) throws -> SceneLibrary {
      try SceneCode.encoded(scenes).write(to: URL(fileURLWithPath: folder.file(name)))
      return SceneLibrary(files: [folder.file(name)], cuts: [])
    }
    #expect(try planned(job, known: library("right")) == plain)
    // It is used: other finds make other units.
    let finds = scenes[1].frames[3].finds
    let mark = Find(kind: .dirt, frames: 0..<1, confidence: 1, parts: [Box(x: 9, y: 9, width: 5, height: 5)])
    scenes[1].frames[3].finds = finds + [mark]
    #expect(try planned(job, known: library("more")) != plain)
    // Of another scene after all: it goes on for longer.
    scenes[1].frames.append(scenes[1].frames[4])
    #expect(try planned(job, known: library("longer")) == plain)
  }

  @Test func longInputsAreCutWhereThatIsOfUse() throws {
    var job = try job()
    #expect(ScenePiece.cuts(of: job, frames: 20) == [960])
    #expect(ScenePiece.cuts(of: job, frames: 25) == nil)
    job.masks.detection = DetectionOptions(kinds: [.frames, .overlay])
    #expect(ScenePiece.cuts(of: job, frames: 10) == nil)
  }
}
