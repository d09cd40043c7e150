import Foundation
import Frames
import Kernels

/// Parallel rays across a hole in many directions, a sample apart, and the places beyond both their ends where the picture is
/// known.
struct HoleRays: Sendable {
  /// Samples that are looked at beyond each end of a ray, and the distance between them.
  static let (depth, pace): (Int, Float) = (6, 1.25)
  /// From the nearest place between known samples to the first that is looked at: what is beside a hole is often soft.
  static let gap: Float = 0.5
  /// A ray is used if there are this many of the hole's samples for each step from the first to the last: else it leaves the hole
  /// in between. Of slanted rays through a whole hole, some have 1 / sqrt 2.
  private static let leastShare: Float = 0.6
  private static let mostDirections = 1024
  /// Steps of half a sample from within the hole to what is known.
  private static let mostSteps = 24

  /// The sample in the middle of the hole.
  let centre: (y: Float, x: Float)
  /// Unit vectors along the rays, over half a turn.
  let directions: [(y: Float, x: Float)]
  /// Rays lie -radius ... radius to the side of the centre.
  let radius: Int
  /// (directions, 2 radius + 1): where a ray has the nearest places before and behind the hole that lie between four known
  /// samples, from the foot of the centre; the first infinite where the ray can't be used.
  private let ends: [(first: Float, last: Float)]

  /// - Parameters:
  ///   - hole: rows and columns of its samples.
  ///   - states: of the frame, (height, width).
  ///   - margin: rays beside the hole that are taken along.
  /// - Complexity: O(samples of the hole x its diagonal).
  init(
    of hole: [(y: Int, x: Int)], in states: ArraySlice<UInt8>, height: Int, width: Int, margin: Int,
    threads: Int
  ) {
    let (rows, columns) = (hole.map(\.y), hole.map(\.x))
    let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
    let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
    // On a sample: between two, every other row would lie just between two rays.
    let centre = (y: Float((top + bottom) / 2), x: Float((left + right) / 2))
    let half =
      0.5
      * (Float(bottom - top + 1) * Float(bottom - top + 1) + Float(right - left + 1) * Float(right - left + 1))
      .squareRoot()
    let radius = Int(half) + margin + 2
    // From one direction to the next the ends of a ray move by half a sample: thin lines ask for that.
    let count = min(Self.mostDirections, max(16, Int(2 * Float.pi * half) / 4 * 4))
    let directions = (0..<count).map { k -> (y: Float, x: Float) in
      let angle = Float.pi * Float(k) / Float(count)
      return (y: sin(angle), x: cos(angle))
    }
    let reach = PlaneReach(states, height: height, width: width)
    ends = parallelMap(count, threads: threads) { k -> [(first: Float, last: Float)] in
      let along = directions[k]
      var rays = [(first: Float, last: Float, count: Float)](
        repeating: (.infinity, -.infinity, 0), count: 2 * radius + 1)
      for sample in hole {
        let (dy, dx) = (Float(sample.y) - centre.y, Float(sample.x) - centre.x)
        let place = dx * along.x + dy * along.y
        let r = Int((dy * along.x - dx * along.y).rounded()) + radius
        rays[r] = (min(rays[r].first, place), max(rays[r].last, place), rays[r].count + 1)
      }
      return rays.enumerated().map { r, ray in
        let isWhole = ray.count >= Self.leastShare * (ray.last - ray.first + 1)
        let side = Float(r - radius)
        guard ray.count > 0, isWhole else { return (.infinity, -.infinity) }
        func isKnown(_ place: Float) -> Bool {
          reach.isKnown(
            y: centre.y + place * along.y + side * along.x, x: centre.x + place * along.x - side * along.y)
        }
        /// The nearest place from an end on; nil if the samples there are not all known.
        func edge(from end: Float, _ step: Float) -> Float? {
          // Samples of the hole beside a ray may reach farther than those on it.
          var place = end - 2 * step
          for _ in 0..<Self.mostSteps where !isKnown(place) { place += 0.5 * step }
          let isSeen = (0..<Self.depth).allSatisfy {
            isKnown(place + step * (Self.gap + Self.pace * Float($0)))
          }
          return isSeen && isKnown(place) ? place : nil
        }
        guard let first = edge(from: ray.first, -1), let last = edge(from: ray.last, 1) else {
          return (.infinity, -.infinity)
        }
        return (first, last)
      }
    }.flatMap { $0 }
    (self.centre, self.directions, self.radius) = (centre, directions, radius)
  }

  /// Where a ray enters and leaves the hole; nil where it can't be used.
  func ends(direction k: Int, offset: Int) -> (first: Float, last: Float)? {
    if abs(offset) > radius { return nil }
    let ray = ends[k * (2 * radius + 1) + offset + radius]
    return ray.first < .infinity ? ray : nil
  }

  /// How far a place is along the rays of a direction, and beside the centre's.
  func place(y: Float, x: Float, direction k: Int) -> (along: Float, offset: Float) {
    let (dy, dx, along) = (y - centre.y, x - centre.x, directions[k])
    return (dx * along.x + dy * along.y, dy * along.x - dx * along.y)
  }

  /// The place in the plane of something on a ray.
  func point(along: Float, offset: Float, direction k: Int) -> (y: Float, x: Float) {
    let direction = directions[k]
    return (
      centre.y + along * direction.y + offset * direction.x,
      centre.x + along * direction.x - offset * direction.y
    )
  }
}

/// Which places of a plane lie between four known samples.
private struct PlaneReach: Sendable {
  private let states: [UInt8]
  private let height: Int
  private let width: Int

  init(_ states: ArraySlice<UInt8>, height: Int, width: Int) {
    (self.states, self.height, self.width) = (Array(states), height, width)
  }

  func isKnown(y: Float, x: Float) -> Bool {
    guard y >= 0, x >= 0, y < Float(height - 1), x < Float(width - 1) else { return false }
    let i = Int(y) * width + Int(x)
    return states[i] == SampleState.known && states[i + 1] == SampleState.known
      && states[i + width] == SampleState.known && states[i + width + 1] == SampleState.known
  }
}

/// Linear interpolation between a plane's four nearest samples. The place must lie at least a sample from the end of the plane.
@inline(__always)
func interpolated(_ plane: UnsafePointer<Float>, width: Int, y: Float, x: Float) -> Float {
  let (row, column) = (Int(y), Int(x))
  let (fy, fx) = (y - Float(row), x - Float(column))
  let i = row * width + column
  let above = plane[i] + fx * (plane[i + 1] - plane[i])
  let below = plane[i + width] + fx * (plane[i + width + 1] - plane[i + width])
  return above + fy * (below - above)
}
