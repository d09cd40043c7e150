/// Everything that a report's page shows, in the form in which its script reads it. Unknown values are nil, and `notes`
/// say why.
public struct ReportData: Sendable, Encodable {
  public struct Video: Sendable, Encodable {
    public var input: String
    public var result: String
    public var reference: String?
    public var frames: Int
    /// As displayed, in samples.
    public var width: Int
    public var height: Int
    /// Width of a displayed sample by its height.
    public var aspect: Double
    public var framesPerSecond: Double
    /// Missing pixels over all pixels, 0 ... 1.
    public var missing: Double

    public init(
      input: String, result: String, reference: String? = nil, frames: Int = 0, width: Int, height: Int,
      aspect: Double, framesPerSecond: Double, missing: Double = 0
    ) {
      (self.input, self.result, self.reference, self.frames) = (input, result, reference, frames)
      (self.width, self.height, self.aspect) = (width, height, aspect)
      (self.framesPerSecond, self.missing) = (framesPerSecond, missing)
    }
  }

  /// How the restoration was done and how long it took.
  public struct Restoration: Sendable, Encodable {
    public var model: String
    public var preset: String
    public var seed: UInt64
    public var holdoutPSNR: Double?
    /// Of what was missing; nil where it can't be told.
    public var expected: Expected?
    /// Seconds for each kind of work.
    public var seconds: [String: Double]

    public init(
      model: String, preset: String, seed: UInt64, holdoutPSNR: Double?, expected: Expected?,
      seconds: [String: Double]
    ) {
      (self.model, self.preset, self.seed) = (model, preset, seed)
      (self.holdoutPSNR, self.expected, self.seconds) = (holdoutPSNR, expected, seconds)
    }
  }

  /// What the PSNR of missing samples probably is, in dB: a range that holds it in nine of ten cases.
  public struct Expected: Sendable, Encodable {
    public var low: Double
    public var high: Double

    public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
  }

  /// Figures of all frames, in their order.
  public struct Frames: Sendable, Encodable {
    /// Share of missing pixels, 0 ... 1.
    public var missing: [Double] = []
    /// The ends of what is expected, in dB, from the windows that contain the frame; nil where one of them can't tell.
    public var expectedLow: [Double?] = []
    public var expectedHigh: [Double?] = []
    /// In steps of 8 bits.
    public var roughness: [Double?] = []
    public var roughnessAround: [Double?] = []
    /// In dB, against the reference; 100 where nothing differs.
    public var psnr: [Double?] = []
    public var psnrMissing: [Double?] = []
    public var ssimMissing: [Double?] = []

    public init() {}
  }

  /// How many holes of each kind every frame has, in the order of the frames; in both fields of an interlaced one.
  public struct Holes: Sendable, Encodable {
    public var lines: [Int] = []
    public var points: [Int] = []
    public var blotches: [Int] = []
    public var others: [Int] = []

    public init() {}
  }

  /// A frame's pictures, as data: URLs.
  public struct Pictures: Sendable, Encodable {
    public var frame: Int
    public var damaged: String
    /// Empty where nothing is restored.
    public var restored: String
    public var reference: String?
    /// Where something is missing, and of which kind; see `HoleMap`.
    public var mask: String
    /// For volumes only, where there is room.
    public var voxels: Voxels?
    /// Of a search for damage only.
    public var found: FrameFinds?
  }

  /// Numbers of a slice's voxels as data: URLs; see `VoxelPicture`.
  public struct Voxels: Sendable, Encodable {
    public var restored: String
    /// Of missing voxels only; all others are as in `restored`.
    public var damaged: String
    public var reference: String?

    public init(restored: String, damaged: String, reference: String? = nil) {
      (self.restored, self.damaged, self.reference) = (restored, damaged, reference)
    }

    /// Bytes in the page.
    public var size: Int { restored.utf8.count + damaged.utf8.count + (reference?.utf8.count ?? 0) }
  }

  /// What the page shows of a volume, whose slices are its frames.
  public struct Volume: Sendable, Encodable {
    /// Voxels along x, y and z.
    public var shape: [Int]
    public var spacing: [Double]
    /// The axis that slices are counted along, and those of their columns and rows.
    public var axis: String
    public var columnAxis: String
    public var rowAxis: String
    /// Whether the last row is drawn at the top.
    public var rowsRise: Bool
    /// The number of the volume, from 0, in a series of `volumes`.
    public var number: Int
    public var volumes: Int
    /// The numbers that are drawn black and white.
    public var window: [Double]
    /// A voxel's number is `lowest` + `step` x its value in `Voxels`.
    public var lowest: Double
    public var step: Double
    /// The voxel that the three slices go through, and their picture as a data: URL.
    public var voxel: [Int]
    public var panel: String

    public init(
      shape: [Int], spacing: [Double], axis: String, columnAxis: String, rowAxis: String, rowsRise: Bool,
      number: Int, volumes: Int, window: [Double], lowest: Double, step: Double, voxel: [Int], panel: String
    ) {
      (self.shape, self.spacing, self.axis) = (shape, spacing, axis)
      (self.columnAxis, self.rowAxis, self.rowsRise) = (columnAxis, rowAxis, rowsRise)
      (self.number, self.volumes, self.window) = (number, volumes, window)
      (self.lowest, self.step, self.voxel, self.panel) = (lowest, step, voxel, panel)
    }
  }

  /// How many spots of each kind were solved together, each counted once in every frame.
  public struct Spots: Sendable, Encodable {
    public var lines: Int
    public var points: Int
    public var blotches: Int

    public init(lines: Int, points: Int, blotches: Int) {
      (self.lines, self.points, self.blotches) = (lines, points, blotches)
    }
  }

  /// Frames `first ... last` within a box, solved together.
  public struct Window: Sendable, Encodable {
    public var first: Int
    public var last: Int
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int
    /// Nil for a site. Spots are those of whole frames, which the box is.
    public var spots: Spots?
    public var iterations: Int
    public var holdoutPSNR: Double?
    public var holdoutSamples: Int
    /// Nil where it can't be told.
    public var expected: Expected?
    public var stopReason: String
    public var weights: [String: Double]
    public var seconds: Double?

    public init(
      first: Int, last: Int, x: Int, y: Int, width: Int, height: Int, spots: Spots? = nil, iterations: Int,
      holdoutPSNR: Double?, holdoutSamples: Int, expected: Expected?, stopReason: String,
      weights: [String: Double],
      seconds: Double? = nil
    ) {
      self.spots = spots
      (self.first, self.last) = (first, last)
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
      (self.iterations, self.stopReason, self.seconds) = (iterations, stopReason, seconds)
      (self.holdoutPSNR, self.holdoutSamples) = (holdoutPSNR, holdoutSamples)
      (self.expected, self.weights) = (expected, weights)
    }
  }

  public var video: Video
  public var restoration: Restoration?
  public var frames = Frames()
  /// Nil where it is not known which holes were spots.
  public var holes: Holes?
  /// Frames to look at, the worst first.
  public var worst: [Int] = []
  public var pictures: [Pictures] = []
  public var windows: [Window] = []
  public var learned: [LearnedStructure] = []
  /// What lies on the picture and may let it through.
  public var overlays: [Overlay] = []
  /// Nil for a video.
  public var volume: Volume?
  /// Nil but for a search for damage, which restores nothing.
  public var detection: Detection?
  /// Sentences about what the page does not show, and why.
  public var notes: [String] = []

  public init(video: Video) { self.video = video }
}

/// What the fit of one window learned.
public struct LearnedStructure: Sendable, Encodable {
  /// Similarities of the slices along an axis at some iteration.
  public struct Affinity: Sendable, Encodable {
    public var iteration: Int
    /// As a data: URL; see `affinityPicture`.
    public var picture: String

    public init(iteration: Int, picture: String) { (self.iteration, self.picture) = (iteration, picture) }
  }

  /// A curve over iterations.
  public struct Curve: Sendable {
    public var iterations: [Int] = []
    public var values: [Double] = []

    public init() {}

    public mutating func add(_ value: Double, at iteration: Int) {
      guard value.isFinite else { return }
      iterations.append(iteration)
      values.append(value)
    }
  }

  public struct Axis: Sendable, Encodable {
    /// rows, columns or frames.
    public var name: String
    /// Slices along it.
    public var count: Int
    public var affinities: [Affinity] = []
    public var energy = Curve()
    /// Singular values of the signal, falling.
    public var spectrum: [Double] = []

    // The other values go into charts, which `ReportCharts` draws.
    private enum CodingKeys: String, CodingKey { case name, count, affinities }

    public init(name: String, count: Int) { (self.name, self.count) = (name, count) }
  }

  public var first: Int
  public var last: Int
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  public var axes: [Axis]
  public var loss = Curve()
  public var holdoutPSNR = Curve()
  /// Weights of the penalties that the hold-out samples chose, by name.
  public var penalties: [String: Double] = [:]

  private enum CodingKeys: String, CodingKey { case first, last, x, y, width, height, axes, penalties }

  public init(first: Int, last: Int, x: Int, y: Int, width: Int, height: Int, axes: [Axis]) {
    (self.first, self.last, self.axes) = (first, last, axes)
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}
