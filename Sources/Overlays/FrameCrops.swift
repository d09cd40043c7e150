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
    crops.append(crop(frame))
  }

  /// Of so many frames, those that are kept once all were added.
  func kept(of count: Int) -> StrideTo<Int> {
    var step = 1
    while (count + step - 1) / step > most { step *= 2 }
    return Swift.stride(from: 0, to: count, by: step)
  }

  /// Takes the crops of those frames of `count` that are kept, as if all had been added.
  mutating func fill(_ kept: [[[UInt16]]], of count: Int) { (crops, offered) = (kept, count) }

  /// What a frame shows in each area.
  func crop(_ frame: Frame) -> [[UInt16]] {
    areas.map { plane, area in
      let width = frame.format.planes[plane].width
      return frame.planes[plane].withView { samples in
        [UInt16](unsafeUninitializedCapacity: area.count) { values, made in
          for y in 0..<area.height {
            let (from, to) = ((area.y + y) * width + area.x, y * area.width)
            for x in 0..<area.width { values.initializeElement(at: to + x, to: samples[from + x]) }
          }
          made = area.count
        }
      }
    }
  }

  /// The pictures of an area in steps of 8 bits.
  func pictures(_ index: Int, maximum: Int) -> [[Float]] {
    let scale = 255 / Float(max(1, maximum))
    return crops.map { $0[index].map { Float($0) * scale } }
  }
}
