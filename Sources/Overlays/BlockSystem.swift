/// Linear equations of two unknowns for each pixel of a place, each tied to those of its four neighbours.
///
/// The matrix is symmetric and has to be positive definite.
struct BlockSystem {
  /// What ties a pixel, whose unknowns come first, to the one beside or below it.
  struct Link {
    var (uu, uc, cu, cc) = (0.0, 0.0, 0.0, 0.0)
  }

  private let width: Int
  private let isUnknown: [Bool]
  /// The pixels that are unknown, in order.
  let unknown: [Int]
  /// Of a pixel with itself.
  var uu: [Double]
  var uc: [Double]
  var cc: [Double]
  /// Of a pixel with the one beside it, and with the one below; those with a known pixel do not count.
  var right: [Link]
  var below: [Link]

  /// The residual's length against that of the right-hand side at which the search ends.
  private static let tolerance = 1e-3
  private static let mostSteps = 300

  init(width: Int, isUnknown: [Bool]) {
    (self.width, self.isUnknown) = (width, isUnknown)
    unknown = isUnknown.indices.filter { isUnknown[$0] }
    let none = [Double](repeating: 0, count: isUnknown.count)
    (uu, uc, cc) = (none, none, none)
    right = [Link](repeating: Link(), count: none.count)
    below = right
  }

  private func multiply(_ u: [Double], _ c: [Double], _ ru: inout [Double], _ rc: inout [Double]) {
    for i in unknown {
      ru[i] = uu[i] * u[i] + uc[i] * c[i]
      rc[i] = uc[i] * u[i] + cc[i] * c[i]
    }
    for (step, links) in [(1, right), (width, below)] {
      for i in unknown {
        let j = i + step
        guard j < u.count, isUnknown[j] else { continue }
        let link = links[i]
        ru[i] += link.uu * u[j] + link.uc * c[j]
        rc[i] += link.cu * u[j] + link.cc * c[j]
        ru[j] += link.uu * u[i] + link.cu * c[i]
        rc[j] += link.uc * u[i] + link.cc * c[i]
      }
    }
  }

  /// The solution by conjugate gradients, preconditioned by each pixel's own block.
  func solved(_ valuesU: [Double], _ valuesC: [Double]) -> (u: [Double], c: [Double]) {
    let none = [Double](repeating: 0, count: valuesU.count)
    var (xu, xc, ru, rc) = (none, none, valuesU, valuesC)
    var (zu, zc, iu, ic) = (none, none, none, none)
    func precondition() -> Double {
      var product = 0.0
      for i in unknown {
        let (square, determinant) = (uu[i] * cc[i], uu[i] * cc[i] - uc[i] * uc[i])
        if determinant > 1e-9 * square {
          zu[i] = (cc[i] * ru[i] - uc[i] * rc[i]) / determinant
          zc[i] = (uu[i] * rc[i] - uc[i] * ru[i]) / determinant
        } else {
          zu[i] = uu[i] > 0 ? ru[i] / uu[i] : 0
          zc[i] = cc[i] > 0 ? rc[i] / cc[i] : 0
        }
        product += ru[i] * zu[i] + rc[i] * zc[i]
      }
      return product
    }
    var product = precondition()
    var (pu, pc) = (zu, zc)
    let goal = product * Self.tolerance * Self.tolerance
    for _ in 0..<Self.mostSteps where product > goal && product > 0 {
      multiply(pu, pc, &iu, &ic)
      let curvature = unknown.reduce(0.0) { $0 + pu[$1] * iu[$1] + pc[$1] * ic[$1] }
      if curvature <= 0 { break }
      let step = product / curvature
      for i in unknown {
        xu[i] += step * pu[i]
        xc[i] += step * pc[i]
        ru[i] -= step * iu[i]
        rc[i] -= step * ic[i]
      }
      let next = precondition()
      let share = next / product
      for i in unknown {
        pu[i] = zu[i] + share * pu[i]
        pc[i] = zc[i] + share * pc[i]
      }
      product = next
    }
    return (xu, xc)
  }
}
