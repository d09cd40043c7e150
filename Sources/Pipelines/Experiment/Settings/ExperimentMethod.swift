import Fitting
import Foundation

/// A model with penalties, and how it is fitted.
public struct ExperimentMethod: Sendable, Equatable {
  /// Its name in tables and files.
  public var name: String
  public var model: ModelSettings
  public var regularizers: [RegularizerSettings]
  /// Nil for the experiment's.
  public var iterations: Int?
  /// Learning rate; nil for the model's usual one.
  public var rate: Float?
  /// Nil for the model's usual one: a cosine for a Tucker model, whose steps are large, else constant.
  public var schedule: GeneralFitSettings.Schedule?
  public var coordinates = CoordinateMode.volume
  public var samplesPerStep: Int?
  public var seed: UInt64 = 0
  /// Share of the known samples that is held out; nil for the experiment's share where weights are chosen, else none.
  public var holdout: Double?
  /// Whether this is the setting of the authors' code.
  public private(set) var isReference = false

  /// - Parameter name: nil for the names of the model and the penalties.
  public init(name: String? = nil, model: ModelSettings, regularizers: [RegularizerSettings]) {
    self.name = name ?? Self.name(model: model, regularizers: regularizers)
    (self.model, self.regularizers) = (model, regularizers)
  }

  /// The setting of the authors' code: a SIREN of five sine layers of 256, omega_0 30, then 1; Adam 1e-4; 10,001
  /// iterations; INRR at 1e-6 on the energy that is not divided by the number of samples.
  ///
  /// - Parameter regularizers: other penalties; nil for INRR.
  public static func reference(
    name: String = "reference", regularizers: [RegularizerSettings]? = nil
  ) -> ExperimentMethod {
    var model = ModelSettings(.siren)
    model.width = 256
    model.layers = 5
    model.frequency = 30
    model.hiddenFrequency = 1
    var method = ExperimentMethod(
      name: name, model: model,
      regularizers: regularizers ?? [RegularizerSettings(.inrr, weight: referenceWeight)])
    method.rate = 1e-4
    method.isReference = true
    method.scalesWeights = regularizers == nil
    return method
  }

  static let referenceIterations = 10_001
  private static let referenceWeight: Float = 1e-6
  /// Whether the weight belongs to the energy itself, not to the energy divided by the number of samples.
  private var scalesWeights = false

  /// The method at another frequency, with a name of its own.
  func at(frequency: Float) -> ExperimentMethod {
    var method = self
    if model.kind == .fourier {
      method.model.featureDeviation = frequency
    } else {
      method.model.frequency = frequency
    }
    method.name = "\(name)@\(Self.text(frequency))"
    return method
  }

  func settings(iterations: Int, period: Int, sampleCount: Int) -> GeneralFitSettings {
    var settings = GeneralFitSettings(model: model)
    settings.regularizers = regularizers
    if scalesWeights {
      let weight = Self.referenceWeight * Float(sampleCount)
      settings.regularizers = [RegularizerSettings(.inrr, weight: weight)]
    }
    settings.coordinates = coordinates
    settings.iterations = iterations
    settings.rate = rate ?? Self.usualRate(of: model.kind)
    settings.schedule = schedule ?? (model.kind == .tucker ? .cosine : .constant)
    settings.samplesPerStep = samplesPerStep
    settings.seed = seed
    settings.observationPeriod = period
    return settings
  }

  /// Learning rates with which the models are usually fitted.
  static func usualRate(of kind: ModelKind) -> Float {
    switch kind {
    case .siren: 1e-4
    case .fourier, .dmf: 1e-3
    case .tucker: 2e-3
    }
  }

  private static func name(model: ModelSettings, regularizers: [RegularizerSettings]) -> String {
    if regularizers.isEmpty { return model.kind.rawValue }
    return "\(model.kind.rawValue)+"
      + RegularizerSettings.text(regularizers).replacingOccurrences(of: ",", with: "+")
  }

  private static func text(_ value: Float) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Why a name does not suit as a file's name; nil where it does.
  static func complaint(aboutName name: String) -> String? {
    if name.isEmpty || name.utf8.count > 100 { return "a method's name has 1 to 100 bytes" }
    if name.hasPrefix(".") || name.contains(where: { "/%|,\0".contains($0) || $0.isNewline }) {
      return
        "'\(name)' is no method's name: files are called by it, so it has no '.' at its beginning and none of / % | ,"
    }
    if name.lowercased() == "damaged" { return "a method can't be called '\(name)': the damaged picture is" }
    return nil
  }
}
