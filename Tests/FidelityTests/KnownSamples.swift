import Foundation
import Frames
import Masks
import Media

/// The samples outside the logo, before and after.
struct KnownSamples {
  private(set) var count = 0
  private(set) var changed = 0
  /// Of luma, or of all planes where there is none.
  private(set) var psnr = Double.infinity

  init(_ before: String, _ after: String, isInterlaced: Bool) throws {
    let (first, second) = (try VideoReader(path: before), try VideoReader(path: after))
    let logo = FidelityTests.logo
    let orientation = DisplayOrientation(of: first.info)
    let size = orientation.displayedSize(width: first.format.width, height: first.format.height)
    var drawn = FrameMask(
      width: size.width, height: size.height, missing: Array(repeating: 0, count: size.width * size.height))
    for y in logo.y..<logo.y + logo.height {
      for x in logo.x..<logo.x + logo.width { drawn.missing[y * size.width + x] = 1 }
    }
    let mask = orientation.codedMask(fromDisplayed: drawn)
    var squares = 0.0
    var compared = 0.0
    while let a = try first.nextFrame(), let b = try second.nextFrame() {
      guard a.format == b.format else {
        changed = .max
        return
      }
      for (p, plane) in a.format.planes.enumerated() {
        let missing = mask.missing(in: plane)
        let scale = 255 / Double(a.format.maximumValue)
        for i in missing.indices where missing[i] == 0 {
          count += 1
          let difference = Double(a.planes[p][i]) - Double(b.planes[p][i])
          if difference != 0 { changed += 1 }
          if plane.role.isChroma { continue }
          squares += difference * difference * scale * scale
          compared += 1
        }
      }
    }
    if squares > 0 { psnr = 10 * log10(255 * 255 * compared / squares) }
  }
}
