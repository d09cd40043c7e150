import Fitting
import Masks
import Reconstruction
import Testing

@testable import Pipelines

@Suite struct ExperimentYAMLTests {
  private func read(_ text: String) throws -> ExperimentSettings {
    try ExperimentSettings(YAMLDocument(text: text, file: "lab/e.yaml"), path: "lab/e.yaml")
  }

  private func complaints(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let error as JobError where error.kind == .configuration {
      return error.description.split(separator: "\n").map(String.init)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func readsEverything() throws {
    let settings = try read(
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
          - {name: R, paper: true, iterations: 50}
          - {model: fourier, features: 64, feature_deviation: 5, regularizers: [tv=1e-3, inrr=0.1], holdout: 0.05}
        sweep: {model: siren, regularizers: none, frequency: [1, 30]}
      """)
    #expect(settings.name == "all" && settings.input == "lab/clip.mkv" && settings.gray)
    #expect(settings.size?.width == 96 && settings.size?.height == 64 && settings.frames == 2...5)
    #expect(settings.mask == .init(.pattern(.random(rate: 0.3)), seed: 7))
    #expect(settings.holdout == 0.2 && settings.iterations == 1000 && settings.observationPeriod == 100)
    #expect(settings.record == .at([0, 500]))
    #expect(settings.methods.map(\.name) == ["siren", "T", "R", "fourier+tv=0.001+inrr=0.1"])
    let siren = settings.methods[0].settings(iterations: 5, period: 2, sampleCount: 9)
    #expect(
      siren.model.width == 32 && siren.model.frequency == 20 && siren.rate == 1e-3
        && siren.schedule == .cosine)
    #expect(
      settings.methods[1].regularizers[0].weight == .automatic && settings.methods[1].coordinates == .frame)
    #expect(
      settings.iterations(of: settings.methods[0]) == 1000
        && settings.iterations(of: settings.methods[2]) == 50)
    #expect(settings.runs.map(\.method.name).suffix(2) == ["siren@1", "siren@30"])
    #expect(settings.runs.last?.method.model.frequency == 30)
  }

  @Test func theReferenceIsTheAuthors() throws {
    let method = ExperimentMethod.reference()
    let fit = method.settings(iterations: 10_001, period: 1000, sampleCount: 65536)
    #expect(fit.model == ModelSettings(.siren) && fit.rate == 1e-4 && fit.schedule == .constant)
    #expect(fit.regularizers == [RegularizerSettings(.inrr, weight: 0.065536)])
    let plain = ExperimentMethod.reference(regularizers: [])
    #expect(plain.settings(iterations: 1, period: 1, sampleCount: 9).regularizers.isEmpty)
  }

  @Test func saysAllThatIsWrongAtOnce() {
    let found = complaints(
      """
      version: 1
      experiment:
        inptu: a.png
        size: 256
        mask: {pattern: random, rte: 0.3}
        iterations: many
        observe_every: 100
        record: [50]
        methods:
          - {model: siren, widht: 32}
          - model: tuker
          - model: tucker
            regularizers: "inr=1"
          - {model: tucker, layers: 3}
          - {paper: true, width: 3}
      """)
    let expected = [
      "lab/e.yaml:3:3: experiment needs the key 'input'",
      "lab/e.yaml:3:3: experiment has no key 'inptu' (did you mean 'input'?)",
      "lab/e.yaml:4:9: '256' is no size",
      "lab/e.yaml:5:9: the pattern random needs a share",
      "lab/e.yaml:5:27: mask has no key 'rte' (did you mean 'rate'?)",
      "lab/e.yaml:6:15: iterations must be a whole number, not 'many'",
      "lab/e.yaml:8:12: iteration 50 is not observed",
      "lab/e.yaml:10:22: methods[0] has no key 'widht' (did you mean 'width'?)",
      "lab/e.yaml:11:14: model must be one of tucker, siren, fourier, dmf, not 'tuker'",
      "lab/e.yaml:13:21: there is no penalty 'inr' (did you mean 'inrr'?)",
      "lab/e.yaml:14:31: a tucker model has no layers",
      "lab/e.yaml:15:28: paper: true sets the width",
    ]
    #expect(found.count == expected.count, "\(found)")
    for (line, beginning) in zip(found, expected) { #expect(line.hasPrefix(beginning), "\(line)") }
  }

  @Test(arguments: [
    ("version: 2\nexperiment: {}", ":1:10: version must be 1, not '2'"),
    ("- 1", ":1:1: the file must be a mapping"), ("a: [", "this is no YAML"), ("", "is empty"),
    ("version: 1\nversion: 1", "given twice in one place: 'version'"),
    ("version: 1\nexperiment: {input: a, mask: {pattern: patch, rate: 0.1}}", "takes no rate"),
    ("version: 1\nexperiment: {input: a, mask: {pattern: file}}", "needs the mask's file"),
    ("version: 1\nexperiment: {input: a, mask: {pattern: patch}}", "needs the key 'methods'"),
    (
      "version: 1\nexperiment: {input: a, mask: {pattern: patch}, methods: [{model: siren}, {model: siren}]}",
      "two methods called 'siren'"
    ),
    (
      "version: 1\nexperiment: {input: a, mask: {pattern: patch}, sweep: {model: dmf, frequency: [1]}}",
      "no frequency to sweep"
    ),
    (
      "version: 1\nexperiment: {input: a, mask: {pattern: patch}, methods: [{name: a/b, model: siren}]}",
      "files are called by it"
    ),
    (
      "version: 1\nexperiment: {input: a, mask: {pattern: patch}, methods: [{model: siren, rate: 0}]}",
      "a number above 0"
    ),
    (
      "version: 1\nexperiment: {input: a, gray: 1, mask: {pattern: patch}, methods: []}",
      "gray must be true or false"
    ),
  ])
  func refuses(text: String, words: String) {
    let found = complaints(text)
    #expect(found.contains { $0.contains(words) && $0.hasPrefix("lab/e.yaml") }, "\(found)")
  }

  @Test(
    arguments: [
      ("random=0.3", nil, "random=0.3"), ("patch", nil, "patch"), ("textural", nil, "textural"),
      ("textural", "m.png", "m.png"), ("block=0.5", nil, "block=0.5"), ("downsample=4", nil, "downsample=4"),
      ("file", "m.png", "m.png"), ("random", nil, nil), ("random=1", nil, nil), ("patch=1", nil, nil),
      ("downsample=1.5", nil, nil), ("file", nil, nil), ("noise=1", nil, nil), ("random=x", nil, nil),
    ] as [(String, String?, String?)])
  func patternsAsText(text: String, file: String?, meaning: String?) throws {
    let mask = try? ExperimentSettings.Mask(pattern: text, file: file)
    #expect(mask?.description == meaning)
  }

  @Test func sizesAndFramesAsText() throws {
    #expect(try ExperimentSettings.frames(parsing: "7") == 7...7)
    for text in ["", "a", "5-3", "1-2-3", "-4"] {
      #expect(throws: JobError.self) { try ExperimentSettings.frames(parsing: text) }
    }
    for text in ["", "256", "4x4", "256x", "1x2x3", "99999x64"] {
      #expect(throws: JobError.self) { try ExperimentSettings.size(parsing: text) }
    }
  }
}
