import Frames
import Kernels
import Representations
import Testing

@testable import Fitting
@testable import Regularizers

struct PenaltyStrengthsTests {
  private func taken(_ text: String) throws -> FusedFitSettings? {
    var settings = FusedFitSettings()
    return settings.adopt(try RegularizerSettings.list(parsing: text)) ? settings : nil
  }

  @Test func weightsGivenByHand() throws {
    let settings = try #require(try taken("tv=2,inrr=10"))
    #expect(
      settings.penalties == [PenaltyStrengths(.meanSquare, tv: 2, inrrRow: 10, inrrColumn: 10, inrrTime: 10)])
    #expect(settings.inrr == .local)
    #expect(try #require(try taken("none")).penalties == [PenaltyStrengths()])
  }

  @Test func optionsOfTheGraph() throws {
    let settings = try #require(try taken("inrr=1,inrr.form=paper,inrr.r=7,inrr.width=9,inrr.rate=0.5"))
    #expect(
      settings.inrr
        == INRR.Options(centres: 7, width: 9, rate: 0.5, beta2: 0.999, prior: false, normalised: false))
  }

  @Test func openWeights() throws {
    let alone = try #require(try taken("inrr=auto")?.penalties)
    #expect(alone.count == 5 && alone.allSatisfy { $0.unit == .norm && $0.tv == 0 })
    let beside = try #require(try taken("inrr=auto,tv=0.25")?.penalties)
    #expect(beside.count == 5 && beside.allSatisfy { $0.unit == .meanSquare && $0.tv == 0.25 })
  }

  @Test(arguments: ["air=1", "l2=1", "de=1", "tv=auto", "inrr=1,sstv=auto"])
  func whatTheGeneralObjectiveIsFor(text: String) throws { #expect(try taken(text) == nil) }

  /// Four times the samples double the data term, so penalties keep their share with half the weight.
  @Test func weightsBesideTheNormFollowTheSize() {
    let scaled = PenaltyStrengths.strong.scaledToNorm(1, samples: 4 * PenaltyStrengths.referenceSamples)
    #expect(scaled.tv == PenaltyStrengths.strong.tv / 2)
    #expect(scaled.inrrTime == PenaltyStrengths.strong.inrrTime / 2)
  }

  /// Weights mean the same to both objectives: the same loss, and the same gradient but for a factor. INRR's energies take
  /// turns in the fused one, so its loss and gradient are compared on average over a turn.
  @Test(arguments: [
    ("none", 0), ("inrr.row=0.3", 1), ("inrr.column=0.3,inrr.form=paper", 1), ("inrr.time=0.3", 1),
    ("inrr=0.3", 3),
  ])
  func objectivesAgree(text: String, count: Int) throws {
    let list = try RegularizerSettings.list(parsing: text)
    var settings = FusedFitSettings()
    let isTaken = settings.adopt(list)
    #expect(isTaken)
    settings.precision = .single
    settings.frequencyPerSample = 0.5
    let data = SignalData(window, centring: true)
    let fused = FusedObjective(data: data.fit, steps: .bold, settings: settings, threads: 1)
    fused.penalties = try #require(settings.penalties?.first)
    fused.penalties.unit = .meanSquare
    let model = TuckerINR(
      grid: data.grid, configuration: TuckerConfiguration(grid: data.grid, frequencyPerSample: 0.5),
      seed: settings.seed)
    let terms = list.flatMap { $0.makeTerms(kind: .tucker, of: model, data: data, seed: settings.seed) }
    #expect(terms.count == count)
    let general = GeneralObjective(
      model: model, optimizer: Adam(model.parameters), data: data, terms: terms, sampling: nil, threads: 1)

    // The first step takes the norm of the samples for that of the residuals, and every energy has its first turn.
    let turn = 4 * max(1, count)
    for iteration in 0..<turn { _ = fused.measure(iteration: iteration, looks: false) }
    var (loss, sum) = (0.0, [Double](repeating: 0, count: model.parameters.count))
    for iteration in 0..<turn {
      loss += fused.measure(iteration: iteration, looks: false) / Double(turn)
      for (i, value) in fused.model.parameters.gradients.values.enumerated() {
        sum[i] += Double(value) / Double(turn)
      }
    }
    let expected = general.measure(iteration: 0, looks: false)
    #expect(abs(loss - expected) < 1e-6 * expected, "\(loss) against \(expected)")
    let gradient = model.parameters.gradients.values.map(Double.init)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let cosine = dot(sum, gradient) / (dot(sum, sum) * dot(gradient, gradient)).squareRoot()
    #expect(cosine > 0.999999, "\(cosine)")
    if !terms.isEmpty {
      let bare = GeneralObjective(
        model: model, optimizer: Adam(model.parameters), data: data, terms: [], sampling: nil, threads: 1)
      // The penalty is some part of what is compared.
      #expect(bare.measure(iteration: 0, looks: false) < 0.99 * expected)
    }
  }

  private var window: MaskedSamples {
    var random = RandomSource(seed: 3)
    let values = (0..<5 * 10 * 12).map { _ in random.uniform() }
    let states = values.indices.map { _ in random.uniform() < 0.3 ? SampleState.missing : SampleState.known }
    return MaskedSamples(
      frames: 5, height: 10, width: 12,
      planes: [
        .init(
          role: .luma, height: 10, width: 12, values: values, states: states,
          rowPositions: (0..<10).map(Float.init), columnPositions: (0..<12).map(Float.init))
      ])
  }
}
