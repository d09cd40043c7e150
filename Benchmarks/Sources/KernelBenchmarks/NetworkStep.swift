import Foundation
import Kernels
import Representations

/// One full-batch training step of SIREN, five layers of 256 units, on 256 x 256 coordinates: loss, gradient, Adam.
struct NetworkStep {
  static let side = 256

  let single: Timing
  let parallel: Timing
  /// Floating-point operations of all matrix products of a step.
  let flops: Double
  /// Relative difference of a directional derivative from the difference quotient.
  let derivativeDifference: Double

  private let grid = SignalGrid(frames: 1, height: Self.side, width: Self.side, planes: 1)

  /// - Throws: `WrongResult`.
  init(threads: Int, steps: Int) throws {
    let network = Self.network(grid)
    let target = Self.target(grid)
    flops = Self.flops(network)
    derivativeDifference = Self.differenceFromQuotient(network, target, threads: threads)
    try WrongResult.check("gradient of the network", difference: derivativeDifference, limit: 0.01)
    let one = Self.train(grid, target, threads: 1, steps: steps)
    let all = Self.train(grid, target, threads: threads, steps: steps)
    guard one.parameters == all.parameters else {
      throw WrongResult(description: "the network's training depends on the number of threads")
    }
    guard let first = one.losses.first, let last = one.losses.last, last < first else {
      throw WrongResult(description: "the network's training does not descend: \(one.losses)")
    }
    (single, parallel) = (one.timing, all.timing)
  }

  static func network(_ grid: SignalGrid) -> CoordinateNetwork {
    CoordinateNetwork(
      grid: grid, configuration: NetworkConfiguration(kind: .sine(first: 30, hidden: 1)), seed: 5)
  }

  /// A picture of waves.
  static func target(_ grid: SignalGrid) -> Matrix {
    let target = Matrix(rows: grid.height * grid.width, columns: 1)
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        target[y * grid.width + x, 0] = 0.5 + 0.3 * sinf(Float(y * x) / 300) + 0.1 * cosf(Float(x) / 3)
      }
    }
    return target
  }

  /// Mean squared error, and its gradient in the network's parameters.
  static func loss(_ network: CoordinateNetwork, _ points: Matrix, _ target: Matrix, threads: Int) -> Double {
    let count = points.rows
    var sums = [Double](repeating: 0, count: count)
    sums.withSharedElements { sums in
      network.addGradient(points: points, threads: threads) { range, values, gradient in
        let scale = 2 / Float(count)
        for i in 0..<range.count {
          let residual = values[i, 0] - target[range.lowerBound + i, 0]
          sums[range.lowerBound + i] = Double(residual * residual)
          gradient[i, 0] = scale * residual
        }
      }
    }
    network.gatherGradient(threads: threads)
    return sums.reduce(0, +) / Double(count)
  }

  private struct Training {
    var timing: Timing
    var losses: [Double]
    var parameters: [Float]
  }

  private static func train(_ grid: SignalGrid, _ target: Matrix, threads: Int, steps: Int) -> Training {
    let network = network(grid)
    let points = network.points(of: Lattice(of: grid), group: 0)
    let adam = Adam(network.parameters, beta2: 0.999)
    var (losses, seconds) = ([Double](), [Double]())
    let clock = ContinuousClock()
    for _ in 0..<steps + 1 {
      let began = clock.now
      losses.append(loss(network, points, target, threads: threads))
      adam.step(rate: 1e-4, threads: threads)
      seconds.append((clock.now - began) / .seconds(1))
    }
    // The first step touches memory for the first time.
    return Training(
      timing: Timing(seconds: Array(seconds.dropFirst())), losses: losses,
      parameters: network.parameters.values.values)
  }

  /// Forward, and twice that in the backward pass, but for the gradient of the coordinates.
  private static func flops(_ network: CoordinateNetwork) -> Double {
    let (width, layers) = (network.configuration.width, network.configuration.layers)
    let hidden = (layers - 1) * width * width + width * network.outputs
    return 2 * Double(side * side) * Double(3 * hidden + 2 * network.coordinates * width)
  }

  /// <gradient, d> against (f(p + e d) - f(p - e d)) / 2e, d the gradient.
  private static func differenceFromQuotient(
    _ network: CoordinateNetwork, _ target: Matrix, threads: Int
  ) -> Double {
    let points = network.points(of: Lattice(of: network.grid), group: 0)
    let parameters = network.parameters
    let value = loss(network, points, target, threads: threads)
    let direction = Matrix(rows: 1, columns: parameters.count)
    direction.copy(from: parameters.gradients)
    let square = VectorMath.dot(direction, direction)
    // A step that changes the function by a hundredth.
    let step = 1e-2 * value / square
    VectorMath.add(direction, times: Float(step), to: parameters.values)
    let above = loss(network, points, target, threads: threads)
    VectorMath.add(direction, times: Float(-2 * step), to: parameters.values)
    let below = loss(network, points, target, threads: threads)
    return abs((above - below) / (2 * step * square) - 1)
  }
}
