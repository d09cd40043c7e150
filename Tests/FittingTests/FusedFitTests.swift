import Foundation
import Frames
import Kernels
import Testing

@testable import Fitting

/// A smooth moving pattern of the given size, some of whose samples are missing or held out.
private func window(
  frames: Int, height: Int, width: Int, chroma: Bool = false,
  state: (_ plane: Int, _ t: Int, _ y: Int, _ x: Int) -> UInt8
) -> MaskedSamples {
  let planes = (0..<(chroma ? 3 : 1)).map { plane -> MaskedSamples.Plane in
    let step = plane == 0 ? 1 : 2
    let (h, w) = ((height + step - 1) / step, (width + step - 1) / step)
    let offset = Float(step - 1) / 2
    let rows = (0..<h).map { min(Float($0 * step) + offset, Float(height - 1)) }
    let columns = (0..<w).map { min(Float($0 * step) + offset, Float(width - 1)) }
    var values: [Float] = []
    var states: [UInt8] = []
    for t in 0..<frames {
      for y in 0..<h {
        for x in 0..<w {
          values.append(truth(plane, t, rows[y], columns[x]))
          states.append(state(plane, t, y, x))
        }
      }
    }
    return MaskedSamples.Plane(
      role: [.luma, .chromaBlue, .chromaRed][plane], height: h, width: w, values: values, states: states,
      rowPositions: rows, columnPositions: columns)
  }
  return MaskedSamples(frames: frames, height: height, width: width, planes: planes)
}

private func truth(_ plane: Int, _ t: Int, _ y: Float, _ x: Float) -> Float {
  0.5 + 0.3 * sin(y / 5 + Float(plane)) * cos(x / 6 - Float(t) / 5)
}

/// One state for each call: known, but for a share missing and a share held out.
private func randomStates(missing: Float, heldOut: Float) -> (Int, Int, Int, Int) -> UInt8 {
  var random = RandomSource(seed: 8)
  return { _, _, _, _ in
    let draw = random.uniform()
    return draw < missing
      ? SampleState.missing : draw < missing + heldOut ? SampleState.heldOut : SampleState.known
  }
}

private func settings(_ iterations: Int) -> FusedFitSettings {
  var settings = FusedFitSettings()
  settings.iterations = iterations
  return settings
}

/// PSNR in dB over the samples that are not known.
private func psnr(_ result: FusedFitResult, _ window: MaskedSamples) -> Double {
  var (sum, count) = (0.0, 0)
  for (plane, estimate) in zip(window.planes, result.estimate.planes) {
    for i in estimate.indices where plane.states[i] != SampleState.known {
      sum += pow(Double(estimate[i] - plane.values[i]), 2)
      count += 1
    }
  }
  return -10 * log10(sum / Double(max(count, 1)))
}

struct FitTests {
  @Test func reconstructsASmoothPattern() throws {
    let window = window(
      frames: 8, height: 24, width: 32, chroma: true, state: randomStates(missing: 0.5, heldOut: 0.05))
    var iterations: [Int] = []
    let result = try FusedFit(samples: window, settings: settings(150)).run(observe: {
      iterations.append($0.iteration)
      // The schedule, and a trial of the second of two candidates.
      #expect($0.iterations == 170)
    })
    #expect(psnr(result, window) > 55, "\(psnr(result, window)) dB")
    #expect((result.holdoutPSNR ?? 0) > 55)
    #expect(iterations == Array(1...result.iterations + 20))
    #expect(result.evaluations.map(\.iteration) == result.evaluations.map(\.iteration).sorted())
    #expect(result.estimate.planes.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
  }

  /// Rounding the operands of a step's products costs nothing that could be seen, not even of a signal without noise.
  @Test func reducedPrecisionFitsAsWell() throws {
    let window = window(
      frames: 8, height: 24, width: 32, chroma: true, state: randomStates(missing: 0.5, heldOut: 0.05))
    let results = try [Precision.single, .reduced].map {
      var settings = settings(150)
      settings.precision = $0
      return try FusedFit(samples: window, settings: settings).run()
    }
    let (single, reduced) = (psnr(results[0], window), psnr(results[1], window))
    #expect(reduced > 55 && reduced > single - 3.5, "\(single) dB, \(reduced) dB")
  }

  @Test func threadsDoNotMatter() throws {
    let window = window(
      frames: 9, height: 20, width: 26, chroma: true, state: randomStates(missing: 0.6, heldOut: 0.05))
    let results = try [1, 2, 5].map {
      try FusedFit(samples: window, settings: settings(12), threads: $0).run()
    }
    for other in results.dropFirst() {
      let same = other.estimate.planes == results[0].estimate.planes
      #expect(same)
      #expect(other.evaluations == results[0].evaluations)
    }
  }

  /// What is held out or missing may be anything: the result must not change.
  @Test func heldOutSamplesAreNotUsed() throws {
    let window = window(
      frames: 4, height: 16, width: 20, state: randomStates(missing: 0.3, heldOut: 0.2))
    var other = window
    for i in other.planes[0].values.indices where other.planes[0].states[i] != SampleState.known {
      other.planes[0].values[i] = .nan
      other.planes[0].states[i] = SampleState.missing
    }
    var settings = settings(20)
    settings.penalties = [.moderate]
    settings.evaluationPeriod = 100
    settings.frequencyPerSample = 0.6
    let with = try FusedFit(samples: window, settings: settings).run()
    let without = try FusedFit(samples: other, settings: settings).run()
    // With hold-out samples the best of first and last iterate is kept, without them the last: the same here.
    let same = with.estimate.planes == without.estimate.planes
    #expect(same)
    #expect(without.evaluations.isEmpty && without.holdoutPSNR == nil)
  }

  @Test func fillsWholeFrames() throws {
    let window = window(frames: 12, height: 24, width: 32) { _, t, _, _ in
      t % 4 == 2 ? SampleState.missing : SampleState.known
    }
    let result = try FusedFit(samples: window, settings: settings(150)).run()
    #expect(result.penalties.inrrTime > PenaltyStrengths.moderate.inrrTime)
    #expect(psnr(result, window) > 33.5, "\(psnr(result, window)) dB")
  }

  @Test func choosesPenaltiesForStaticHoles() throws {
    let window = window(frames: 6, height: 24, width: 32) { _, t, y, x in
      if (8..<14).contains(y) && (10..<18).contains(x) { return SampleState.missing }
      return (8..<14).contains(y) && (20..<28).contains(x) ? SampleState.heldOut : SampleState.known
    }
    var last = FitProgress(iteration: 0, iterations: 0, loss: 0, holdoutPSNR: nil)
    let result = try FusedFit(samples: window, settings: settings(60)).run(observe: {
      #expect($0.iteration == last.iteration + 1)
      last = $0
    })
    #expect(result.penalties == .strong || result.penalties == .moderate)
    #expect(last.iteration <= last.iterations)
  }

  /// The hold-out samples choose, also where single samples are missing: a trial for each candidate is run.
  @Test func choosesPenaltiesForScatteredHoles() throws {
    let window = window(frames: 4, height: 16, width: 16, state: randomStates(missing: 0.7, heldOut: 0.05))
    var last = FitProgress(iteration: 0, iterations: 0, loss: 0, holdoutPSNR: nil)
    let result = try FusedFit(samples: window, settings: settings(30)).run(observe: { last = $0 })
    #expect(result.penalties == .moderate || result.penalties == .firm)
    #expect(last.iterations == 40)
  }

  @Test func whatOthersKnowMoreOfIsFittedBriefly() throws {
    var brief = settings(30)
    brief.iterationsOfFrames = 9
    func iterations(_ state: @escaping (Int, Int, Int, Int) -> UInt8) throws -> Int {
      try FusedFit(samples: window(frames: 6, height: 16, width: 16, state: state), settings: brief).run()
        .iterations
    }
    #expect(try iterations { _, _, y, x in (4..<9).contains(y) && (4..<9).contains(x) ? 0 : 1 } == 9)
    #expect(try iterations { _, t, _, _ in t == 3 ? 0 : 1 } == 9)
    #expect(try iterations(randomStates(missing: 0.5, heldOut: 0)) == 30)
    // Half is known, and none of the holes stays.
    brief.iterationsWhereMuchIsKnown = 12
    #expect(try iterations(randomStates(missing: 0.5, heldOut: 0)) == 12)
    #expect(try iterations(randomStates(missing: 0.7, heldOut: 0)) == 30)
    #expect(try iterations { _, t, _, _ in t == 3 ? 0 : 1 } == 9)
  }

  @Test func stopsWhenAsked() {
    let window = window(frames: 2, height: 8, width: 8, state: randomStates(missing: 0.3, heldOut: 0))
    var asked = 0
    #expect(throws: CancellationError.self) {
      try FusedFit(samples: window, settings: settings(50)).run(isCancelled: {
        asked += 1
        return asked > 5
      })
    }
    #expect(asked == 6)
  }

  @Test func stopsWhenTheHoldOutErrorNoLongerFalls() throws {
    let window = window(frames: 4, height: 12, width: 12, state: randomStates(missing: 0.3, heldOut: 0.1))
    var settings = settings(100)
    settings.steps = StepSizes(rate: 0, coreRateFactor: 1, beta1: 0.9, beta2: 0.9)
    settings.patience = 2
    let result = try FusedFit(samples: window, settings: settings).run()
    #expect(result.stopReason == .holdout)
    #expect(result.evaluations.map(\.iteration) == [0, 10, 20])
  }

  @Test func goesOnAfterOneDivergence() throws {
    let window = window(frames: 4, height: 12, width: 12, state: randomStates(missing: 0.3, heldOut: 0.1))
    let objective = FusedObjective(data: FitData(window), steps: .bold, settings: settings(40), threads: 1)
    objective.penalties = .moderate
    let descent = Descent(
      objective,
      rules: DescentRules(
        schedule: CosineSchedule(rate: 3e-3, iterations: 40), period: 10, patience: 8, mostDivergences: 3,
        penaltiesGoBack: true))
    try descent.run(until: 20, observe: { _ in }, isCancelled: { false })
    let before = try #require(descent.heldOutError)
    objective.model.parameters.values.fill(.nan)
    var kinds: [Descent.Moment.Kind] = []
    try descent.run(
      until: 40,
      observe: {
        kinds.append($0.kind)
        #expect($0.loss.isFinite == ($0.kind == .sound))
      }, isCancelled: { false })
    descent.finish()
    #expect(kinds == [.diverged] + Array(repeating: .sound, count: 19))
    #expect(descent.progress.stopReason == .schedule && descent.progress.iteration == 40)
    #expect(try #require(descent.heldOutError) < 0.1 * before)
  }

  /// The energies take turns, with weights that make up for it; that is no sign of divergence.
  @Test(arguments: ["inrr=10", "inrr.time=3,tv=0.1"]) func largeWeightsAreNoDivergence(text: String) throws {
    let window = window(frames: 6, height: 16, width: 16, state: randomStates(missing: 0.3, heldOut: 0.1))
    var settings = settings(60)
    let isTaken = settings.adopt(try RegularizerSettings.list(parsing: text))
    let result = try FusedFit(samples: window, settings: settings).run()
    #expect(isTaken && result.stopReason != .divergence)
  }

  /// Each energy's network is trained when its turn comes.
  @Test func similaritiesAreLearned() {
    let window = window(frames: 6, height: 12, width: 14, state: randomStates(missing: 0.3, heldOut: 0.1))
    let objective = FusedObjective(data: FitData(window), steps: .bold, settings: settings(40), threads: 1)
    objective.penalties = .moderate
    func train(_ iterations: Range<Int>) -> [[Float]] {
      for iteration in iterations {
        _ = objective.measure(iteration: iteration, looks: false)
        objective.descend(rate: 1e-3)
      }
      return objective.energies.map { $0.similarity.values }
    }
    let (before, after) = (train(0..<12), train(12..<24))
    #expect(before.count == 3 && zip(before, after).allSatisfy { $0 != $1 })
  }

  @Test func givesUpAfterManyDivergences() throws {
    let window = window(frames: 4, height: 12, width: 12, state: randomStates(missing: 0.3, heldOut: 0.1))
    var settings = settings(40)
    settings.steps = StepSizes(rate: 1e6, coreRateFactor: 1, beta1: 0.9, beta2: 0.9)
    let result = try FusedFit(samples: window, settings: settings).run()
    #expect(result.stopReason == .divergence)
    #expect(result.estimate.planes[0].allSatisfy { $0.isFinite })
  }
}

struct FitEdgeCaseTests {
  @Test(arguments: [(1, 8, 8), (1, 1, 1), (2, 1, 9), (3, 9, 1), (5, 8, 8)])
  func tinyWindows(size: (Int, Int, Int)) throws {
    let window = window(
      frames: size.0, height: size.1, width: size.2, chroma: true,
      state: { _, t, y, x in (t + y + x) % 3 == 0 ? SampleState.known : SampleState.missing })
    let result = try FusedFit(samples: window, settings: settings(12)).run()
    #expect(result.iterations == 12 && result.stopReason == .schedule)
    #expect(result.estimate.planes.map(\.count) == window.planes.map(\.values.count))
    #expect(result.estimate.planes.allSatisfy { $0.allSatisfy { $0.isFinite } })
  }

  @Test func constantSamples() throws {
    var window = window(frames: 4, height: 12, width: 16, state: randomStates(missing: 0.5, heldOut: 0.05))
    window.planes[0].values = window.planes[0].values.map { _ in 0.25 }
    let result = try FusedFit(samples: window, settings: settings(100)).run()
    #expect(psnr(result, window) > 80, "\(psnr(result, window)) dB")
  }

  @Test func planesOfWhichAllOrNothingIsKnown() throws {
    let window = window(frames: 4, height: 12, width: 16, chroma: true) { plane, t, y, x in
      switch plane {
      case 0: (t + y + x) % 2 == 0 ? SampleState.known : SampleState.missing
      case 1: SampleState.missing
      default: SampleState.known
      }
    }
    let result = try FusedFit(samples: window, settings: settings(30)).run()
    #expect(result.estimate.planes.allSatisfy { $0.allSatisfy { $0.isFinite } })
  }

  @Test func nothingKnownAtAll() throws {
    let window = window(frames: 2, height: 8, width: 8) { _, _, _, _ in SampleState.missing }
    let result = try FusedFit(samples: window, settings: settings(10)).run()
    #expect(result.stopReason == .interpolation && result.iterations == 0)
    #expect(result.estimate.planes[0].allSatisfy { $0 == 0.5 })
  }
}
