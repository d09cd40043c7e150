import Kernels

/// Where a Tucker INR's nets and cores lie in its parameters.
struct TuckerLayout {
  let row, column, time: FactorNet.Layout
  /// (r_t, planes x r_y x r_x)
  let core: ParameterSlot
  let count: Int

  init(_ configuration: TuckerConfiguration, planes: Int) {
    let ranks = configuration.ranks
    var layout = ParameterLayout()
    row = FactorNet.Layout(rank: ranks.row, width: configuration.width, in: &layout)
    column = FactorNet.Layout(rank: ranks.column, width: configuration.width, in: &layout)
    time = FactorNet.Layout(rank: ranks.time, width: configuration.width, in: &layout)
    core = layout.reserve(rows: ranks.time, columns: planes * ranks.row * ranks.column)
    count = layout.count
  }

  /// All matrices by name: `rows.weight0` and the like.
  var slots: [(name: String, slot: ParameterSlot)] {
    [("rows", row), ("columns", column), ("frames", time)].flatMap { axis, net in
      [
        ("weight0", net.weight0), ("bias0", net.bias0), ("weight1", net.weight1), ("bias1", net.bias1),
        ("weight2", net.weight2), ("bias2", net.bias2),
      ].map { ("\(axis).\($0.0)", $0.1) }
    } + [("core", core)]
  }
}
