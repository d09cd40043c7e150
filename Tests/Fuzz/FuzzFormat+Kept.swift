import Foundation
import Frames
import Pipelines
import Reconstruction
import TestSupport

/// What the tool itself keeps: solved windows, and plans of batches.
extension FuzzFormat {
  static let kept: [FuzzFormat] = [
    FuzzFormat(
      name: "window", suffix: ".window",
      seeds: { folder in
        guard let key = windowKey else { return [] }
        try FileSolutionStore(folder: folder.file("seed")).save(windowSolution, key)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("seed/\(key.name)"))))
        let content = Array(bytes.dropLast(32))
        // Magic and the request's hash come first, then the header's length, the header, samples.
        let length = content[40..<44].reversed().reduce(0) { $0 << 8 | Int($1) }
        return [
          FuzzSeed(content: bytes),
          FuzzSeed(content: content) { $0 + ContentHash.digest($0) },
          FuzzSeed(content: Array(content[44..<44 + length]), isText: true) { header in
            let file = content[..<40] + Packed.little(header.count, 4) + header + content[(44 + length)...]
            return file + ContentHash.digest(Array(file))
          },
        ]
      },
      read: { path in
        guard let key = windowKey else { return 0 }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        _ = FileSolutionStore.solution(bytes, key: key, counts: [[4], [4]])
        return bytes.count
      }),
    FuzzFormat(name: "plan", suffix: ".plan", seeds: planSeeds, read: readPlan),
  ]

  private static let windowKey: UnitKey? = {
    let place = #"{"first": 5, "frames": 2, "box": {"x": 1, "y": 2, "width": 4, "height": 3}}"#
    guard let place = try? JSONDecoder().decode(UnitPlace.self, from: Data(place.utf8)) else { return nil }
    return UnitKey(place, hexadecimal: String(repeating: "0f", count: 32))
  }()

  private static let windowSolution = UnitSolution(
    values: [[[1, 2, 3, 4]], [[5, 6, 7, 8]]], iterations: 17, stopReason: .holdout,
    heldOut: ErrorSum(squares: 0.3, samples: 3),
    expected: ExpectedError(error: ErrorSum(squares: 0.1, samples: 8), deviation: 0.3),
    weights: [EstimatorID("inr"): 0.25, EstimatorID("spatial"): 0.75])

  /// Stands for the folder that a plan's paths are in, so that a file of the corpus can be read in any.
  private static let folderMark = "/@FOLDER"
  private static let separator = Array("\n@DATA@\n".utf8)

  /// A plan and, behind a mark, the file of units and masks beside it.
  private static let planSeeds: @Sendable (ScratchFolder) throws -> [FuzzSeed] = { folder in
    let path = try prepared(folder.path)
    let plan = try PlanMaker().make(yaml: path, sets: [], output: folder.file("plan.json"))
    func bytes(_ file: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) }
    let text = String(decoding: try bytes(folder.file("plan.json")), as: UTF8.self)
      .replacingOccurrences(of: folder.path.replacingOccurrences(of: "/", with: "\\/"), with: folderMark)
      .replacingOccurrences(of: folder.path, with: folderMark)
    let data = try bytes(plan.dataPath)
    let plain = FuzzSeed(content: Array(text.utf8), isText: true) { $0 + separator + data }
    // The units of the first input, under the right hash.
    guard let block = plan.tasks.first?.unitBlock else { return [plain] }
    let units = Array(data[block.offset..<block.offset + block.length])
    return [
      plain,
      FuzzSeed(content: units, isText: true) { units in
        let hash = String(ContentHash.digest(units).prefix(16).map { String(format: "%02x", $0) }.joined())
        let offset = "\"offset\" : \(block.offset)"
        let changed = text.replacingOccurrences(of: block.hash, with: hash)
          .replacingOccurrences(of: "\"length\" : \(block.length)", with: "\"length\" : \(units.count)")
          .replacingOccurrences(of: offset, with: "\"offset\" : \(data.count)")
        return Array(changed.utf8) + separator + data + units
      },
    ]
  }

  /// Makes a clip and a file of jobs in a folder, unless they are there.
  ///
  /// - Returns: the path of the file of jobs.
  private static func prepared(_ folder: String) throws -> String {
    let path = "\(folder)/jobs.yaml"
    if FileManager.default.fileExists(atPath: path) { return path }
    let scratch = try ScratchFolder()
    try scratch.makeClip("in.mkv", frames: 4, size: "32x24")
    try FileManager.default.moveItem(atPath: scratch.file("in.mkv"), toPath: "\(folder)/in.mkv")
    let jobs = """
      version: 1
      run: {work: \(folder)/work}
      jobs:
        - inputs: in.mkv
          output: out.mkv
          mask: {rects: [{x: 8, y: 8, w: 6, h: 6}]}
          solve: {preset: fast, iterations: 2}
      """
    try Data(jobs.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private static let readPlan: @Sendable (String) throws -> Int = { path in
    let folder = PathName.folder(of: path)
    _ = try prepared(folder)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let cut = bytes.firstRange(of: separator)
    let text = String(decoding: bytes[..<(cut?.lowerBound ?? bytes.count)], as: UTF8.self)
      .replacingOccurrences(of: folderMark, with: folder)
    let place = "\(folder)/read.json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: place))
    let plan = try ShardPlan(path: place)
    try Data(bytes[(cut?.upperBound ?? bytes.count)...]).write(to: URL(fileURLWithPath: plan.dataPath))
    defer {
      unlink(plan.dataPath)
      try? FileManager.default.removeItem(atPath: "\(folder)/work")
    }
    _ = try PlanStatus(of: plan).json()
    _ = try ShardRun(plan: plan, threads: 1).solve(shard: 0, of: 1)
    return 1 << 24
  }
}
