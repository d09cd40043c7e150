/// The size of a `TuckerINR`.
public struct TuckerConfiguration: Sendable, Equatable {
  /// A value for each axis.
  public struct Axes<Value: Sendable & Equatable>: Sendable, Equatable {
    public var row: Value
    public var column: Value
    public var time: Value

    public init(row: Value, column: Value, time: Value) {
      self.row = row
      self.column = column
      self.time = time
    }
  }

  /// Columns of the factor matrices.
  public var ranks: Axes<Int>
  /// Largest angular frequency of the first layers, per unit of the coordinate in [-1, 1].
  public var frequencies: Axes<Float>
  /// Width of the factor nets.
  public var width = 256

  public init(ranks: Axes<Int>, frequencies: Axes<Float>, width: Int = 256) {
    self.ranks = ranks
    self.frequencies = frequencies
    self.width = width
  }

  /// Half as many ranks as rows and columns, three quarters as many as frames, within bounds; frequencies that are
  /// the same per sample whatever the extent.
  /// - Parameter frequencyPerSample: radians from one sample to the next at the highest frequency; about 0.6 for
  ///   holes that move, less for holes that stay, where the representation must be smoother.
  public init(grid: SignalGrid, frequencyPerSample: Float = 0.625, width: Int = 256) {
    func rank(_ extent: Int, _ share: Double, _ range: ClosedRange<Int>) -> Int {
      let wanted = Int((Double(extent) * share).rounded())
      return min(extent, min(max(wanted, range.lowerBound), range.upperBound))
    }
    func frequency(_ extent: Int) -> Float { frequencyPerSample * Float(max(extent, 2)) }
    self.init(
      ranks: Axes(
        row: rank(grid.height, 0.5, 8...136), column: rank(grid.width, 0.5, 8...240),
        time: rank(grid.frames, 0.75, 2...24)),
      frequencies: Axes(
        row: frequency(grid.height), column: frequency(grid.width), time: frequency(grid.frames)),
      width: width)
  }
}
