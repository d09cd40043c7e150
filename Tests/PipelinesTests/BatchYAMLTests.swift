import Foundation
import Masks
import Media
import Reconstruction
import TestSupport
import Testing

@testable import Pipelines

@Suite struct BatchYAMLTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in [
      "a.mkv", "b_2160p.mkv", "sub/c.mkv", "sub/deep/d.mkv", "sub/sample/e.mkv", "mask.png", ".h.mkv",
    ] {
      let parent = (folder.file(name) as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try folder.write([1], to: name)
    }
  }

  private func plan(_ text: String, _ sets: String...) throws -> BatchPlan {
    let path = folder.file("p.yaml")
    return try BatchPlan(YAMLDocument(text: text, file: "p.yaml"), path: path, sets: sets)
  }

  private func complaints(_ text: String, _ sets: String...) -> [String] {
    do {
      _ = try BatchPlan(YAMLDocument(text: text, file: "p.yaml"), path: folder.file("p.yaml"), sets: sets)
      return []
    } catch let error as JobError where error.kind == .configuration {
      return error.description.split(separator: "\n").map {
        $0.replacingOccurrences(of: folder.path + "/", with: "")
      }
    } catch {
      return ["\(error)"]
    }
  }

  private func names(_ plan: BatchPlan, _ path: (RestoreJob) -> String) -> [String] {
    plan.tasks.map { path($0.restore).replacingOccurrences(of: folder.path + "/", with: "") }
  }

  @Test func everythingThatRestoreCanDo() throws {
    let plan = try plan(
      """
      version: 1
      jobs:
        - name: all
          inputs: a.mkv
          output: out/a.mkv
          metrics: out/{stem}.json
          mask:
            file: mask.png
            polarity: black-is-missing
            threshold: 100
            dilate: 3
            rects:
              - {x: 1, y: 2, w: 3, h: 4, from: "00:00:05", to: 7.5s}
              - {x: -5, y: 0, w: 9, h: 9, from: 10, to: 20}
              - {x: 1, y: 1, w: 1, h: 1}
            frames: [3, 10-20, "5s-6s"]
            value: 16
            color: "#00ff00"
            tolerance: 4
            corrupt: true
            hold: true
            orientation: coded
          solve:
            preset: best
            model: siren
            coordinates: frame
            regularizers: [inrr=auto, tv=1e-3]
            iterations: 1_000
            seed: 7
            grain: 0.25
            window: {frames: 16, overlap: 5, tile: 128}
          encode: {codec: libx265, crf: 20.5, pixel_format: yuv420p10le}
      run: {parallel: 2, threads: 6, retries: 3, on_error: stop, skip_existing: always, report: r.json,
        max_memory: 2GiB, work: w}
      """)
    let job = try #require(plan.tasks.first).restore
    var masks = MaskOptions()
    masks.file = folder.file("mask.png")
    masks.threshold = MaskThreshold(polarity: .blackIsMissing, level: 100)
    (masks.dilation, masks.value, masks.tolerance) = (3, 16, 4)
    (masks.corruptFrames, masks.holdsLastFrame, masks.orientation) = (true, true, .coded)
    masks.rectangles = [
      MaskRectangle(x: 1, y: 2, width: 3, height: 4, interval: .times(start: 5, end: 7.5)),
      MaskRectangle(x: -5, y: 0, width: 9, height: 9, interval: .frames(first: 10, last: 20)),
      MaskRectangle(x: 1, y: 1, width: 1, height: 1),
    ]
    masks.frames = [
      .frames(first: 3, last: 3), .frames(first: 10, last: 20), .times(start: 5, end: 6),
    ]
    masks.colour = MaskColour(red: 0, green: 255, blue: 0)
    #expect(job.masks == masks)
    var settings = RestorationSettings()
    (settings.preset, settings.model, settings.coordinates) = (.best, .siren, .frame)
    settings.regularizers = try RegularizerSettings.list(parsing: "inrr=auto,tv=1e-3")
    (settings.iterations, settings.seed, settings.windowFrames, settings.overlap) = (1000, 7, 16, 5)
    (settings.tile, settings.threads, settings.maximumMemory) = (128, 3, 1 << 31)
    settings.grain = 0.25
    #expect(job.restoration == settings)
    #expect(job.encoding.codec == "libx265" && job.encoding.crf == 20.5)
    #expect(job.encoding.pixelFormat == "yuv420p10le" && !job.encoding.lossless)
    #expect(job.metrics == folder.file("out/a.json") && job.output == folder.file("out/a.mkv"))
    let run = plan.run
    #expect(run.parallel == 2 && run.retries == 3 && run.onError == .stop && run.skipExisting == .always)
    #expect(run.report == folder.file("r.json") && run.work == folder.file("w"))
  }

  @Test func everythingWrongIsSaidAtOnce() {
    let found = complaints(
      """
      version: 2
      jobs:
        - inputs: [a.mkv, nothing.mkv]
          mask: {fil: mask.png, threshold: 300, polarity: white}
          solve: {window: {tile: big}, regularizers: tv=x}
          encode: {crf: high}
          streams: {audio: keep, chapters: drop}
        - {input: a.mkv, mask: {volume: v.nii}}
        - {inputs: nothing.mkv, mask: {value: 0}, solve: {window: {frames: 3, overlap: 3}}}
      run: {paralel: 2, on_error: maybe}
      """)
    #expect(found[0].hasPrefix("p.yaml:1:10: version must be 1"))
    #expect(found.contains { $0.hasPrefix("p.yaml:4:12: mask has no key 'fil' (did you mean 'file'?)") })
    #expect(found.contains { $0.hasPrefix("p.yaml:4:38: threshold must be 0 to 255") }, "\(found)")
    #expect(found.contains { $0.hasPrefix("p.yaml:4:53: polarity must be one of white-is-missing") })
    #expect(found.contains { $0.hasPrefix("p.yaml:5:28: tile must be a whole number") }, "\(found)")
    #expect(found.contains { $0.hasPrefix("p.yaml:5:48: ") })
    #expect(found.contains { $0.hasPrefix("p.yaml:6:19: crf must be a number") })
    #expect(found.contains { $0.contains("audio must be one of copy, drop") })
    #expect(found.contains { $0.contains("chapters must be true or false") })
    #expect(found.contains { $0.contains("there is no mask v.nii") })
    #expect(found.contains { $0.hasPrefix("p.yaml:3:5: ") || $0.contains("volume is of volumes") } == false)
    #expect(found.contains { $0.contains("has no key 'input' (did you mean 'inputs'?)") })
    #expect(found.contains { $0.contains("needs the key 'inputs'") })
    #expect(found.contains { $0.contains("run has no key 'paralel' (did you mean 'parallel'?)") })
    #expect(found.contains { $0.contains("there is no file nothing.mkv") })
    #expect(found.contains { $0.contains("below the window's 3 frames") })
    #expect(found.contains { $0.contains("on_error must be one of continue, stop") })
  }

  /// What is wrong with one thing does not hide what is wrong with another.
  @Test func wrongKeysHideNoWrongPaths() {
    let found = complaints(
      """
      version: 2
      defaults: {encode: {codec: libx246}}
      jobs:
        - nmae: x
          inputs: ["nothing*.mkv", no.mkv]
          output: "{stm}.mkv"
          mask: {file: no.png}
        - {inputs: ["*.mkv", "sub/*.mkv"], mask: {value: x, color: "#gg0000"}, output: "${gone}/x.mkv"}
        - {inputs: ["*.mkv", "sub/*.mkv", "sub/deep/*"], mask: {value: 0}, output: o.mkv, encode: {pixel_format: yuv420q}}
      """)
    let wanted = [
      "p.yaml:1:10: version must be 1, not '2'",
      "p.yaml:2:28: this FFmpeg has no video encoder called 'libx246' (did you mean 'libx264'?)",
      "p.yaml:4:5: jobs[0] has no key 'nmae'", "p.yaml:5:14: no file matches 'nothing*.mkv'",
      "p.yaml:5:30: there is no file no.mkv", "p.yaml:6:13: output has no placeholder {stm}",
      "p.yaml:7:18: there is no mask no.png", "p.yaml:8:52: value must be a whole number, not 'x'",
      "p.yaml:8:62: '#gg0000' is no colour", "p.yaml:8:82: there is no variable 'gone'",
      "p.yaml:9:108: this FFmpeg has no pixel format called 'yuv420q'",
    ]
    #expect(found.count == wanted.count)
    for (line, start) in zip(found, wanted) { #expect(line.hasPrefix(start), "\(line)") }
  }

  /// What is wrong with a value does not hide what is wrong with the others, alone or together.
  @Test func nothingHidesBehindSomethingElse() {
    let found = complaints(
      """
      version: 1
      jobs:
        - inputs: a.mkv
          mask: {rects: [{x: 1, y: b, w: 0, h: 2, from: 9, to: 3}, {x: 1, y: 1, w: 2, h: 2, from: x}], frames: 0-}
          solve: {preset: slow, window: {frames: 4, overlap: 4}}
        - {inputs: a.mkv, solve: {preset: slow}}
      """)
    for words in [
      "y must be a whole number", "w must be 1 to", "'9-3' ends before it begins", "'x-' is no range",
      "covers every frame", "preset must be one of", "below the window's 4 frames",
      "does not say what is missing",
    ] {
      #expect(found.count { $0.contains(words) } >= 1, "\(words): \(found)")
    }
    #expect(found.count == 9, "\(found)")
  }

  @Test func masksOfVolumes() throws {
    for name in ["v.nii", "vm.nii"] { try folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - inputs: v.nii
          mask: {volume: "{stem}m.nii", slices: ["1,3-4", 7], axis: y, boxes: "0,0,0,2,2,2", missing_value: -1.5}
        - {inputs: v.nii, output: w.nii}
      """
    let job = try plan(text).tasks[0].restore
    #expect(job.masks.file == folder.file("vm.nii"))
    var wanted = VolumeMaskOptions()
    wanted.slices = try SliceRange.list(parsing: "1,3-4,7")
    (wanted.axis, wanted.value) = ("y", -1.5)
    wanted.boxes = [try VoxelBox(parsing: "0,0,0,2,2,2")]
    #expect(job.volume.masks == wanted)
    let mask = ResolvedSettings(job: job).mask
    #expect(mask["slices"] == "1,3-4,7" && mask["boxes"] == "0,0,0,2,2,2" && mask["axis"] == "y")
    let found = complaints(
      "{version: 1, jobs: [{inputs: a.mkv, mask: {volume: vm.nii, slices: 1}}, "
        + "{inputs: v.nii, output: x.nii, mask: {file: vm.nii, volume: no.nii}}]}")
    #expect(found.contains { $0.contains("mask.volume is of volumes, and a.mkv is none") }, "\(found)")
    #expect(found.contains { $0.contains("mask.slices is of volumes, and a.mkv is none") })
    #expect(found.contains { $0.contains("file and volume say the same") })
  }

  @Test func gapsOfSequences() throws {
    for number in [5, 6, 8] { try folder.write([1], to: "f_00\(number).png") }
    let job = "inputs: f_%03d.png, output: o_%03d.png"
    let found = complaints("{version: 1, jobs: [{\(job), mask: {value: 0}}]}")
    #expect(
      found.count == 1 && found[0].contains("but not f_007.png") && found[0].contains("mask.gaps"), "\(found)"
    )
    let plan = try plan("{version: 1, jobs: [{\(job), mask: {gaps: true}}]}")
    #expect(plan.tasks[0].restore.masks.gapFrames)
    #expect(ResolvedSettings(job: plan.tasks[0].restore).mask["gaps"] == "true")
    #expect(
      complaints("{version: 1, jobs: [{inputs: g_%03d.png, output: o.mkv, mask: {value: 0}}]}")[0].contains(
        "there is no file g_%03d.png"))
  }

  @Test func manyInputsWithOneOutputAreNamedOnce() {
    let found = complaints(
      "{version: 1, jobs: [{inputs: ['*.mkv', 'sub/**/*.mkv'], mask: {value: 0}, output: o.mkv}]}")
    #expect(found.count == 1 && found[0].contains("o.mkv would be written for a.mkv, b_2160p.mkv and 3 more"))
  }

  @Test(arguments: [
    ("jobs: [{inputs: no.mkv, mask: {value: 0}}]", "1:17: there is no file no.mkv"),
    ("jobs: [{inputs: 'no*.mkv', mask: {value: 0}}]", "no file matches 'no*.mkv'"),
    ("jobs: [{inputs: a.mkv, mask: {file: no.png}}]", "1:37: there is no mask no.png"),
    ("jobs: [{inputs: a.mkv}]", "does not say what is missing"),
    ("jobs: [{inputs: a.mkv, mask: {frames: 0-}}]", "covers every frame"),
    ("jobs: [{inputs: a.mkv, mask: {value: 0}, output: '{stm}.mkv'}]", "(did you mean 'stem'?)"),
    ("jobs: [{inputs: a.mkv, mask: {value: '${v}'}}]", "there is no variable 'v'"),
    ("jobs: [{inputs: a.mkv, mask: {value: 0}, encode: {lossless: true, crf: 3}}]", "leave out crf"),
    (
      "jobs: [{inputs: a.mkv, mask: {value: 0}, solve: {window: {frames: 4, overlap: 4}}}]",
      "below the window's 4"
    ),
    (
      "jobs: [{inputs: a.mkv, mask: {value: 0}, solve: {preset: paper, model: dmf}}]", "leave solve.model out"
    ),
    ("jobs: [{inputs: '*.mkv', mask: {value: 0}, output: o.mkv}]", "would be written for"),
    (
      "jobs: [{inputs: a.mkv, mask: {value: 0}, output: b_2160p.mkv}, {inputs: b*.mkv, mask: {value: 0}}]",
      "would write b_2160p.mkv, which is an input"
    ),
    ("jobs: [{inputs: a.mkv, mask: {value: 0}, output: a.mkv}]", "which is an input"),
    ("jobs: []", "nothing to do"),
    ("jobs: [{inputs: a.mkv, mask: {rects: [{x: 1, y: 1, w: 0, h: 2}]}}]", "w must be 1 to"),
    (
      "jobs: [{inputs: a.mkv, mask: {rects: [{x: 1, y: 1, w: 1, h: 2, from: 9, to: 3}]}}]", "before it begins"
    ),
  ])
  func impossibleValuesAreRefused(text: String, words: String) {
    let found = complaints(text + "\nversion: 1")
    #expect(found.count == 1 && found[0].hasPrefix("p.yaml:") && found[0].contains(words), "\(found)")
  }

  @Test func patternsExcludesAndPlaceholders() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("masks"), withIntermediateDirectories: true)
    for name in ["masks/c.png", "masks/d.png"] { try folder.write([1], to: name) }
    let plan = try plan(
      """
      version: 1
      vars: {root: sub, all: "${root}/**"}
      jobs:
        - inputs: ["${all}/*.mkv"]
          exclude: ["**/sample/*"]
          mask: {file: "masks/{stem}.png"}
          output: "out/{relpath}/{stem}.fixed{ext}"
      """)
    #expect(names(plan) { $0.input } == ["sub/c.mkv", "sub/deep/d.mkv"])
    try FileManager.default.removeItem(atPath: folder.file("masks/c.png"))
    try FileManager.default.removeItem(atPath: folder.file("masks/d.png"))
    let absent = complaints(
      "{version: 1, jobs: [{inputs: 'sub/**/*.mkv', mask: {file: 'masks/{stem}.png'}, solve: {preset: x}}]}")
    #expect(absent.count == 2, "\(absent)")
    #expect(
      absent.contains {
        $0.contains(
          "no mask masks/c.png for sub/c.mkv, masks/d.png for sub/deep/d.mkv, masks/e.png for sub/sample")
      })
    #expect(names(plan) { $0.output } == ["out/c.fixed.mkv", "out/deep/d.fixed.mkv"])
    #expect(names(plan) { $0.masks.file ?? "" } == ["masks/c.png", "masks/d.png"])
    let standard = try self.plan(
      "{version: 1, jobs: [{inputs: ['*.mkv'], mask: {value: 0}, encode: {lossless: true}}]}")
    #expect(names(standard) { $0.output } == ["a.restored.mkv", "b_2160p.restored.mkv"])
    let named = try self.plan(
      "{version: 1, jobs: [{inputs: sub/c.mkv, mask: {value: 0}, output: '{dir}/x-{name}'}]}")
    #expect(names(named) { $0.output } == ["sub/x-c.mkv"])
  }

  @Test func laterLayersTakeThePlaceOfEarlierOnes() throws {
    let text = """
      version: 1
      defaults: {mask: {value: 1, dilate: 2}, solve: {seed: 1, iterations: 1, window: {frames: 9, overlap: 1}},
        encode: {codec: libx264, crf: 9}}
      jobs:
        - inputs: ["*.mkv"]
          solve: {iterations: 2, window: {frames: 10}}
          override:
            - {match: "*_2160p*", solve: {seed: 3, window: {tile: 512}}, encode: {lossless: true}}
      """
    let both = try plan(text).tasks.map(\.restore)
    #expect(both.map(\.restoration.seed) == [1, 3] && both.map(\.restoration.iterations) == [2, 2])
    #expect(both.map(\.restoration.tile) == [nil, 512] && both.map(\.restoration.windowFrames) == [10, 10])
    #expect(both.map(\.restoration.overlap) == [1, 1] && both.map(\.masks.dilation) == [2, 2])
    #expect(both.map(\.encoding.lossless) == [false, true] && both.map(\.encoding.crf) == [9, 16])
    let set = try plan(text, "solve.seed=8", "mask.dilate=0", "run.parallel=4", "encode.codec=libx265")
    #expect(set.tasks.map(\.restore.restoration.seed) == [8, 8] && set.run.parallel == 4)
    #expect(set.tasks.map(\.restore.encoding.lossless) == [false, false])
    #expect(set.tasks.map(\.restore.masks.dilation) == [0, 0] && both[0].restoration.preset == .balanced)
  }

  @Test func setIsCheckedLikeTheFile() {
    let text = "{version: 1, jobs: [{inputs: a.mkv, mask: {value: 0}}]}"
    #expect(
      complaints(text, "solve.sed=1") == ["--set solve.sed=1: solve has no key 'sed' (did you mean 'seed'?)"])
    #expect(complaints(text, "solve.seed=x")[0].contains("--set solve.seed=x: seed must be a whole number"))
    #expect(complaints(text, "seed=1")[0].contains("path and value"))
    #expect(complaints(text, "jobs.a=1")[0].contains("has no key 'jobs'"))
  }

  @Test func aMatrixMultipliesAJob() throws {
    let plan = try plan(
      """
      version: 1
      vars: {base: 10}
      jobs:
        - inputs: a.mkv
          matrix: {preset: [fast, best], crf: ["${base}", 20, 30]}
          mask: {value: 0}
          solve: {preset: "${preset}"}
          encode: {crf: "${crf}"}
          output: "out/{stem}.${preset}.${crf}{ext}"
      """)
    let jobs = plan.tasks.map(\.restore)
    #expect(jobs.map(\.encoding.crf) == [10, 20, 30, 10, 20, 30])
    #expect(jobs.map(\.restoration.preset) == [.fast, .fast, .fast, .best, .best, .best])
    #expect(names(plan) { $0.output }.last == "out/a.best.30.mkv")
  }

  @Test func variablesOnTheCommandLine() throws {
    let text = "{version: 1, vars: {clip: none.mkv}, jobs: [{inputs: '${clip}', mask: {value: 0}}]}"
    #expect(complaints(text).count == 1)
    #expect(try names(plan(text, "vars.clip=a.mkv")) { $0.input } == ["a.mkv"])
  }

  @Test func streamsAreChosen() throws {
    let text = """
      version: 1
      defaults: {streams: {audio: drop, chapters: false}}
      jobs:
        - inputs: ["*.mkv"]
          mask: {value: 0}
          override: [{match: "b*", streams: {audio: copy, subtitles: drop, data: drop, metadata: false}}]
      """
    let jobs = try plan(text).tasks.map(\.restore)
    var expected = StreamChoice()
    #expect(
      try plan(text.replacing("defaults: {", with: "vars: {}\n#")).tasks[0].restore.encoding.streams
        == expected)
    (expected.audio, expected.chapters) = (false, false)
    #expect(jobs[0].encoding.streams == expected)
    (expected.audio, expected.subtitles, expected.data, expected.metadata) = (true, false, false, false)
    #expect(jobs[1].encoding.streams == expected)
    // What is left out belongs to what an output was made from.
    #expect(ResolvedSettings(job: jobs[0]).drop == ["audio", "chapters"])
    let set = try plan(text, "streams.audio=copy", "streams.chapters=true").tasks[0].restore
    #expect(ResolvedSettings(job: set).drop == nil)
  }

  @Test func whatIsNoNumberInVolumesMayStay() throws {
    for name in ["map.nii", "mask.nii"] { try folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - inputs: map.nii
          mask: {file: mask.nii, keep_nan: true}
        - inputs: map.nii
          mask: {file: mask.nii}
          output: other.nii
      """
    let jobs = try plan(text).tasks.map(\.restore)
    #expect(jobs.map(\.volume.masks.keepsNaN) == [true, false])
  }

  @Test func streamsAreChosenByNumber() throws {
    try folder.write([1], to: "b.mkv")
    let text = """
      version: 1
      defaults: {stream: 2, mask: {rects: [{x: 0, y: 0, w: 4, h: 4}]}}
      jobs: [{inputs: a.mkv}, {inputs: b.mkv, stream: 0, override: [{match: b.mkv, stream: 1}]}]
      """
    let jobs = try plan(text).tasks.map(\.restore)
    #expect(jobs.map(\.stream) == [2, 1])
    // Another stream is another output.
    #expect(ResolvedSettings(job: jobs[0]).digest != ResolvedSettings(job: jobs[1]).digest)
  }

  @Test func theSchemaIsTheReadersTable() throws {
    let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../pipelines/schema.json").standardizedFileURL
    let wanted = try BatchSchema.json()
    // INRR_WRITE_SCHEMA=1 swift test --filter theSchemaIsTheReadersTable brings the file up to date.
    if ProcessInfo.processInfo.environment["INRR_WRITE_SCHEMA"] == "1" { try wanted.write(to: schema) }
    #expect(try Data(contentsOf: schema) == wanted)
  }
}
