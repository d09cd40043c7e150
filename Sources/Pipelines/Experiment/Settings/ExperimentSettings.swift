import Masks

/// A comparison of methods on one picture or clip.
public struct ExperimentSettings: Sendable, Equatable {
  /// The pixels that are taken away.
  public struct Mask: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
      case pattern(MaskPattern)
      /// A picture, resized like the input; pixels are known where its gray is at least `threshold`.
      case file(String, threshold: Int)
    }

    public var source: Source
    public var seed: UInt64 = 0

    public init(_ source: Source, seed: UInt64 = 0) { (self.source, self.seed) = (source, seed) }
  }

  /// One method at several angular frequencies, judged by known samples that are held out at random.
  public struct Sweep: Sendable, Equatable {
    public var method: ExperimentMethod
    /// First-layer frequency, omega_0; for a Fourier model the deviation of its features.
    public var frequencies: [Float]
  }

  /// The observations whose similarity matrices are written to files.
  public enum Record: Sendable, Equatable {
    case all
    case at([Int])
  }

  public var name: String
  public var input: String
  /// Size to which the input is resampled; nil for its own.
  public var size: Size?
  public var gray = false
  /// Frames of a clip, from 0; nil for the first 32.
  public var frames: ClosedRange<Int>?
  public var mask: Mask
  /// Share of the known samples that is held out, for methods that choose their weights and for a sweep.
  public var holdout = 0.1
  public var iterations = 2000
  /// Iterations of every method, instead of its own.
  public var iterationsForAll: Int?
  /// Iterations between two points of a curve; nil for a twentieth of all.
  public var observationPeriod: Int?
  public var record = Record.all
  public var methods: [ExperimentMethod]
  public var sweep: Sweep?
  public var threads = 1

  public init(name: String, input: String, mask: Mask, methods: [ExperimentMethod]) {
    (self.name, self.input, self.mask, self.methods) = (name, input, mask, methods)
  }

  static let standardFrames = 0...31

  public struct Size: Sendable, Equatable {
    var width: Int
    var height: Int
  }

  /// All fits: the methods, then those of the sweep.
  var runs: [ExperimentRun] {
    methods.map { ExperimentRun(method: $0, frequency: nil) }
      + (sweep.map { sweep in
        sweep.frequencies.map { ExperimentRun(method: sweep.method.at(frequency: $0), frequency: $0) }
      } ?? [])
  }

  func iterations(of method: ExperimentMethod) -> Int {
    iterationsForAll ?? method.iterations
      ?? (method.isReference ? ExperimentMethod.referenceIterations : iterations)
  }

  func observationPeriod(of method: ExperimentMethod) -> Int {
    observationPeriod ?? max(1, iterations(of: method) / 20)
  }
}

/// A method, as part of the comparison or at a frequency of the sweep.
struct ExperimentRun: Sendable, Equatable {
  var method: ExperimentMethod
  /// The sweep's frequency; nil outside of it.
  var frequency: Float?
}
