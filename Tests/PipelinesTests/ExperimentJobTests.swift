import Foundation
import Frames
import Kernels
import Masks
import TestSupport
import Testing

@testable import Fitting
@testable import Pipelines
@testable import Reconstruction

/// A fit that says how often it was asked, and that comes nearer to half-way gray with every observation.
private final class FakeFit {
  private(set) var asked: [GeneralFitSettings] = []
  private(set) var windows: [MaskedSamples] = []
  var failing: String?

  struct Failure: Error, CustomStringConvertible {
    var description: String { "it diverged" }
  }

  func solve(
    _ window: MaskedSamples, _ settings: GeneralFitSettings, _ threads: Int, _ checkpoint: FitCheckpoint,
    _ observe: (FitObservation) -> Void, _ isCancelled: () -> Bool
  ) throws -> GeneralFitResult {
    asked.append(settings)
    windows.append(window)
    if settings.model.kind.rawValue == failing { throw Failure() }
    var estimate = Estimate(planes: [])
    for iteration in stride(from: 0, through: settings.iterations, by: settings.observationPeriod) {
      if isCancelled() { throw CancellationError() }
      let level = 1 - 0.5 * Float(iteration) / Float(settings.iterations)
      estimate = Estimate(planes: window.planes.map { $0.values.map { _ in level } })
      let energies = settings.regularizers.map { regularizer in
        FitObservation.Energy(
          kind: regularizer.kind, axis: regularizer.kind == .inrr ? .row : nil, value: Double(iteration),
          weight: 1,
          similarity: {
            regularizer.kind == .inrr ? Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6]) : nil
          },
          effectiveRank: { 1.5 })
      }
      observe(
        FitObservation(
          iteration: iteration, frame: nil, loss: 0.1, seconds: Double(iteration), holdoutPSNR: nil,
          energies: energies, estimate: { [estimate] in estimate }))
    }
    return GeneralFitResult(
      estimate: estimate, iterations: settings.iterations, seconds: 2, regularizers: settings.regularizers,
      holdoutPSNR: nil)
  }
}

@Suite struct ExperimentJobTests {
  private let folder: ScratchFolder
  private let fake = FakeFit()

  init() throws {
    folder = try ScratchFolder()
    let samples = (0..<32 * 24).map { (i: Int) -> UInt8 in UInt8(100 + i % 56) }
    try folder.writePGM(samples, width: 32, height: 24, to: "in.pgm")
  }

  private func job(_ change: (inout ExperimentJob) -> Void = { _ in }) throws -> ExperimentJob {
    var settings = ExperimentSettings(
      name: "trial", input: folder.file("in.pgm"), mask: .init(.pattern(.random(rate: 0.5)), seed: 4),
      methods: [
        ExperimentMethod(model: ModelSettings(.siren), regularizers: []),
        ExperimentMethod(
          name: "T", model: ModelSettings(.tucker),
          regularizers: try RegularizerSettings.list(parsing: "inrr=auto")),
      ])
    settings.iterations = 20
    settings.observationPeriod = 10
    var job = ExperimentJob(settings: settings, output: folder.file("out"))
    change(&job)
    return job
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file("out/\(name)"), encoding: .utf8)
  }

  @Test func writesEverything() throws {
    var events = 0
    let results = try job { $0.settings.record = .at([0, 20]) }.run(
      solve: fake.solve, observe: { _ in events += 1 })
    #expect(events == 8)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
    #expect(
      names == [
        "T.png", "T.row.00000.npy", "T.row.00020.npy", "curves.csv", "curves.svg", "damaged.png",
        "results.json",
        "results.md", "siren.png",
      ])
    #expect(results.methods.map(\.name) == ["siren", "T"] && results.methods.allSatisfy(\.isComplete))
    #expect(
      results.methods[1].curve.map { $0.energies[0].file } == ["T.row.00000.npy", nil, "T.row.00020.npy"])
    #expect(results.methods[1].curve.map { $0.energies[0].effectiveRank } == [1.5, nil, 1.5])
    #expect(try ExperimentResults(json: Data(text("results.json").utf8)) == results)
    // Half-way gray, and the truth from 100 to 155.
    let truth = (0..<32 * 24).map { Double(100 + $0 % 56) / 255 }
    let mean = truth.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(truth.count)
    let psnr = try #require(results.methods[0].figures?.raw.psnrDb)
    #expect(abs(psnr + 10 * log10(mean)) < 1e-4)
    #expect(
      try folder.rawFrames(of: folder.file("out/siren.png"), pixelFormat: "gray", bytesPerFrame: 32 * 24)[0]
        .allSatisfy { $0 == 128 })
  }

  /// Stopped in the middle of a fit and taken up again, the result and the whole curve are as if nothing had been.
  @Test func goesOnInTheMiddleOfAFit() throws {
    func comparison(_ output: String) throws -> ExperimentJob {
      var job = try self.job { $0.settings.methods.removeLast() }
      job.output = folder.file(output)
      job.settings.methods[0].model.width = 8
      job.settings.methods[0].model.layers = 2
      return job
    }
    let straight = try comparison("straight").run()
    var asked = 0
    var stopped = try comparison("stopped")
    #expect(throws: JobError.self) {
      try stopped.run(isCancelled: {
        asked += 1
        return asked > 16
      })
    }
    #expect(FileManager.default.fileExists(atPath: folder.file("stopped/siren.state.safetensors")))
    stopped.resumes = true
    var seen: [Int] = []
    let resumed = try stopped.run(observe: { event in
      if case .observed(let progress) = event { seen.append(progress.iteration) }
    })
    #expect(seen == [20])
    #expect(resumed.methods[0].curve.map(\.iteration) == [0, 10, 20])
    #expect(resumed.methods[0].curve.map(\.raw) == straight.methods[0].curve.map(\.raw))
    #expect(resumed.methods[0].figures == straight.methods[0].figures)
    #expect(!FileManager.default.fileExists(atPath: folder.file("stopped/siren.state.safetensors")))
  }

  @Test func holdsOutOnlyWhereAsked() throws {
    let results = try job { $0.settings.methods[1].holdout = 0.1 }.run(solve: fake.solve)
    let counts = fake.windows.map { window in
      (
        window.planes[0].states.filter { $0 == SampleState.heldOut }.count,
        window.planes[0].states.filter { $0 == SampleState.missing }.count
      )
    }
    #expect(counts[0].0 == 0 && (20...60).contains(counts[1].0) && counts[0].1 == counts[1].1)
    #expect(results.methods[0].figures?.holdoutNmae == nil && results.methods[1].figures?.holdoutNmae != nil)
    // Nothing stands where samples are missing.
    #expect(
      zip(fake.windows[0].planes[0].values, fake.windows[0].planes[0].states).allSatisfy {
        $1 != SampleState.missing || $0 == 0
      })
  }

  @Test func tablesMarkTheBest() throws {
    _ = try job { job in
      job.settings.sweep = .init(
        method: ExperimentMethod(model: ModelSettings(.siren), regularizers: []), frequencies: [1, 30])
      job.settings.methods[0].name = "plain"
    }.run(solve: { window, settings, threads, checkpoint, observe, isCancelled in
      var result = try self.fake.solve(window, settings, threads, checkpoint, observe, isCancelled)
      if settings.model.kind == .tucker {
        result.regularizers[0].weight = .fixed(row: 0.5, column: 0.5, time: 0.5)
        result.estimate.planes[0] = result.estimate.planes[0].map { _ in 0.9 }
      }
      return result
    })
    let lines = try text("results.md").split(separator: "\n").map(String.init)
    let plain = try #require(lines.first { $0.hasPrefix("| plain ") })
    let tucker = try #require(lines.first { $0.hasPrefix("| T ") })
    #expect(plain.components(separatedBy: "**").count >= 9 && !tucker.dropLast(10).contains("**"))
    #expect(lines.contains { $0.hasPrefix("## Hold-out error") } && lines.contains { $0.hasPrefix("| 30 |") })
    #expect(lines.contains("- T: inrr=0.5"))
    let csv = try text("curves.csv").split(separator: "\n")
    #expect(csv.count == 1 + 4 * 3 && csv[1].hasPrefix("plain,,0,0,0.1,"))
    #expect(FileManager.default.fileExists(atPath: folder.file("out/sweep.svg")))
  }

  @Test func resumesWhatIsUnchanged() throws {
    _ = try job { $0.only = ["siren"] }.run(solve: fake.solve)
    #expect(fake.asked.count == 1)
    var results = try job { $0.resumes = true }.run(solve: fake.solve)
    #expect(fake.asked.count == 2 && results.methods.map(\.name) == ["siren", "T"])
    // Threads change nothing; a rate does, for its method alone; the mask does, for all.
    results = try job { job in
      job.resumes = true
      job.settings.threads = 7
      job.settings.methods[1].rate = 0.5
    }.run(solve: fake.solve)
    #expect(fake.asked.count == 3 && fake.asked[2].rate == 0.5)
    _ = try job { job in
      job.resumes = true
      job.settings.mask.seed = 5
    }.run(solve: fake.solve)
    #expect(fake.asked.count == 5)
    try FileManager.default.removeItem(atPath: folder.file("out/siren.png"))
    _ = try job { job in
      job.resumes = true
      job.settings.mask.seed = 5
    }.run(solve: fake.solve)
    #expect(fake.asked.count == 6)
  }

  @Test func aFailureCostsOneMethod() throws {
    fake.failing = "siren"
    var warnings: [String] = []
    let results = try job().run(solve: fake.solve, warn: { warnings.append($0) })
    #expect(
      results.hasFailures && results.methods[0].failure == "it diverged" && results.methods[1].isComplete)
    #expect(warnings == ["siren failed: it diverged"])
    #expect(try text("results.md").contains("- siren: it diverged"))
    fake.failing = nil
    #expect(try !job { $0.resumes = true }.run(solve: fake.solve).hasFailures && fake.asked.count == 3)
  }

  @Test func aStopKeepsWhatIsFinished() throws {
    var finished = 0
    #expect {
      try job().run(
        solve: fake.solve, observe: { if case .finished = $0 { finished += 1 } },
        isCancelled: { finished == 1 })
    } throws: {
      ($0 as? JobError)?.kind == .cancelled
    }
    let results = try ExperimentResults(json: Data(text("results.json").utf8))
    #expect(results.methods.map(\.name) == ["siren"])
  }

  @Test func refusesWhatCannotBe() throws {
    try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
    try folder.write([1], to: "out/other")
    let cases: [(JobError.Kind, String, (inout ExperimentJob) -> Void)] = [
      (.output, "is not empty", { _ in }),
      (.output, "is a file", { $0.output = self.folder.file("in.pgm") }),
      (.configuration, "did you mean 'siren'", { $0.only = ["sirn"] }),
      (.input, "no.png", { $0.settings.input = "no.png" }),
      (.input, "mask", { $0.settings.mask.source = .file("no.png", threshold: 255) }),
      (.configuration, "but it has 1", { $0.settings.frames = 0...3 }),
      (
        .configuration, "nothing is known",
        { $0.settings.mask.source = .file(self.folder.file("in.pgm"), threshold: 255) }
      ),
      (.configuration, "two methods", { $0.settings.methods[1].name = "SIREN" }),
      (.configuration, "is called", { $0.settings.methods[1].name = "damaged" }),
    ]
    for (kind, words, change) in cases {
      #expect("\(words)") {
        try job(change).run(solve: fake.solve)
      } throws: { error in
        guard let error = error as? JobError else { return false }
        return error.kind == kind && (error.description.contains(words) || words == "is called")
      }
    }
    _ = try job { $0.overwrites = true }.run(solve: fake.solve)
    #expect(folder.contents == ["in.pgm", "out"])
  }

  @Test func aMaskFileIsKnownWhereItIsWhite() throws {
    var mask = [UInt8](repeating: 255, count: 32 * 24)
    mask[5] = 254
    mask[40] = 0
    try folder.writePGM(mask, width: 32, height: 24, to: "mask.pgm")
    _ = try job { $0.settings.mask.source = .file(self.folder.file("mask.pgm"), threshold: 255) }.run(
      solve: fake.solve)
    let states = fake.windows[0].planes[0].states
    #expect(states.indices.filter { states[$0] == SampleState.missing } == [5, 40])
  }
}
