import Foundation
import Frames
import Kernels
import Regularizers
import Representations
import Testing

@testable import Fitting

/// A smooth pattern that moves, three in ten samples missing, one in ten of the others held out.
private func window(frames: Int = 3, subsampled: Bool = false, holdsOut: Bool = true) -> MaskedSamples {
  var random = RandomSource(seed: 8)
  func plane(_ height: Int, _ width: Int, _ step: Float, _ role: PlaneRole) -> MaskedSamples.Plane {
    var (values, states) = ([Float](), [UInt8]())
    for t in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          let phase = 0.5 * Float(y) * step + 0.35 * Float(x) * step + 0.4 * Float(t)
          values.append(0.5 + 0.3 * sinf(phase))
          let draw = random.uniform()
          states.append(
            draw < 0.3
              ? SampleState.missing : holdsOut && draw < 0.37 ? SampleState.heldOut : SampleState.known)
        }
      }
    }
    return .init(
      role: role, height: height, width: width, values: values, states: states,
      rowPositions: (0..<height).map { Float($0) * step + (step - 1) / 2 },
      columnPositions: (0..<width).map { Float($0) * step })
  }
  let chroma = subsampled ? [plane(6, 7, 2, .chromaBlue), plane(6, 7, 2, .chromaRed)] : []
  return MaskedSamples(frames: frames, height: 12, width: 14, planes: [plane(12, 14, 1, .luma)] + chroma)
}

private func settings(_ kind: ModelKind, _ regularizers: [RegularizerSettings] = []) -> GeneralFitSettings {
  var model = ModelSettings(kind)
  model.width = 16
  model.layers = kind == .dmf ? 3 : 2
  model.features = 8
  model.featureDeviation = 1
  model.frequency = 8
  model.rank = kind == .dmf || kind == .tucker ? 4 : nil
  var settings = GeneralFitSettings(model: model)
  settings.regularizers = regularizers
  settings.iterations = 40
  settings.rate = 3e-3
  settings.observationPeriod = 10
  return settings
}

@Suite("Fit of any model with any penalty") struct GeneralFitTests {
  /// Through model and penalty together, along the gradient.
  @Test("has the gradient of its loss", arguments: ModelKind.allCases, RegularizerKind.allCases)
  func gradient(model kind: ModelKind, penalty: RegularizerKind) {
    // Weights at which each penalty is a good part of the loss, which what models start at makes larger or smaller.
    let scale: [ModelKind: Float] = [.dmf: 200, .fourier: 10, .siren: 20, .tucker: 4]
    let weight =
      penalty == .l2 ? 1e-3 : (penalty == .tv || penalty == .sstv ? 0.02 : 0.1) * (scale[kind] ?? 1)
    let settings = settings(kind, [RegularizerSettings(penalty, weight: weight)])
    let data = SignalData(window(subsampled: true), centring: settings.model.isCentred)
    let model = settings.model.makeRepresentation(grid: data.grid, seed: 3)
    if kind == .dmf || kind == .tucker {
      // At their start these are nearly zero, where total variation has a kink.
      var random = RandomSource(seed: 5)
      for i in 0..<model.parameters.count { model.parameters.values[0, i] += 0.15 * random.normal() }
    }
    let terms = settings.regularizers.flatMap {
      $0.makeTerms(kind: settings.model.kind, of: model, data: data, seed: 3)
    }
    #expect(!terms.isEmpty)
    let step = GeneralObjective(
      model: model, optimizer: Adam(model.parameters), data: data, terms: terms, sampling: nil, threads: 2)
    let loss = step.measure(iteration: 0, looks: false)
    #expect(loss.isFinite && step.values.reduce(0, +) > 0.05 * loss)
    let start = model.parameters.values.values
    let gradient = model.parameters.gradients.values
    let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    let length = 2e-3 * loss / square
    func shifted(_ factor: Double) -> Double {
      for i in start.indices {
        model.parameters.values[0, i] = start[i] + Float(factor * length) * gradient[i]
      }
      return step.measure(iteration: 0, looks: false)
    }
    let quotient = (shifted(1) - shifted(-1)) / (2 * length)
    #expect(abs(quotient / square - 1) < 0.006, "\(quotient / square)")
  }

  @Test("comes near what is missing", arguments: ModelKind.allCases) func quality(kind: ModelKind) throws {
    var settings = settings(kind)
    settings.model.width = 32
    settings.model.featureDeviation = 0.5
    settings.iterations = kind == .dmf ? 600 : 200
    settings.rate = kind == .dmf ? 1e-2 : 5e-3
    settings.schedule = .cosine
    var observed: [FitObservation] = []
    let result = try GeneralFit(samples: window(), settings: settings).run(observe: { observed.append($0) })
    let least: [ModelKind: (psnr: Double, loss: Double)] = [
      .dmf: (35.5, 5e-4), .fourier: (19.5, 0.013), .siren: (39, 3e-3), .tucker: (55, 5e-5),
    ]
    let (leastPSNR, mostLoss) = try #require(least[kind])
    #expect(try #require(result.holdoutPSNR) > leastPSNR)
    #expect(result.iterations == settings.iterations)
    #expect(observed.map(\.iteration) == Array(stride(from: 0, through: settings.iterations, by: 10)))
    let losses = observed.map(\.loss)
    #expect(losses[losses.count - 1] < mostLoss * losses[0])
    // The estimate is the best iterate's.
    let best = observed.compactMap(\.holdoutPSNR).max()
    #expect(abs(try #require(best) - (result.holdoutPSNR ?? 0)) < 1e-9)
  }

  @Test("gives the same for any number of threads", arguments: ModelKind.allCases)
  func threads(kind: ModelKind) throws {
    func run(_ threads: Int, samples: Int?) throws -> Estimate {
      var settings = settings(kind, [.init(.inrr, weight: 0.05), .init(.tv, weight: 1e-3)])
      settings.samplesPerStep = samples
      return try GeneralFit(samples: window(subsampled: true), settings: settings, threads: threads).run()
        .estimate
    }
    #expect(try run(1, samples: nil).planes == run(4, samples: nil).planes)
    #expect(try run(1, samples: 100).planes == run(4, samples: 100).planes)
  }

  @Test("on some of the points has the gradient of all of them, on average") func sampling() {
    let settings = settings(.siren, [.init(.inrr, weight: 0.1)])
    let data = SignalData(window(), centring: false)
    let model = settings.model.makeRepresentation(grid: data.grid, seed: 3)
    let terms = settings.regularizers.flatMap {
      $0.makeTerms(kind: settings.model.kind, of: model, data: data, seed: 3)
    }
    let whole = GeneralObjective(
      model: model, optimizer: Adam(model.parameters), data: data, terms: terms, sampling: nil, threads: 1)
    _ = whole.measure(iteration: 0, looks: false)
    let gradient = model.parameters.gradients.values.map(Double.init)
    let part = GeneralObjective(
      model: model, optimizer: Adam(model.parameters), data: data, terms: terms,
      sampling: PointSampling(grid: data.grid, samples: 200, seed: 1), threads: 1)
    // Projections on some directions, and their standard errors.
    var random = RandomSource(seed: 2)
    let directions = (0..<4).map { _ in gradient.map { _ in Double(random.normal()) } }
    func project(_ values: [Double]) -> [Double] {
      directions.map { zip($0, values).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let expected = project(gradient)
    let rounds = 400
    var (sums, squares) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
    for _ in 0..<rounds {
      _ = part.measure(iteration: 0, looks: false)
      for (k, value) in project(model.parameters.gradients.values.map(Double.init)).enumerated() {
        sums[k] += value
        squares[k] += value * value
      }
    }
    for k in 0..<4 {
      let mean = sums[k] / Double(rounds)
      let error = ((squares[k] / Double(rounds) - mean * mean) / Double(rounds)).squareRoot()
      #expect(abs(mean - expected[k]) < 4 * error)
    }
  }

  @Test("frame by frame starts each from the one before") func frames() throws {
    var settings = settings(.siren)
    settings.coordinates = .frame
    settings.laterIterations = 10
    var starts: [Double] = []
    let result = try GeneralFit(samples: window(), settings: settings).run(observe: { observation in
      if observation.iteration == 0 { starts.append(observation.loss) }
    })
    #expect(result.iterations == 60 && starts.count == 3)
    #expect(starts[1] < 0.1 * starts[0] && starts[2] < 0.1 * starts[0])
    #expect(result.estimate.planes[0].count == 3 * 12 * 14)
  }

  @Test("goes on from its saved state as if nothing had been", arguments: [CoordinateMode.volume, .frame])
  func checkpoint(coordinates: CoordinateMode) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var settings = settings(.siren, [.init(.inrr, weight: 0.05), .init(.air, weight: 0.01)])
    settings.coordinates = coordinates
    settings.samplesPerStep = 90
    let expected = try GeneralFit(samples: window(), settings: settings).run()
    var notes: [String] = []
    let checkpoint = FitCheckpoint(
      path: path, interval: 1e9, note: { "so far" }, resumed: { notes.append($0) })
    for stop in [7, 29] {
      var asked = 0
      #expect(throws: CancellationError.self) {
        try GeneralFit(samples: window(), settings: settings).run(checkpoint: checkpoint) {
          asked += 1
          return asked > stop
        }
      }
    }
    let result = try GeneralFit(samples: window(), settings: settings).run(checkpoint: checkpoint)
    #expect(result.estimate.planes == expected.estimate.planes)
    #expect(result.holdoutPSNR == expected.holdoutPSNR && result.iterations == expected.iterations)
    #expect(notes == ["so far", "so far"])
    // A state of another fit is not taken up.
    settings.seed = 1
    _ = try GeneralFit(samples: window(), settings: settings).run(checkpoint: checkpoint)
    #expect(notes.count == 2)
  }

  @Test("chooses the weight that does best on the hold-out samples") func automaticWeight() throws {
    var settings = settings(.tucker, [.init(.inrr, weight: .automatic)])
    settings.regularizers[0].form = .local
    settings.iterations = 60
    let result = try GeneralFit(samples: window(), settings: settings).run()
    guard case .fixed(let chosen, _, _) = result.regularizers[0].weight else {
      Issue.record("the weight is still open")
      return
    }
    let candidates = WeightSearch.candidates(for: settings.regularizers[0], of: .tucker)
    #expect(candidates.contains(chosen))
    for weight in candidates {
      var other = settings
      other.regularizers[0].weight = .fixed(row: weight, column: weight, time: weight)
      let psnr = try GeneralFit(samples: window(), settings: other).run().holdoutPSNR ?? 0
      #expect(psnr <= (result.holdoutPSNR ?? 0))
    }
  }
}
