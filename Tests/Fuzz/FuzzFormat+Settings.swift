import Foundation
import Kernels
import Masks
import Media
import Pipelines
import TestSupport

/// What people write: files of jobs and experiments, and the words of options.
extension FuzzFormat {
  static let settings: [FuzzFormat] = [
    FuzzFormat(
      name: "yaml", suffix: ".yaml",
      seeds: { folder in
        for name in ["films/c.mkv", "films/deep/d_2160p.mkv", "films/sample/e.mkv", "a.mkv", "b.mkv"] {
          let parent = folder.file(PathName.folder(of: name))
          try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
          try folder.write([1], to: name)
        }
        return jobs.map { FuzzSeed(content: Array($0.utf8), isText: true) }
      },
      read: { path in
        _ = try BatchPlan.isExperiment(path)
        return try BatchPlan(yaml: path).tasks.count * 4096
      }),
    FuzzFormat(
      name: "experiment", suffix: ".yaml",
      seeds: { _ in experiments.map { FuzzSeed(content: Array($0.utf8), isText: true) } },
      read: { path in
        _ = try ExperimentSettings(yaml: path)
        return 0
      }),
    FuzzFormat(
      name: "words", suffix: ".txt",
      // Each is for one of the readers.
      seeds: { _ in words.map { FuzzSeed(content: Array($0.utf8), isText: true, isSound: false) } },
      read: { path in
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        var failures: [any Error] = []
        let readers: [(String) throws -> Void] = [
          { _ = try MaskRectangle(parsing: $0) }, { _ = try FrameInterval.list(parsing: $0) },
          { _ = try FrameMoment(parsing: $0) }, { _ = try MaskColour(parsing: $0) },
          { _ = try RectangleKey(parsing: $0) }, { _ = try TrackKey(parsing: $0) },
        ]
        for reader in readers {
          do { try reader(text) } catch { failures.append(error) }
        }
        if failures.count == readers.count, let failure = failures.last { throw failure }
        return 0
      }),
  ]

  private static let jobs = [
    """
    version: 1
    vars: {root: films, size: 4}
    run: {parallel: 2, threads: 3, work: work, max_memory: 4GiB, on_error: continue, retries: 1}
    defaults:
      mask: {polarity: white-is-missing, threshold: 128, dilate: 2}
      solve: {preset: fast, seed: 7, iterations: 50, window: {frames: 32, overlap: 4, tile: auto}}
      encode: {codec: libx264, crf: 18, pixel_format: source}
      streams: {audio: copy, subtitles: copy, chapters: true, metadata: true}
    jobs:
      - name: one
        inputs: ["${root}/**/*.mkv"]
        exclude: ["**/sample/*"]
        output: "out/{relpath}/{stem}.${preset}${n}{ext}"
        mask: {rects: [{x: 1, y: 2, w: 3, h: 4, from: "00:00:05"}]}
        matrix: {preset: [fast, balanced], n: [1, 2]}
        solve: {preset: "${preset}"}
        override: [{match: "*_2160p*", solve: {window: {tile: 512}}}]
      - inputs: [a.mkv, b.mkv]
        output: "out/{name}"
        metrics: "m/{stem}.json"
        mask:
          rects: [{x: 1, y: 2, w: 3, h: 4}]
          keep_rects: [{x: 1, y: 2, w: 3, h: 4}]
          frames: "1-5,7"
          value: 3
          color: "#00ff00"
          tolerance: 3
          detect: [dirt, scratches]
          detect_sensitivity: 0.5
    """,
    """
    version: 1
    defaults: &d
      mask: {rects: [{x: 0, y: 0, w: 8, h: 8}], corrupt: true}
      solve: {preset: balanced, regularizers: "inrr=auto,tv=1e-3", grain: 0.5}
    jobs:
      - <<: *d
        inputs: films/c.mkv
        output: "{dir}/x{ext}"
    """,
  ]

  private static let experiments = [
    """
    version: 1
    experiment:
      name: all
      input: clip.mkv
      size: 96x64
      gray: true
      frames: 2-5
      mask: {pattern: random, rate: 0.3, seed: 7}
      holdout: 0.2
      iterations: 1_000
      observe_every: 100
      record: [0, 500]
      methods:
        - {model: siren, width: 32, layers: 3, frequency: 20, hidden_frequency: 2, rate: 1e-3, schedule: cosine}
        - {name: T, model: tucker, regularizers: "inrr=auto,tv=1e-3", rank: 20, coordinates: frame, seed: 3}
        - {model: fourier, features: 64, feature_deviation: 5, regularizers: [tv=1e-3, inrr=0.1], holdout: 0.05}
      sweep: {model: siren, regularizers: none, frequency: [1, 30]}
    """
  ]

  private static let words = [
    "10,20,30,40", "@0: 1,2,3,4 @00:00:01.5: 5,6,7,8", "1,2,3,4@5-9", "1-5,7,9-", "00:01:02.5-00:01:03",
    "#00ff00",
    "255,0,12", "key.png@12", "3.5s", "1,2,3,4@0=5,6,7,8@10",
  ]

  /// Models that were saved: the file, and that it is one of ours.
  static let models: [FuzzFormat] = [
    FuzzFormat(
      name: "safetensors", suffix: ".safetensors",
      seeds: { _ in
        var file = SafeTensors()
        file.tensors["a"] = .init(shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-30])
        file.tensors["empty"] = .init(shape: [0], values: [])
        file.metadata = ["key": "a \"quoted\" text\n", "n": "1"]
        return try headed([UInt8](file.data()))
      },
      read: { path in
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = try SafeTensors(data)
        return data.count * 4
      }),
    FuzzFormat(
      name: "model", suffix: ".safetensors",
      seeds: { folder in
        try folder.makeClip("in.mkv", frames: 4, size: "32x24", pixelFormat: "yuv444p")
        var masks = MaskOptions()
        masks.rectangles = [try MaskRectangle(parsing: "8,8,6,6")]
        var job = RestoreJob(
          input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks,
          encoding: .init(lossless: true))
        job.restoration.preset = .fast
        job.restoration.iterations = 5
        job.savedModel = folder.file("m.safetensors")
        job.overwrite = true
        _ = try job.run()
        return try headed([UInt8](Data(contentsOf: URL(fileURLWithPath: folder.file("m.safetensors")))))
      },
      read: { path in
        let model = try ModelFile(path: path)
        _ = model.text
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        return size * 8
      }),
  ]

  /// A safetensors file as bytes, and its header as text under a length that is right.
  private static func headed(_ bytes: [UInt8]) -> [FuzzSeed] {
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let body = Array(bytes[(8 + length)...])
    return [
      FuzzSeed(content: bytes),
      FuzzSeed(content: Array(bytes[8..<8 + length]), isText: true) {
        Packed.little($0.count, 8) + $0 + body
      },
    ]
  }
}
