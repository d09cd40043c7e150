import CVectorMath
import Kernels
import TestSupport

private let volumes = [
  PlainVolume(), PlainVolume(perSample: [0, 1, 1]),
  PlainVolume(frames: 1, height: 9, width: 3), PlainVolume(frames: 2, height: 2, width: 2),
  PlainVolume(frames: 3, height: 1, width: 70),
]

extension KernelTwin {
  static let levelLines: [KernelTwin] =
    volumes.flatMap { [bend($0), stiffen($0), slopes($0), normals($0)] }
    + ([PlainVolume(frames: 3, height: 4, width: 18), PlainVolume(frames: 2, height: 3, width: 5)]
    + volumes[2...])
    .map(bendBack)
    + [1, 15, 16, 37].map(step) + spline

  private static func text(_ plain: PlainVolume) -> String {
    "\(plain.frames) x \(plain.height) x \(plain.width), \(plain.perSample)"
  }

  /// Calls `kernel` with each row in two pieces, as spans begin and end anywhere.
  private static func rows(
    of plain: PlainVolume, _ times: Int, _ kernel: (_ row: Int, _ from: Int, _ to: Int) -> Void
  ) {
    for _ in 0..<times {
      for row in 0..<plain.frames * plain.height {
        kernel(row, 0, plain.width / 3)
        kernel(row, plain.width / 3, plain.width)
      }
    }
  }

  private static func bend(_ plain: PlainVolume) -> KernelTwin {
    let u = plain.random(3)
    return KernelTwin("level_lines.bend", input: text(plain), tolerance: 1e-5) { kernels, times in
      let normals = plain.normals(4)
      var volume = plain.volume(normals)
      var result = [Float](repeating: 0, count: plain.count)
      rows(of: plain, times) { kernels.level_lines.bend(&volume, u, $0, $1, $2, &result) }
      return withExtendedLifetime(normals) { result.doubles }
    } plain: {
      plain.bend(u.doubles, normals: plain.normals(4).map { $0.values.doubles })
    }
  }

  /// The transpose, a column at a time: what a single 1 bends to.
  private static func bendBack(_ plain: PlainVolume) -> KernelTwin {
    let (w, mask) = (plain.random(9), (0..<plain.count).map { Float($0 % 7 == 0 ? 0 : 1) })
    return KernelTwin("level_lines.bend_back", input: text(plain), tolerance: 1e-5) { kernels, times in
      let normals = plain.normals(4)
      var volume = plain.volume(normals)
      var result = [Float](repeating: 0, count: plain.count)
      rows(of: plain, times) { kernels.level_lines.bend_back(&volume, w, mask, $0, $1, $2, &result) }
      return withExtendedLifetime(normals) { result.doubles }
    } plain: {
      let normals = plain.normals(4).map { $0.values.doubles }
      return (0..<plain.count).map { i in
        var unit = [Double](repeating: 0, count: plain.count)
        unit[i] = 1
        let column = plain.bend(unit, normals: normals)
        return Double(mask[i]) * zip(column, w).reduce(0.0) { $0 + $1.0 * Double($1.1) }
      }
    }
  }

  private static func stiffen(_ plain: PlainVolume) -> KernelTwin {
    let v = plain.random(6)
    return KernelTwin("level_lines.stiffen", input: text(plain), tolerance: 1e-5) { kernels, times in
      let normals = plain.normals(4)
      var volume = plain.volume(normals)
      var result = [Float](repeating: 0, count: plain.count)
      rows(of: plain, times) { kernels.level_lines.stiffen(&volume, v, $0, $1, $2, 0.3, 0.7, &result) }
      return withExtendedLifetime(normals) { result.doubles }
    } plain: {
      let values = v.doubles
      return (0..<plain.count).map { i in
        let laplacian = (0..<3).reduce(0.0) {
          $0 + plain.perSample[$1] * plain.perSample[$1] * plain.second(values, i, $1, $1)
        }
        return 0.3 * values[i] - 0.7 * laplacian
      }
    }
  }

  /// The slopes of a volume, along frames, rows and columns.
  private static func found(_ plain: PlainVolume, _ kernels: vm_kernels, _ times: Int) -> [Matrix] {
    let (u, slopes) = (plain.random(7), plain.normals(1))
    var volume = plain.volume(slopes)
    rows(of: plain, times) {
      kernels.level_lines.slopes(&volume, u, $0, $1, $2, slopes[0].base, slopes[1].base, slopes[2].base)
    }
    return slopes
  }

  private static func slopes(_ plain: PlainVolume) -> KernelTwin {
    KernelTwin("level_lines.slopes", input: text(plain), tolerance: 1e-5) { kernels, times in
      found(plain, kernels, times).flatMap { $0.values.doubles }
    } plain: {
      let values = plain.random(7).doubles
      return (0..<3).flatMap { a in
        (0..<plain.count).map { i in
          // Nobody looks along frames that have nothing to do with each other.
          guard plain.perSample[a] > 0 else { return .nan }
          return plain.perSample[a] * plain.filtered(i, a, side: 0.125) { plain.at(values, i, $0) }
        }
      }
    }
  }

  /// What makes a normal the one that is asked for, for each sample: how far its length is from what the contrast says, and
  /// how far it is from an eigenvector of the structure tensor, of the largest eigenvalue. All of these are zero.
  private static func normals(_ plain: PlainVolume) -> KernelTwin {
    KernelTwin("level_lines.normals", input: text(plain), tolerance: 2e-3) { kernels, times in
      let (slopes, normals) = (found(plain, kernels, 1), plain.normals(2))
      var volume = plain.volume(slopes)
      for _ in 0..<times {
        for row in 0..<plain.frames * plain.height {
          kernels.level_lines.normals(
            &volume, row, 0, plain.width, 0.2, 0.9, normals[0].base, normals[1].base, normals[2].base)
        }
      }
      let slopeValues = slopes.map { $0.values.doubles }
      return (0..<plain.count).flatMap { i -> [Double] in
        let tensor = (0..<3).map { a in
          (0..<3).map { b in
            plain.filtered(i, nil, side: 0.25) {
              plain.at(slopeValues[a], i, $0) * plain.at(slopeValues[b], i, $0)
            }
          }
        }
        let known = symmetricEigenvalues(
          Matrix(rows: 3, columns: 3, values: tensor.flatMap { $0.map { Float($0) } })
        ).map(Double.init)
        let contrast = known[2] - known[1]
        // Where two directions are much alike, neither kernel nor twin knows which is first.
        if contrast < 0.3 * known[2] || known[2] < 1e-4 { return [0, 0, 0, 0] }
        let n = (0..<3).map {
          plain.perSample[$0] > 0 ? Double(normals[$0].base[i]) / plain.perSample[$0] : 0
        }
        let square = n.reduce(0) { $0 + $1 * $1 }
        return [square - 0.9 * contrast / (contrast + 0.04)]
          + (0..<3).map { a in
            ((0..<3).reduce(0.0) { $0 + tensor[a][$1] * n[$1] } - known[2] * n[a]) / known[2]
          }
      }
    } plain: {
      [Double](repeating: 0, count: 4 * plain.count)
    }
  }

  /// A step of conjugate gradients, the sum of the residual's squares, and the next direction.
  private static func step(_ count: Int) -> KernelTwin {
    let (direction, image) = (numbers(count, bound: 0.5), numbers(count, seed: 2, bound: 0.5))
    let (u, residual) = (numbers(count, seed: 3, bound: 0.5), numbers(count, seed: 4, bound: 0.5))
    return KernelTwin(
      "level_lines.step", "level_lines.turn", input: "\(count) samples", tolerance: 1e-5
    ) { kernels, times in
      var (d, x, r) = (direction, u, residual)
      var square = 0.0
      for _ in 0..<times {
        square = kernels.level_lines.step(0.3, d, image, &x, &r, count)
        kernels.level_lines.turn(0.6, r, &d, count)
      }
      return (x + r + d).doubles + [square]
    } plain: {
      let x = u.indices.map { Double(u[$0]) - 0.3 * Double(direction[$0]) }
      let r = u.indices.map { Double(residual[$0]) - 0.3 * Double(image[$0]) }
      let d = u.indices.map { r[$0] + 0.6 * Double(direction[$0]) }
      let square = r.reduce(0) { $0 + $1 * $1 }
      return x + r + d + [square]
    }
  }
}
