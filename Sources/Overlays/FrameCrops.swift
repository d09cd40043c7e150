import Frames

/// What frames show in some boxes, regularly chosen so that memory does not grow with their number.
struct FrameCrops: Sendable {
  /// The planes and boxes that are kept of each frame.
  private let areas: [(plane: Int, area: PlaneBox)]
  private let most: Int
  private var stride = 1
  /// Frames that were offered.
  private(set) var offered = 0
  /// For each frame that is kept, the samples of each area.
  private(set) var crops: [[[UInt16]]] = []

  /// Bytes that crops of a place take at most, and frames.
  private static let mostBytes = 96_000_000
  private static let (fewest, mostFrames) = (32, 128)

  init(_ areas: [(plane: Int, area: PlaneBox)]) {
    self.areas = areas
    let bytes = 2 * areas.reduce(0) { $0 + $1.area.count }
    most = min(Self.mostFrames, max(Self.fewest, Self.mostBytes / max(1, bytes)))
  }

  mutating func add(_ frame: Frame) {
    defer { offered += 1 }
    if offered % stride != 0 { return }
    if crops.count == most {
      crops = crops.indices.filter { $0 % 2 == 0 }.map { crops[$0] }
      stride *= 2
      if offered % stride != 0 { return }
    }
    crops.append(
      areas.map { plane, area in
        let width = frame.format.planes[plane].width
        return frame.planes[plane].withView { samples in
          (0..<area.count).map { i in
            samples[(area.y + i / area.width) * width + area.x + i % area.width]
          }
        }
      })
  }

  /// The pictures of an area in steps of 8 bits.
  func pictures(_ index: Int, maximum: Int) -> [[Float]] {
    let scale = 255 / Float(max(1, maximum))
    return crops.map { $0[index].map { Float($0) * scale } }
  }
}
