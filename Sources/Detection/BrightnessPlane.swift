import Frames
import Kernels

/// The plane of a frame that shows its brightness: luma, else green, else the first. Damage is looked for there; text also in
/// planes of colour.
struct BrightnessPlane {
  let samples: SamplePlane
  let width: Int
  let height: Int
  /// A sample's size in steps of 8 bits, which thresholds are given in.
  let step: Float
  /// log2 of its subsampling against the frame.
  let shift: (y: Int, x: Int)

  init(_ frame: Frame) {
    precondition(frame.values.isEmpty, "frames of a video, not slices of a volume")
    let planes = frame.format.planes
    let p = planes.firstIndex { $0.role == .luma || $0.role == .green } ?? 0
    precondition(!planes[p].role.isChroma, "a plane of the frame's own size")
    self.init(frame, plane: p)
  }

  private init(_ frame: Frame, plane p: Int) {
    let plane = frame.format.planes[p]
    (samples, width, height) = (frame.planes[p], plane.width, plane.height)
    precondition(samples.count == width * height, "a sample for each place")
    step = 255 / Float(frame.format.maximumValue)
    shift = (plane.verticalShift, plane.horizontalShift)
  }

  /// A frame's planes of colour without brightness; none of red, green and blue.
  static func colours(of frame: Frame) -> [BrightnessPlane] {
    frame.format.planes.indices.filter { frame.format.planes[$0].role.isChroma }.map {
      BrightnessPlane(frame, plane: $0)
    }
  }
}

extension BrightnessPlane {
  /// - Parameter picture: takes the samples, in steps of 8 bits; (height, width).
  func write(to picture: Matrix, threads: Int) {
    precondition(picture.rows == height && picture.columns == width, "a picture of the plane's size")
    let (samples, width, step) = (samples, width, step)
    parallelFor(height, threads: threads) { y in
      let row = picture.base + y * width
      samples.withView { view in
        for x in 0..<width { row[x] = Float(view[y * width + x]) * step }
      }
    }
  }
}
