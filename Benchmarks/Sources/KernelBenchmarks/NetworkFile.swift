import Foundation
import Kernels
import Regularizers
import Representations

/// One evaluation of SIREN's loss with and without INRR, as a file that another implementation checks itself against.
enum NetworkFile {
  /// - Returns: seconds of full-batch training steps, the median of `steps`.
  /// - Throws: errors of the file system.
  static func write(to path: String, steps: Int, threads: Int) throws -> Double {
    let side = NetworkStep.side
    let grid = SignalGrid(frames: 1, height: side, width: side, planes: 1)
    let network = NetworkStep.network(grid)
    let target = NetworkStep.target(grid)
    var file = SafeTensors()
    func store(_ name: String, _ matrix: Matrix) {
      file.tensors[name] = .init(shape: [matrix.count], values: matrix.values)
    }
    store("target", target)
    store("weights", network.parameters.values)
    let points = network.points(of: Lattice(of: grid), group: 0)
    file.metadata["loss"] = String(NetworkStep.loss(network, points, target, threads: threads))
    store("gradients", network.parameters.gradients)

    let (signal, gradient) = (Signal(grid: grid), Signal(grid: grid))
    network.evaluate(into: signal, threads: threads)
    var loss = 0.0
    for i in 0..<target.count {
      let residual = signal.planes[0][i] - target[i]
      loss += Double(residual * residual) / Double(target.count)
      gradient.planes[0][i] = 2 * residual / Float(target.count)
    }
    for axis in [Axis.row, .column] {
      let energy = INRR.SignalForm(grid: grid, axis: axis, seed: 7 + UInt64(axis.rawValue))
      loss += energy.addGradient(of: signal, weight: 0.0655, to: gradient, threads: threads)
      guard let own = energy.optimizer?.parameters else { continue }
      store("\(axis.name).weights", own.values)
      store("\(axis.name).gradients", own.gradients)
    }
    network.differentiate(gradient, threads: threads)
    store("inrr.gradients", network.parameters.gradients)
    file.metadata["inrr.loss"] = String(loss)
    try file.data().write(to: URL(fileURLWithPath: path))

    let adam = Adam(network.parameters, beta2: 0.999)
    return Timing.measure(runs: steps) {
      _ = NetworkStep.loss(network, points, target, threads: threads)
      adam.step(rate: 1e-4, threads: threads)
    }.median
  }
}
