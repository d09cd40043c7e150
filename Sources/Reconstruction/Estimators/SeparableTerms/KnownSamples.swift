import Frames

/// The known samples of planes of one size, by row, column and slice: a slice is one frame of one plane.
struct KnownSamples: Sendable {
  let (rows, columns, slices): (Int, Int, Int)
  /// Of each sample.
  private(set) var row: [Int32] = []
  private(set) var column: [Int32] = []
  private(set) var slice: [Int32] = []
  /// Full scale = 1, less the mean.
  private(set) var values: [Float] = []
  let mean: Float
  /// Whether slices that follow each other are frames or slices of one plane, and so alike.
  let slicesAreSmooth: Bool

  var count: Int { values.count }

  /// - Parameter planes: of one height and width.
  init(of samples: MaskedSamples, planes: [Int]) {
    let first = planes.first.map { samples.planes[$0] }
    (rows, columns) = (first?.height ?? 0, first?.width ?? 0)
    slices = planes.count * samples.frames
    slicesAreSmooth = planes.count == 1 && samples.frames > 1
    var sum = 0.0
    for (k, p) in planes.enumerated() {
      let plane = samples.planes[p]
      let area = plane.height * plane.width
      for i in plane.states.indices where plane.states[i] == SampleState.known {
        row.append(Int32(i % area / plane.width))
        column.append(Int32(i % plane.width))
        slice.append(Int32(k * samples.frames + i / area))
        values.append(plane.values[i])
        sum += Double(plane.values[i])
      }
    }
    mean = Float(sum / Double(max(1, values.count)))
    for i in values.indices { values[i] -= mean }
  }

  /// Calls `body` with each sample's number here, its plane and its place there.
  func forEachPlace(
    in samples: MaskedSamples, planes: [Int], _ body: (_ k: Int, _ plane: Int, _ place: Int) -> Void
  ) {
    var k = 0
    for p in planes {
      for i in samples.planes[p].states.indices where samples.planes[p].states[i] == SampleState.known {
        body(k, p, i)
        k += 1
      }
    }
  }
}
