import Fitting

enum MethodYAML {
  static func read(_ value: YAMLValue) -> ExperimentMethod? {
    value.mapping().flatMap { read($0, value: value, isSweep: false) }
  }

  /// - Parameter isSweep: whether `frequency` belongs to the sweep instead of the method.
  static func read(_ keys: YAMLMapping, value: YAMLValue, isSweep: Bool) -> ExperimentMethod? {
    let name = keys["name"]?.text()
    if let name, let complaint = ExperimentMethod.complaint(aboutName: name) { keys["name"]?.fail(complaint) }
    let isReference = keys["paper"]?.flag() ?? false
    let listed = keys["regularizers"]
    let coordinates = keys["coordinates"]?.choice(of: CoordinateMode.self)
    let regularizers = listed.flatMap { self.regularizers($0, coordinates: coordinates ?? .volume) }
    // Asked for in any case, so that `close` knows all keys.
    let model = self.model(keys, isReference: isReference, isSweep: isSweep)
    let rate = keys["rate"]
    if isReference, let rate { rate.fail("paper: true sets the rate: leave out one of them") }
    let method: ExperimentMethod?
    if isReference {
      method = .reference(
        name: name ?? standardName(ofReferenceWith: regularizers), regularizers: regularizers)
    } else {
      method = model.map { ExperimentMethod(name: name, model: $0, regularizers: regularizers ?? []) }
    }
    // Asked for even without a method, so that `close` knows all keys.
    let iterations = keys["iterations"]?.integer(in: 1...100_000_000)
    let positive = rate?.positive()
    let schedule = keys["schedule"]?.choice(of: GeneralFitSettings.Schedule.self)
    let samples = keys["samples_per_step"]?.integer(in: 1 ... .max)
    if samples != nil, let model, model.kind == .tucker || model.kind == .dmf {
      keys["samples_per_step"]?.fail("a \(model.kind.rawValue) model is fitted to all samples: leave it out")
    }
    let seed = keys["seed"]?.integer(in: 0 ... .max)
    let holdout = keys["holdout"]?.number(in: 0...0.9)
    keys.close()
    if listed != nil && regularizers == nil { return nil }
    guard var method else { return nil }
    method.iterations = iterations
    if let positive, !isReference { method.rate = Float(positive) }
    method.schedule = schedule
    if let coordinates { method.coordinates = coordinates }
    method.samplesPerStep = samples
    method.seed = UInt64(seed ?? 0)
    method.holdout = holdout
    return method
  }

  private static func standardName(ofReferenceWith others: [RegularizerSettings]?) -> String {
    guard let others else { return "reference" }
    return "reference+" + RegularizerSettings.text(others).replacing(",", with: "+")
  }

  /// One text, or a list of texts that are put together.
  private static func regularizers(_ value: YAMLValue, coordinates: CoordinateMode) -> [RegularizerSettings]?
  {
    let texts = value.isList ? value.list()?.compactMap { $0.text() } : value.text().map { [$0] }
    guard let texts else { return nil }
    return value.attempt {
      try RegularizerSettings.list(
        parsing: texts.isEmpty ? "none" : texts.joined(separator: ","), coordinates: coordinates)
    }
  }

  private static func model(_ keys: YAMLMapping, isReference: Bool, isSweep: Bool) -> ModelSettings? {
    let kindValue = isReference ? keys["model"] : keys.required("model")
    let kind = kindValue?.choice(of: ModelKind.self)
    var model = ModelSettings(kind ?? .siren)
    if isReference, let kind, kind != .siren {
      kindValue?.fail("paper: true is a siren: leave out the model, or paper")
    }
    func set(_ key: String, for kinds: Set<ModelKind>, _ change: (YAMLValue) -> Void) {
      guard let value = keys[key] else { return }
      if isReference {
        value.fail("paper: true sets the \(key): leave out one of them")
      } else if let kind, !kinds.contains(kind) {
        value.fail("a \(kind.rawValue) model has no \(key)")
      } else {
        change(value)
      }
    }
    func count(_ value: YAMLValue, to limit: Int) -> Int? { value.integer(in: 1...limit) }
    set("width", for: [.tucker, .siren, .fourier]) { model.width = count($0, to: 16384) ?? model.width }
    set("layers", for: [.siren, .fourier, .dmf]) { model.layers = count($0, to: 64) ?? model.layers }
    if !isSweep {
      set("frequency", for: [.siren]) {
        model.frequency = $0.positive().map { Float($0) } ?? model.frequency
      }
    }
    set("hidden_frequency", for: [.siren]) {
      model.hiddenFrequency = $0.positive().map { Float($0) } ?? model.hiddenFrequency
    }
    set("features", for: [.fourier]) { model.features = count($0, to: 65536) ?? model.features }
    if !isSweep || kind != .fourier {
      set("feature_deviation", for: [.fourier]) {
        model.featureDeviation = $0.positive().map { Float($0) } ?? model.featureDeviation
      }
    }
    set("rank", for: [.tucker, .dmf]) { model.rank = count($0, to: 65536) }
    if isSweep, let kind, kind != .siren, kind != .fourier {
      kindValue?.fail("a \(kind.rawValue) model has no frequency to sweep: choose siren or fourier")
    }
    return kind == nil ? nil : model
  }
}
