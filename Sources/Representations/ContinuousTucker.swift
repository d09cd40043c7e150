import Kernels

/// A Tucker INR as the function it is: its signal at any place and time, between samples and frames too.
///
/// Holds a copy of the parameters. See `TuckerINR` for the function.
public struct ContinuousTucker: Sendable {
  /// A matrix of parameters, or the cores, row by row.
  public struct Tensor: Sendable, Equatable {
    public var name: String
    public var shape: [Int]
    public var values: [Float]
  }

  public let configuration: TuckerConfiguration
  /// What positions are relative to: they lie in 0 ... extent - 1, and a little beyond.
  public let frames: Int
  public let height: Int
  public let width: Int
  public let planes: Int
  private let parameters: Parameters

  public init(_ model: TuckerINR) {
    configuration = model.configuration
    (frames, height, width) = (model.grid.frames, model.grid.height, model.grid.width)
    planes = model.grid.planes.count
    parameters = Parameters(count: model.parameters.count)
    parameters.values.copy(from: model.parameters.values)
  }

  /// From saved tensors; nil where one is not there or has another size.
  ///
  /// - Parameter tensor: the values of a name.
  public init?(
    configuration: TuckerConfiguration, frames: Int, height: Int, width: Int, planes: Int,
    tensor: (String) -> [Float]?
  ) {
    // From files: sizes that no fit has must not be allocated.
    let sides = [
      configuration.ranks.row, configuration.ranks.column, configuration.ranks.time, configuration.width,
      frames,
      height, width, planes,
    ]
    guard sides.allSatisfy({ (1...65536).contains($0) }), planes <= 4, configuration.width <= 4096,
      configuration.ranks.row <= 4096, configuration.ranks.column <= 4096, configuration.ranks.time <= 1024
    else { return nil }
    self.configuration = configuration
    (self.frames, self.height, self.width, self.planes) = (frames, height, width, planes)
    let layout = TuckerLayout(configuration, planes: planes)
    // Looked at before memory of that size is taken.
    let found = layout.slots.map { (slot: $0.slot, values: tensor($0.name)) }
    guard found.allSatisfy({ $0.values?.count == $0.slot.rows * $0.slot.columns }) else { return nil }
    parameters = Parameters(count: layout.count)
    for (slot, values) in found {
      guard let values else { return nil }
      slot.value(in: parameters).copy(from: Matrix(rows: slot.rows, columns: slot.columns, values: values))
    }
  }

  /// All parameters by name.
  public var tensors: [Tensor] {
    let ranks = configuration.ranks
    return TuckerLayout(configuration, planes: planes).slots.map { name, slot in
      Tensor(
        name: name,
        shape: name == "core" ? [ranks.time, planes, ranks.row, ranks.column] : [slot.rows, slot.columns],
        values: slot.value(in: parameters).values)
    }
  }

  /// Number of parameters.
  public var parameterCount: Int {
    TuckerLayout(configuration, planes: planes).slots.reduce(0) { $0 + $1.slot.rows * $1.slot.columns }
  }

  /// The signal of every plane at a time and on a lattice of positions: (rows, columns) each.
  ///
  /// - Parameters:
  ///   - time: in frames from the window's first, `rows` and `columns` in samples of the frame from its corner.
  public func evaluate(time: Float, rows: [Float], columns: [Float]) -> [Matrix] {
    let layout = TuckerLayout(configuration, planes: planes)
    let (ry, rx) = (configuration.ranks.row, configuration.ranks.column)
    func factor(_ positions: [Float], _ extent: Int, _ frequency: Float, _ slots: FactorNet.Layout) -> Matrix
    {
      let net = FactorNet(
        coordinates: positions.map { SignalGrid.coordinate($0, extent: extent) }, frequency: frequency,
        layout: slots, parameters: parameters)
      for chunk in net.rowChunks { net.forward(rows: chunk) }
      return net.output
    }
    let frequencies = configuration.frequencies
    let u = factor(rows, height, frequencies.row, layout.row)
    let v = factor(columns, width, frequencies.column, layout.column)
    let w = factor([time], frames, frequencies.time, layout.time)
    let transposed = Matrix(rows: rx, columns: columns.count)
    transpose(v, into: transposed)
    let core = layout.core.value(in: parameters)
    let mixed = Matrix(rows: 1, columns: core.columns)
    multiply(w, core, into: mixed)
    let half = Matrix(rows: ry, columns: columns.count)
    return (0..<planes).map { plane in
      let result = Matrix(rows: rows.count, columns: columns.count)
      multiply(mixed.reshaped(from: plane * ry * rx, rows: ry, columns: rx), transposed, into: half)
      multiply(u, half, into: result)
      return result
    }
  }
}
