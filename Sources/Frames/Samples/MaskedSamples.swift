/// Whether a sample's value may be used.
public enum SampleState {
  /// Nothing is known of the sample's value.
  public static let missing: UInt8 = 0
  /// The sample's value is known and may be used.
  public static let known: UInt8 = 1
  /// The sample's value is known, but held out: estimators must not read it, since their error is measured on it.
  public static let heldOut: UInt8 = 2
}

/// A box of samples in space and time, which of them are known, and the coordinates they sit at.
///
/// What reading, estimators and writing share: planes of any subsampling, of frames or of slices.
public struct MaskedSamples: Sendable {
  /// The samples of one plane, in the order (frames, height, width).
  public struct Plane: Sendable {
    public var role: PlaneRole
    public var height: Int
    public var width: Int
    /// Values, full scale = 1; meaningless where a sample is missing.
    public var values: [Float]
    /// A `SampleState` for each value.
    public var states: [UInt8]
    /// Positions of rows and columns, in samples of the frame from the box's corner.
    public var rowPositions: [Float]
    public var columnPositions: [Float]

    public init(
      role: PlaneRole, height: Int, width: Int, values: [Float], states: [UInt8], rowPositions: [Float],
      columnPositions: [Float]
    ) {
      precondition(
        rowPositions.count == height && columnPositions.count == width, "one position a row and column")
      precondition(values.count == states.count, "one state a value")
      self.role = role
      self.height = height
      self.width = width
      self.values = values
      self.states = states
      self.rowPositions = rowPositions
      self.columnPositions = columnPositions
    }
  }

  public var frames: Int
  /// Size in samples of the frame; a plane may be subsampled against it.
  public var height: Int
  public var width: Int
  public var planes: [Plane]
  /// Distances between samples of the frame, and between frames.
  public var spacing = SampleSpacing.even

  public init(frames: Int, height: Int, width: Int, planes: [Plane]) {
    precondition(
      planes.allSatisfy { $0.values.count == frames * $0.height * $0.width },
      "a plane holds frames x height x width samples")
    self.frames = frames
    self.height = height
    self.width = width
    self.planes = planes
  }

  /// The samples of a plane at the frame's resolution, (frames, height, width), luma if there is one; empty if no plane has that
  /// resolution.
  public var structure: [Float] {
    let whole = planes.filter { $0.height == height && $0.width == width }
    return (whole.first { $0.role == .luma } ?? whole.first { $0.role == .green } ?? whole.first)?.values
      ?? []
  }
}
