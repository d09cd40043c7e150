import CVectorMath
import Kernels

/// A plane of samples with some missing, and places in it and around it.
private struct Scene: Sendable {
  var height: Int
  var width: Int
  /// Rows of the frame for one of the plane, and columns.
  var down: Int
  var across: Int
  var hidesSome: Bool

  var text: String { "\(height) x \(width), 1 of \(down) x \(across)" + (hidesSome ? ", some missing" : "") }
  var count: Int { 150 }
  var missing: [UInt8] {
    numbers(height * width, seed: 3).map { hidesSome && $0 > 0.8 ? 1 : 0 }
  }
  /// Up to two samples beyond the edges.
  var y: [Float] {
    let reach = Float(height * down) / 2 + 2
    return numbers(count, seed: 4).map { reach - 2 + reach * $0 }
  }
  var x: [Float] {
    let reach = Float(width * across) / 2 + 2
    return numbers(count, seed: 5).map { reach - 2 + reach * $0 }
  }

  func places(_ kernels: spot_kernels) -> [spot_place] {
    var places = [spot_place](repeating: spot_place(), count: count)
    missing.withUnsafeBufferPointer { missing in
      var plane = spot_plane(
        missing: hidesSome ? missing.baseAddress : nil, height: height, width: width,
        row_scale: 1 / Float(down), column_scale: 1 / Float(across), first_row: Float(down - 1) / 2)
      _ = kernels.find(&plane, y, x, count, &places)
    }
    return places
  }

  /// Row and column in the plane, moved onto it where they lie within half a sample; nil elsewhere.
  func place(_ k: Int) -> (y: Double, x: Double)? {
    let py = (Double(y[k]) - Double(down - 1) / 2) / Double(down)
    let px = Double(x[k]) / Double(across)
    guard (-0.5...Double(height) - 0.5).contains(py), (-0.5...Double(width) - 0.5).contains(px) else {
      return nil
    }
    return (min(max(py, 0), Double(height - 1)), min(max(px, 0), Double(width - 1)))
  }

  /// The kind of a place, the sample above and to the left, and how far the place is from there.
  func plain(_ k: Int) -> (kind: spot_kind, top: Int, left: Int, down: Double, right: Double) {
    guard let (py, px) = place(k) else { return (SPOT_UNSEEN, 0, 0, 0, 0) }
    let (top, left) = (min(Int(py), height - 2), min(Int(px), width - 2))
    let (fy, fx) = (py - Double(top), px - Double(left))
    func isMissing(_ row: Int, _ column: Int) -> Double {
      hidesSome ? Double(missing[row * width + column]) : 0
    }
    let isInside = top > 0 && left > 0 && top + 2 < height && left + 2 < width
    let isClear =
      isInside
      && (top - 1...top + 2).allSatisfy { row in (left - 1...left + 2).allSatisfy { isMissing(row, $0) == 0 }
      }
    if isClear { return (SPOT_CUBIC, top, left, fy, fx) }
    let upper = (1 - fx) * isMissing(top, left) + fx * isMissing(top, left + 1)
    let lower = (1 - fx) * isMissing(top + 1, left) + fx * isMissing(top + 1, left + 1)
    let isSeen = (1 - fy) * upper + fy * lower <= 0.05
    return (isSeen ? SPOT_LINEAR : SPOT_UNSEEN, top, left, fy, fx)
  }

  /// Keys' kernel, a = -1/2.
  private func cubic(_ d: Double) -> Double {
    let d = abs(d)
    return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
  }

  func value(of samples: [Double], _ k: Int) -> Double {
    let place = plain(k)
    func at(_ row: Int, _ column: Int) -> Double { samples[(place.top + row) * width + place.left + column] }
    switch place.kind {
    case SPOT_CUBIC:
      return (-1...2).reduce(0.0) { sum, row in
        sum
          + (-1...2).reduce(0.0) {
            $0 + cubic(place.down - Double(row)) * cubic(place.right - Double($1)) * at(row, $1)
          }
      }
    case SPOT_LINEAR:
      return (1 - place.down) * ((1 - place.right) * at(0, 0) + place.right * at(0, 1)) + place.down
        * ((1 - place.right) * at(1, 0) + place.right * at(1, 1))
    default: return 0
    }
  }
}

extension KernelTwin {
  static let spots: [KernelTwin] =
    [
      Scene(height: 17, width: 23, down: 1, across: 1, hidesSome: true),
      Scene(height: 9, width: 31, down: 2, across: 2, hidesSome: true),
      Scene(height: 2, width: 2, down: 1, across: 2, hidesSome: false),
      Scene(height: 12, width: 8, down: 1, across: 1, hidesSome: false),
    ].flatMap { [find($0), bytes($0), words($0)] } + [
      follow(rows: 9, columns: 13), follow(rows: 1, columns: 1),
    ]

  private static func find(_ scene: Scene) -> KernelTwin {
    KernelTwin("spots.find", input: scene.text, tolerance: 1e-4) { kernels, times in
      var places: [spot_place] = []
      for _ in 0..<times { places = scene.places(kernels.spots) }
      return places.flatMap { place -> [Double] in
        let corner = Int(place.index)
        let (y, x) = (
          Double(corner / scene.width) + Double(place.down),
          Double(corner % scene.width) + Double(place.right)
        )
        return place.kind == SPOT_UNSEEN ? [0, 0, 0] : [Double(place.kind.rawValue), y, x]
      }
    } plain: {
      (0..<scene.count).flatMap { k -> [Double] in
        let place = scene.plain(k)
        return place.kind == SPOT_UNSEEN
          ? [0, 0, 0]
          : [Double(place.kind.rawValue), Double(place.top) + place.down, Double(place.left) + place.right]
      }
    }
  }

  private static func bytes(_ scene: Scene) -> KernelTwin {
    let samples = numbers(scene.height * scene.width, seed: 6).map { UInt8(127.5 + 127 * $0) }
    return KernelTwin("spots.bytes", input: scene.text, tolerance: 1e-5) { kernels, times in
      let places = scene.places(kernels.spots)
      var values = [Float](repeating: -1, count: places.count)
      for _ in 0..<times {
        kernels.spots.bytes(samples, scene.width, 1 / 255, places, places.count, &values)
      }
      return values.doubles
    } plain: {
      (0..<scene.count).map { scene.value(of: samples.map { Double($0) / 255 }, $0) }
    }
  }

  private static func words(_ scene: Scene) -> KernelTwin {
    let samples = numbers(scene.height * scene.width, seed: 7).map { UInt16(32767.5 + 32767 * $0) }
    return KernelTwin("spots.words", input: scene.text, tolerance: 1e-5) { kernels, times in
      let places = scene.places(kernels.spots)
      var values = [Float](repeating: -1, count: places.count)
      for _ in 0..<times {
        kernels.spots.words(samples, scene.width, 1 / 65535, places, places.count, &values)
      }
      return values.doubles
    } plain: {
      (0..<scene.count).map { scene.value(of: samples.map { Double($0) / 65535 }, $0) }
    }
  }

  private static func follow(rows: Int, columns: Int) -> KernelTwin {
    let (motion, spacing) = (numbers(rows * columns * 2, seed: 8, bound: 5), Float(4))
    // Some places lie outside the grid.
    let y = numbers(77, seed: 9).map { Float(rows) * spacing * ($0 + 0.5) }
    let x = numbers(77, seed: 10).map { Float(columns) * spacing * ($0 + 0.5) }
    return KernelTwin("spots.follow", input: "\(rows) x \(columns)", tolerance: 2e-4) { kernels, times in
      var (movedY, movedX) = (y, x)
      for _ in 0..<times {
        (movedY, movedX) = (y, x)
        motion.withUnsafeBufferPointer { motion in
          guard let base = motion.baseAddress else { return }
          var grid = spot_motion(motion: base, rows: rows, columns: columns, spacing: spacing)
          kernels.spots.follow(&grid, &movedY, &movedX, y.count)
        }
      }
      return (movedY + movedX).doubles
    } plain: {
      func moved(_ k: Int, _ axis: Int) -> Double {
        let gy = min(max((Double(y[k]) + 0.5) / 4 - 0.5, 0), Double(rows - 1))
        let gx = min(max((Double(x[k]) + 0.5) / 4 - 0.5, 0), Double(columns - 1))
        let (top, left) = (Int(gy), Int(gx))
        let (fy, fx) = (gy - Double(top), gx - Double(left))
        func at(_ row: Int, _ column: Int) -> Double {
          Double(motion[2 * (min(top + row, rows - 1) * columns + min(left + column, columns - 1)) + axis])
        }
        return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(0, 1)) + fy * ((1 - fx) * at(1, 0) + fx * at(1, 1))
      }
      return y.indices.map { Double(y[$0]) + moved($0, 0) } + x.indices.map { Double(x[$0]) + moved($0, 1) }
    }
  }
}
