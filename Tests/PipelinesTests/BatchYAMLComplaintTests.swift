import Testing

@testable import Pipelines

/// What is said of a file of jobs that is wrong.
@Suite struct BatchYAMLComplaintTests {
  private let files: BatchYAMLFixture

  init() throws { files = try BatchYAMLFixture() }

  @Test func everythingWrongIsSaidAtOnce() {
    let found = files.complaints(
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
    let found = files.complaints(
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
    let found = files.complaints(
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

  @Test func whatOnlyVolumesHaveIsRefusedOfVideos() throws {
    try files.folder.write([1], to: "v.nii")
    let found = files.complaints(
      "{version: 1, jobs: [{inputs: a.mkv, mask: {value: 0, keep_nan: true}, solve: {stack_as: z}}, "
        + "{inputs: v.nii, solve: {preset: slow}}]}")
    #expect(found.contains { $0.contains("mask.keep_nan is of volumes, and a.mkv is none") }, "\(found)")
    #expect(found.contains { $0.contains("solve.stack_as is of volumes, and a.mkv is none") })
    // A volume of floats may say itself what of it is missing.
    #expect(found.count == 3 && found.contains { $0.contains("preset must be one of") }, "\(found)")
  }

  @Test func manyInputsWithOneOutputAreNamedOnce() {
    let found = files.complaints(
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
      "jobs: [{inputs: a.mkv, mask: {value: 0}, solve: {preset: paper, model: dmf}}]", "leave out model"
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
    ("jobs: [{inputs: a.mkv, mask: {value: 0, keep_file: no.png}}]", "there is no mask no.png"),
    ("jobs: [{inputs: a.mkv, mask: {track: [no.png@5]}}]", "there is no mask no.png"),
    ("jobs: [{inputs: a.mkv, mask: {track: [a.mkv]}}]", "does not say for which frame it is drawn"),
    ("jobs: [{inputs: a.mkv, mask: {track: [{file: a.mkv}]}}]", "frame"),
    ("jobs: [{inputs: a.mkv, mask: {track: [{file: a.mkv, frame: x}]}}]", "is no frame number or time"),
    ("jobs: [{inputs: a.mkv, mask: {keep_rects: ['1,1,1,1']}}]", "does not say what is missing"),
    (
      "jobs: [{inputs: a.mkv, mask: {frames: 3, within: ['1,1,1,1']}}]",
      "within says where value, color and detect look"
    ),
    ("jobs: [{inputs: a.mkv, mask: {detect: scratchs, detect_sensitivity: 0.4}}]", "detect must be one of "),
    ("jobs: [{inputs: a.mkv, mask: {detect: []}}]", "detect names no kind of damage"),
    (
      "jobs: [{inputs: a.mkv, mask: {frames: 3, detect_sensitivity: 0.4}}]",
      "detect_sensitivity says how damage is looked for"
    ),
    ("jobs: [{inputs: a.mkv, mask: {detect: scratches, detect_sensitivity: 1.5}}]", "detect_sensitivity"),
    ("jobs: [{inputs: a.mkv, mask: {rects: ['1,1,1']}}]", "'1,1,1' is no rectangle"),
    (
      "jobs: [{inputs: a.mkv, mask: {rects: [{x: 1, y: 1, w: 1, h: 2, from: 1, to: 3, every: 2}]}}]",
      "1-3 is longer than 2"
    ),
    (
      "jobs: [{inputs: a.mkv, mask: {rects: [{x: 1, y: 1, w: 1, h: 2, every: 2}]}}]",
      "every needs from and to"
    ),
    ("jobs: [{inputs: a.mkv, mask: {rects: [{keys: [{x: 1, y: 1, w: 1, h: 2}]}]}}]", "needs the key 'at'"),
    (
      "jobs: [{inputs: a.mkv, mask: {rects: [{keys: [{x: 1, y: 1, w: 1, h: 2, at: 9}, "
        + "{x: 1, y: 1, w: 1, h: 2, at: 5s}]}]}}]", "mix a frame number and a time"
    ),
  ])
  func impossibleValuesAreRefused(text: String, words: String) {
    let found = files.complaints(text + "\nversion: 1")
    #expect(found.count == 1 && found[0].hasPrefix("p.yaml:") && found[0].contains(words), "\(found)")
  }

  @Test func setIsCheckedLikeTheFile() {
    let text = "{version: 1, jobs: [{inputs: a.mkv, mask: {value: 0}}]}"
    #expect(
      files.complaints(text, "solve.sed=1") == [
        "--set solve.sed=1: solve has no key 'sed' (did you mean 'seed'?)"
      ])
    #expect(
      files.complaints(text, "solve.seed=x")[0].contains("--set solve.seed=x: seed must be a whole number"))
    #expect(files.complaints(text, "seed=1")[0].contains("path and value"))
    #expect(files.complaints(text, "jobs.a=1")[0].contains("has no key 'jobs'"))
  }
}
