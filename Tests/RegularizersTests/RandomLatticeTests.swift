import Kernels
import Regularizers
import Representations
import Testing

/// Mean and standard error of draws of a random number.
private struct Draws {
  var count = 0.0
  var sum = 0.0
  var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  var mean: Double { sum / count }
  var standardError: Double { (max(0, squares / count - mean * mean) / (count - 1)).squareRoot() }

  /// How far the mean is from `value`, in standard errors.
  func distance(from value: Double) -> Double {
    abs(mean - value) / max(standardError, 1e-6 * max(1, abs(value)))
  }
}

/// On random lattices penalties and gradients are what they are on the whole grid, in expectation.
struct RandomLatticeTests {
  private static let draws = 2000

  /// The prior changes nothing of what depends on the lattice, and comes with the normalised one.
  @Test(
    arguments: Penalty.all.filter { !$0.testDescription.contains("prior") }, [Grids.plain, Grids.subsampled])
  func estimatesAreUnbiased(penalty: Penalty, grid: SignalGrid) {
    let regularizer = penalty.make(grid)
    let signal = randomSignal(grid, seed: 3)
    let direction = randomSignal(grid, seed: 4)
    let (value, gradient) = evaluate(regularizer, signal)
    let slope = gradient.dot(direction)
    let parameters = regularizer.optimizer?.parameters
    let ownDirection = Matrix(rows: 1, columns: parameters?.count ?? 0)
    var random = RandomSource(seed: 6)
    ownDirection.fillUniform(bound: 1, from: &random)
    let ownSlope = parameters.map { VectorMath.dot($0.gradients, ownDirection) } ?? 0

    var (values, slopes, ownSlopes, naive) = (Draws(), Draws(), Draws(), Draws())
    for _ in 0..<Self.draws {
      let lattice = Lattice(randomIn: grid, frames: 3, rows: 4, columns: 5, from: &random)
      let (part, partGradient) = evaluate(regularizer, signal.restricted(to: lattice))
      values.add(part)
      slopes.add(partGradient.dot(direction.restricted(to: lattice)))
      if let parameters { ownSlopes.add(VectorMath.dot(parameters.gradients, ownDirection)) }
      if let axis = penalty.axis {
        // What comes of taking pairs for samples; all groups of a plain grid have the same factors.
        naive.add(
          part * lattice.sampleScale(group: 0, in: grid)
            / lattice.pairScale(along: axis, group: 0, in: grid))
      }
    }
    #expect(values.distance(from: value) < 4, "\(values.mean) against \(value)")
    #expect(slopes.distance(from: slope) < 4, "\(slopes.mean) against \(slope)")
    if parameters != nil {
      #expect(ownSlopes.distance(from: ownSlope) < 4, "\(ownSlopes.mean) against \(ownSlope)")
    }
    // The same test tells a wrong scale.
    if penalty.axis != nil && grid.groups.count == 1 { #expect(naive.distance(from: value) > 30) }
  }
}
