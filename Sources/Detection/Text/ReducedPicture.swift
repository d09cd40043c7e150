import Frames

/// A frame's brightness in steps of 8 bits, smaller where it is large: places of subtitles are looked for there.
struct ReducedPicture: Sendable {
  /// Rows at most, about: letters of a fiftieth of the height are still ten of them tall.
  private static let rows = 600

  let width: Int
  let height: Int
  /// Rows and columns of the frame that become one.
  let scale: Int
  var samples: [UInt8]

  init(_ plane: BrightnessPlane, threads: Int) {
    let scale = max(1, (min(plane.width, plane.height) + Self.rows / 2) / Self.rows)
    let (width, height) = (max(1, plane.width / scale), max(1, plane.height / scale))
    (self.width, self.height, self.scale) = (width, height, scale)
    if case .bytes(let all) = plane.samples, scale == 1, plane.step == 1 || all.isEmpty {
      samples = all
    } else {
      samples = plane.means(columns: scale, rows: scale, threads: threads).map {
        UInt8(max(0, min(255, $0 + 0.5)))
      }
    }
  }
}
