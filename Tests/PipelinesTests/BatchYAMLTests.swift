import Fitting
import Foundation
import Masks
import Media
import Reconstruction
import TestSupport
import Testing
import Volumes

@testable import Pipelines

/// What a file of jobs says, and what comes of it.
@Suite struct BatchYAMLTests {
  private let files: BatchYAMLFixture

  init() throws { files = try BatchYAMLFixture() }

  @Test func everythingThatRestoreCanDo() throws {
    let plan = try files.plan(
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
    masks.file = files.folder.file("mask.png")
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
    (settings.tile, settings.maximumMemory) = (128, 1 << 31)
    settings.grain = 0.25
    #expect(job.restoration == settings && job.threads == 3)
    #expect(job.encoding.codec == "libx265" && job.encoding.crf == 20.5)
    #expect(job.encoding.pixelFormat == "yuv420p10le" && !job.encoding.lossless)
    #expect(job.metrics == files.folder.file("out/a.json") && job.output == files.folder.file("out/a.mkv"))
    let run = plan.run
    #expect(run.parallel == 2 && run.retries == 3 && run.onError == .stop && run.skipExisting == .always)
    #expect(run.report == files.folder.file("r.json") && run.work == files.folder.file("w"))
  }

  @Test func masksOfVolumes() throws {
    for name in ["v.nii", "vm.nii"] { try files.folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - inputs: v.nii
          mask: {volume: "{stem}m.nii", slices: ["1,3-4", 7], axis: y, boxes: "0,0,0,2,2,2", missing_value: -1.5}
        - {inputs: v.nii, output: w.nii}
      """
    let job = try files.plan(text).tasks[0].restore
    #expect(job.masks.file == files.folder.file("vm.nii"))
    var wanted = VolumeMaskOptions()
    wanted.slices = try SliceRange.list(parsing: "1,3-4,7")
    (wanted.axis, wanted.value) = ("y", -1.5)
    wanted.boxes = [try VoxelBox(parsing: "0,0,0,2,2,2")]
    #expect(job.volume.masks == wanted)
    let mask = ResolvedSettings(job: job).mask
    #expect(mask["slices"] == "1,3-4,7" && mask["boxes"] == "0,0,0,2,2,2" && mask["axis"] == "y")
    let found = files.complaints(
      "{version: 1, jobs: [{inputs: a.mkv, mask: {volume: vm.nii, slices: 1}}, "
        + "{inputs: v.nii, output: x.nii, mask: {file: vm.nii, volume: no.nii}}]}")
    #expect(found.contains { $0.contains("mask.volume is of volumes, and a.mkv is none") }, "\(found)")
    #expect(found.contains { $0.contains("mask.slices is of volumes, and a.mkv is none") })
    #expect(found.contains { $0.contains("file and volume say the same") })
  }

  @Test func gridsOfVolumes() throws {
    for name in ["v.nii", "w.nii"] { try files.folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - {inputs: v.nii, solve: {scale: "1,1,3", spacing: "0.5,0.5,2"}}
        - {inputs: w.nii, solve: {isotropic: true}}
        - {inputs: v.nii, output: plain.nii, solve: {isotropic: false}}
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    #expect(jobs.map(\.volume.scale) == [try VolumeScale(parsing: "1,1,3"), .isotropic, nil])
    #expect(jobs.map(\.volume.spacing) == [VoxelSpacing(x: 0.5, y: 0.5, z: 2), nil, nil])
    #expect(Set(try jobs.map { try ResolvedSettings(job: $0).digest }).count == 3)
    #expect(
      ResolvedSettings(job: jobs[0]).scale == "1,1,3" && ResolvedSettings(job: jobs[1]).spacing == nil)
    let found = files.complaints(
      "{version: 1, jobs: [{inputs: a.mkv, mask: {value: 0}, solve: {isotropic: true, spacing: '1,1,2'}}, "
        + "{inputs: v.nii, solve: {isotropic: true, scale: '1,1,2'}}, "
        + "{inputs: w.nii, solve: {scale: '1,1,0', spacing: 1}}]}")
    for words in [
      "solve.isotropic is of volumes, and a.mkv is none", "solve.spacing is of volumes, and a.mkv is none",
      "isotropic chooses the factors that scale names", "'1,1,0' is no scale", "'1' is no spacing",
    ] { #expect(found.contains { $0.contains(words) }, "\(words): \(found)") }
  }

  @Test func gapsOfSequences() throws {
    for number in [5, 6, 8] { try files.folder.write([1], to: "f_00\(number).png") }
    let job = "inputs: f_%03d.png, output: o_%03d.png"
    let found = files.complaints("{version: 1, jobs: [{\(job), mask: {value: 0}}]}")
    #expect(
      found.count == 1 && found[0].contains("but not f_007.png") && found[0].contains("mask.gaps"), "\(found)"
    )
    let plan = try files.plan("{version: 1, jobs: [{\(job), mask: {gaps: true}}]}")
    #expect(plan.tasks[0].restore.masks.gapFrames)
    #expect(ResolvedSettings(job: plan.tasks[0].restore).mask["gaps"] == "true")
    #expect(
      files.complaints("{version: 1, jobs: [{inputs: g_%03d.png, output: o.mkv, mask: {value: 0}}]}")[0]
        .contains(
          "there is no file g_%03d.png"))
  }

  @Test func patternsExcludesAndPlaceholders() throws {
    try FileManager.default.createDirectory(
      atPath: files.folder.file("masks"), withIntermediateDirectories: true)
    for name in ["masks/c.png", "masks/d.png"] { try files.folder.write([1], to: name) }
    let plan = try files.plan(
      """
      version: 1
      vars: {root: sub, all: "${root}/**"}
      jobs:
        - inputs: ["${all}/*.mkv"]
          exclude: ["**/sample/*"]
          mask: {file: "masks/{stem}.png"}
          output: "out/{relpath}/{stem}.fixed{ext}"
      """)
    #expect(files.names(plan) { $0.input } == ["sub/c.mkv", "sub/deep/d.mkv"])
    try FileManager.default.removeItem(atPath: files.folder.file("masks/c.png"))
    try FileManager.default.removeItem(atPath: files.folder.file("masks/d.png"))
    let absent = files.complaints(
      "{version: 1, jobs: [{inputs: 'sub/**/*.mkv', mask: {file: 'masks/{stem}.png'}, solve: {preset: x}}]}")
    #expect(absent.count == 2, "\(absent)")
    #expect(
      absent.contains {
        $0.contains(
          "no mask masks/c.png for sub/c.mkv, masks/d.png for sub/deep/d.mkv, masks/e.png for sub/sample")
      })
    #expect(files.names(plan) { $0.output } == ["out/c.fixed.mkv", "out/deep/d.fixed.mkv"])
    #expect(files.names(plan) { $0.masks.file ?? "" } == ["masks/c.png", "masks/d.png"])
    let standard = try files.plan(
      "{version: 1, jobs: [{inputs: ['*.mkv'], mask: {value: 0}, encode: {lossless: true}}]}")
    #expect(files.names(standard) { $0.output } == ["a.restored.mkv", "b_2160p.restored.mkv"])
    let named = try files.plan(
      "{version: 1, jobs: [{inputs: sub/c.mkv, mask: {value: 0}, output: '{dir}/x-{name}'}]}")
    #expect(files.names(named) { $0.output } == ["sub/x-c.mkv"])
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
    let both = try files.plan(text).tasks.map(\.restore)
    #expect(both.map(\.restoration.seed) == [1, 3] && both.map(\.restoration.iterations) == [2, 2])
    #expect(both.map(\.restoration.tile) == [nil, 512] && both.map(\.restoration.windowFrames) == [10, 10])
    #expect(both.map(\.restoration.overlap) == [1, 1] && both.map(\.masks.dilation) == [2, 2])
    #expect(both.map(\.encoding.lossless) == [false, true] && both.map(\.encoding.crf) == [9, 16])
    let set = try files.plan(text, "solve.seed=8", "mask.dilate=0", "run.parallel=4", "encode.codec=libx265")
    #expect(set.tasks.map(\.restore.restoration.seed) == [8, 8] && set.run.parallel == 4)
    #expect(set.tasks.map(\.restore.encoding.lossless) == [false, false])
    #expect(set.tasks.map(\.restore.masks.dilation) == [0, 0] && both[0].restoration.preset == .balanced)
  }

  @Test func aMatrixMultipliesAJob() throws {
    let plan = try files.plan(
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
    #expect(files.names(plan) { $0.output }.last == "out/a.best.30.mkv")
  }

  @Test func variablesOnTheCommandLine() throws {
    let text = "{version: 1, vars: {clip: none.mkv}, jobs: [{inputs: '${clip}', mask: {value: 0}}]}"
    #expect(files.complaints(text).count == 1)
    #expect(try files.names(files.plan(text, "vars.clip=a.mkv")) { $0.input } == ["a.mkv"])
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
    let jobs = try files.plan(text).tasks.map(\.restore)
    var expected = StreamChoice()
    #expect(
      try files.plan(text.replacing("defaults: {", with: "vars: {}\n#")).tasks[0].restore.encoding.streams
        == expected)
    (expected.audio, expected.chapters) = (false, false)
    #expect(jobs[0].encoding.streams == expected)
    (expected.audio, expected.subtitles, expected.data, expected.metadata) = (true, false, false, false)
    #expect(jobs[1].encoding.streams == expected)
    // What is left out belongs to what an output was made from.
    #expect(ResolvedSettings(job: jobs[0]).drop == ["audio", "chapters"])
    let set = try files.plan(text, "streams.audio=copy", "streams.chapters=true").tasks[0].restore
    #expect(ResolvedSettings(job: set).drop == nil)
  }

  @Test func whatIsNoNumberInVolumesMayStay() throws {
    for name in ["map.nii", "mask.nii"] { try files.folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - inputs: map.nii
          mask: {file: mask.nii, keep_nan: true}
        - inputs: map.nii
          mask: {file: mask.nii}
          output: other.nii
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    #expect(jobs.map(\.volume.masks.keepsNaN) == [true, false])
    // With it another output is made of the same input and mask.
    #expect(ResolvedSettings(job: jobs[0]).mask["keep_nan"] == "true")
    #expect(try ResolvedSettings(job: jobs[0]).digest != ResolvedSettings(job: jobs[1]).digest)
  }

  @Test func streamsAreChosenByNumber() throws {
    try files.folder.write([1], to: "b.mkv")
    let text = """
      version: 1
      defaults: {stream: 2, mask: {rects: [{x: 0, y: 0, w: 4, h: 4}]}}
      jobs: [{inputs: a.mkv}, {inputs: b.mkv, stream: 0, override: [{match: b.mkv, stream: 1}]}]
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    #expect(jobs.map(\.stream) == [2, 1])
    // Another stream is another output.
    #expect(try ResolvedSettings(job: jobs[0]).digest != ResolvedSettings(job: jobs[1]).digest)
  }

  /// A rectangle as a text and as a mapping is the same.
  @Test func rectanglesThatMoveAndComeAgain() throws {
    let text = """
      version: 1
      jobs:
        - inputs: a.mkv
          mask:
            rects:
              - 10,20,80,40@0s; 300,20,80,40@5s
              - 1,2,3,4@0-24/100
              - 1,2,3,4
        - inputs: a.mkv
          output: b.mkv
          mask:
            rects:
              - keys: [{x: 10, y: 20, w: 80, h: 40, at: 0s}, {x: 300, y: 20, w: 80, h: 40, at: "00:00:05"}]
              - {x: 1, y: 2, w: 3, h: 4, from: 0, to: 24, every: 100}
              - {x: 1, y: 2, w: 3, h: 4}
        - {inputs: a.mkv, output: c.mkv, mask: {rects: ["10,20,80,40@0s; 300,20,80,40@5.0001s"]}}
        - {inputs: a.mkv, output: d.mkv, mask: {rects: ["10,20,80,40@0s; 300,20,80,40@5s"]}}
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    #expect(jobs[0].masks == jobs[1].masks)
    #expect(
      try jobs[0].masks.rectangles == [
        MaskRectangle(parsing: "10,20,80,40@0s; 300,20,80,40@5s"), MaskRectangle(parsing: "1,2,3,4@0-24/100"),
        MaskRectangle(parsing: "1,2,3,4"),
      ])
    #expect(
      ResolvedSettings(job: jobs[0]).mask["rects"]
        == "10,20,80,40@0.0s;300,20,80,40@5.0s 1,2,3,4@0-24/100 1,2,3,4")
    #expect(try ResolvedSettings(job: jobs[0]).digest == ResolvedSettings(job: jobs[1]).digest)
    #expect(try ResolvedSettings(job: jobs[2]).digest != ResolvedSettings(job: jobs[3]).digest)
  }

  @Test func whatIsKeptAndWhereValuesCount() throws {
    try files.folder.write([1], to: "a.keep.png")
    let text = """
      version: 1
      defaults: {mask: {value: 0}}
      jobs:
        - inputs: a.mkv
          mask: {keep_file: "{stem}.keep.png", within: ["9,9,9,9@1-2"], keep_rects: [{x: 1, y: 2, w: 3, h: 4, from: 5s, to: 6s}, "5,6,7,8"]}
        - {inputs: a.mkv, output: b.mkv}
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    #expect(jobs[0].masks.keptFile == files.folder.file("a.keep.png"))
    #expect(
      jobs[0].masks.keptRectangles == [
        MaskRectangle(x: 1, y: 2, width: 3, height: 4, interval: .times(start: 5, end: 6)),
        MaskRectangle(x: 5, y: 6, width: 7, height: 8),
      ])
    #expect(
      jobs[0].masks.valuePlaces == [
        MaskRectangle(x: 9, y: 9, width: 9, height: 9, interval: .frames(first: 1, last: 2))
      ])
    let kept = ResolvedSettings(job: jobs[0]).mask
    #expect(kept["within"] == "9,9,9,9@1-2")
    #expect(kept["keep_rects"] == "1,2,3,4@5.0s-6.0s 5,6,7,8" && kept["keep_file"] == jobs[0].masks.keptFile)
    #expect(ResolvedSettings(job: jobs[1]).mask.keys.allSatisfy { !$0.hasPrefix("keep") })
  }

  @Test func masksThatAreFollowed() throws {
    for name in ["a.first.png", "last.png"] { try files.folder.write([1], to: name) }
    let text = """
      version: 1
      jobs:
        - inputs: a.mkv
          mask: {track: [{file: "{stem}.first.png", frame: 0}, "last.png@5s"]}
        - inputs: a.mkv
          output: b.mkv
          mask: {track: ["{stem}.first.png@0", {file: last.png, frame: "00:00:05"}]}
        - {inputs: a.mkv, output: c.mkv, mask: {track: [last.png@5]}}
      """
    let jobs = try files.plan(text).tasks.map(\.restore)
    let (first, last) = (files.folder.file("a.first.png"), files.folder.file("last.png"))
    let keys = [TrackKey(file: first, moment: .frame(0)), TrackKey(file: last, moment: .time(5))]
    #expect(jobs[0].masks.tracks == keys && jobs[1].masks.tracks == keys)
    #expect(ResolvedSettings(job: jobs[0]).mask["track"] == "\(first)@0 \(last)@5.0s")
    #expect(jobs[2].masks.tracks == [TrackKey(file: last, moment: .frame(5))])
    #expect(jobs[2].masks.files == [last])
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
