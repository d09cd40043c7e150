import Frames
import Kernels
import Motion

/// Missing samples of a plane at which a lack of noise can be seen: those of wide holes, those that are missing in the frame
/// before or after as well, and those of frames of which nothing is known.
struct ShownSamples {
  let frames: Int
  /// (frames, height, width).
  let isShown: [Bool]
  /// Of each frame, whether nothing of it is known.
  let isEmpty: [Bool]
  private let width: Int
  /// Of whole frames, one in so many blocks along rows and along columns is looked at.
  private let step: Int

  /// A hole is wide where a square with this many samples to each side of its middle fits.
  private static let reach = 2
  /// Samples of a whole frame that are looked at, about.
  private static let mostOfFrame = 32_768
  private static let block = 16

  init(of plane: MaskedSamples.Plane, frames: Int) {
    let area = plane.height * plane.width
    (self.frames, width) = (frames, plane.width)
    let missing = plane.states.map { $0 == SampleState.missing }
    func widened(_ chosen: [Bool]) -> [Bool] {
      Frames.widened(
        chosen, frames: frames, height: plane.height, width: plane.width, reach: (0, Self.reach, Self.reach))
    }
    let middles = widened(missing.map { !$0 }).map { !$0 }
    let wide = widened(middles)
    isShown = missing.indices.map { i in
      missing[i]
        && (wide[i] || i >= area && missing[i - area] || i + area < missing.count && missing[i + area])
    }
    isEmpty = (0..<frames).map { t in
      !plane.states[t * area..<(t + 1) * area].contains(SampleState.known)
    }
    step = max(1, Int((Double(area) / Double(Self.mostOfFrame)).squareRoot().rounded(.up)))
  }

  /// Whether the frame before or after one is empty.
  func isBesideEmpty(_ t: Int) -> Bool {
    t > 0 && isEmpty[t - 1] || t + 1 < frames && isEmpty[t + 1]
  }

  /// Whether a sample is looked at where all of a frame could be.
  func isSampled(_ place: Int) -> Bool {
    place / width / Self.block % step == 0 && place % width / Self.block % step == 0
  }
}
