import Foundation
import Inspection

/// What an experiment found, as it stands in `results.json`. Figures that are not finite are left out.
public struct ExperimentResults: Sendable, Codable, Equatable {
  public struct Input: Sendable, Codable, Equatable {
    public var path: String
    public var width: Int
    public var height: Int
    public var channels: Int
    public var frames: Int
    /// A hash of the samples and the mask.
    public var fingerprint: String
  }

  public struct Mask: Sendable, Codable, Equatable {
    public var pattern: String
    public var seed: UInt64
    /// Missing pixels over all pixels of all frames.
    public var missingFraction: Double
  }

  public var version = 1
  public var name: String
  public var input: Input
  public var mask: Mask
  public var methods: [MethodResult] = []
  public var sweep: [MethodResult] = []
}

/// What one method did.
public struct MethodResult: Sendable, Codable, Equatable {
  /// The settings of a fit by their usual names.
  public struct Settings: Sendable, Codable, Equatable {
    public var model: String
    public var width: Int
    public var layers: Int
    public var frequency: Float
    public var hiddenFrequency: Float
    public var features: Int
    public var featureDeviation: Float
    public var rank: Int?
    public var regularizers: String
    public var coordinates: String
    public var iterations: Int
    public var rate: Float
    public var schedule: String
    public var samplesPerStep: Int?
    public var seed: UInt64
    public var holdout: Double
    public var observeEvery: Int
    /// Nil for every observation.
    public var record: [Int]?
  }

  /// Figures of the final output.
  public struct Figures: Sendable, Codable, Equatable {
    public var raw: RawQuality
    public var ssim: Double?
    public var ssimMissing: Double?
    /// Over the samples that were held out.
    public var holdoutPsnrDb: Double?
    public var holdoutNmae: Double?
  }

  /// Figures of the output at an observation, of the frame that was being fitted or of all.
  public struct Point: Sendable, Codable, Equatable {
    public var iteration: Int
    public var frame: Int?
    public var seconds: Double
    public var loss: Double?
    public var raw: RawQuality
    public var energies: [Energy]
  }

  /// A penalty at an observation.
  public struct Energy: Sendable, Codable, Equatable {
    public var kind: String
    public var axis: String?
    /// Weight times penalty per sample.
    public var value: Double?
    public var effectiveRank: Double?
    /// The similarity's file beside the results.
    public var file: String?
  }

  public var name: String
  /// A hash of everything that the result depends on.
  public var fingerprint: String
  public var settings: Settings
  /// The sweep's frequency.
  public var frequency: Float?
  /// The penalties with the weights that were used.
  public var usedRegularizers: String?
  public var iterations = 0
  public var seconds = 0.0
  public var figures: Figures?
  public var curve: [Point] = []
  /// Why the fit failed; then there are no figures.
  public var failure: String?

  var isComplete: Bool { figures != nil && failure == nil }
}

extension ExperimentResults {
  public var hasFailures: Bool { (methods + sweep).contains { $0.failure != nil } }

  func json() throws -> Data { try ReportJSON.file(self, .snakeCase) }

  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(ExperimentResults.self, from: json)
  }
}
