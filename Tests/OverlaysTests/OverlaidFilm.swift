import Foundation
import Frames

@testable import Overlays

/// A film of scenes that move, with a logo on it: a soft disc whose colour runs from left to right.
struct OverlaidFilm {
  var (width, height) = (84, 48)
  var count = 42
  var opacity: Float = 0.45
  /// Opacity of a black shadow, below and to the right.
  var shadow: Float = 0
  /// Frames of a scene; as many as there are for one that stands still.
  var sceneLength = 6
  var speed = 2
  /// How much of the logo is there in a frame.
  var share: (Int) -> Float = { _ in 1 }
  var bitDepth = 8
  /// What is added to each sample after the logo, at most, in steps of 8 bits.
  var noise: Float = 0

  let centre = (x: Float(56), y: Float(24))
  let radius: Float = 5

  var format: FrameFormat {
    FrameFormat(
      width: width, height: height, bitDepth: bitDepth, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: 1, chromaVerticalShift: 1)
  }

  /// 0 ... 1, with the shadow's.
  func opacity(x: Float, y: Float) -> Float {
    let (over, under) = opacities(x: x, y: y)
    return over + under * (1 - over)
  }

  /// Of the disc, and of its shadow beneath.
  private func opacities(x: Float, y: Float) -> (Float, Float) {
    func disc(_ dx: Float, _ dy: Float) -> Float {
      let distance = (dx * dx + dy * dy).squareRoot()
      return min(max((radius - distance) / 2, 0), 1)
    }
    return (
      opacity * disc(x - centre.x, y - centre.y), shadow * disc(x - centre.x - 2, y - centre.y - 2)
    )
  }

  private func colour(x: Float, plane: Int) -> Float { [200 + x - centre.x, 90, 150][plane] / 255 }

  /// Full scale = 1: waves and a texture, all of which move to the right.
  func picture(_ t: Int, x: Int, y: Int, plane: Int) -> Float {
    let scene = t / sceneLength * 7 + plane * 3
    let (phase, moved) = (Float(scene), x - speed * t + 200)
    let (a, b) = (0.11 + 0.05 * sin(phase * 1.3), 0.09 + 0.05 * cos(phase * 2.1))
    let wave = sin(a * Float(moved) + b * Float(y) + phase)
    return 0.45 + 0.2 * sin(phase * 1.7) + 0.1 * wave + 0.12 * texture(moved, y, scene)
  }

  /// A smoothed pattern without order, about -0.5 ... 0.5.
  private func texture(_ x: Int, _ y: Int, _ scene: Int) -> Float {
    var sum: Float = 0
    for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0)] {
      var bits = UInt32(
        truncatingIfNeeded: (x + dx) &* 73_856_093 ^ (y + dy) &* 19_349_663 ^ scene &* 83_492_791)
      bits = (bits ^ bits >> 16) &* 0x45d9f3b
      bits = (bits ^ bits >> 16) &* 0x45d9f3b
      sum += Float((bits ^ bits >> 16) & 1023) / 1023 - 0.5
    }
    return sum / 3
  }

  /// 0 ... 1, without order.
  private static func order(_ t: Int, _ x: Int, _ y: Int) -> Float {
    var bits = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663 ^ t &* 83_492_791)
    for _ in 0..<2 { bits = (bits ^ bits >> 16) &* 0x45d9f3b }
    return Float((bits ^ bits >> 16) & 1023) / 1023
  }

  private func sample(_ t: Int, _ x: Int, _ y: Int, _ p: Int, isClean: Bool) -> UInt16 {
    let shift = p == 0 ? 0 : 1
    var (sum, veil, count) = (Float(0), Float(0), Float(0))
    let u = Float(x << shift) + Float(shift) / 2
    for dy in 0...shift {
      for dx in 0...shift {
        count += 1
        if isClean { continue }
        let place = (x: Float(x << shift + dx), y: Float(y << shift + dy))
        sum += share(t) * opacity(x: place.x, y: place.y)
        veil += share(t) * opacities(x: place.x, y: place.y).0
      }
    }
    // Shadows are black: chroma's middle.
    let black = Float(p == 0 ? 16 : 128) / 255
    var value =
      (1 - sum / count) * picture(t, x: x << shift, y: y << shift, plane: p) + veil / count
      * colour(x: u, plane: p) + (sum - veil) / count * black
    if noise > 0 { value += noise / 255 * (2 * Self.order(t, x, y + p * height) - 1) }
    return UInt16(min(max(value, 0), 1) * Float(format.maximumValue) + 0.5)
  }

  func frame(_ t: Int, isClean: Bool = false) -> Frame {
    Frame(
      format: format,
      planes: format.planes.enumerated().map { p, plane in
        (0..<plane.count).map { sample(t, $0 % plane.width, $0 / plane.width, p, isClean: isClean) }
      }, index: t)
  }

  /// A square around the logo.
  var mask: FrameMask {
    let margin = shadow > 0 ? 3 : 1
    var missing = [UInt8](repeating: 0, count: width * height)
    for y in Int(centre.y - radius) - 1...Int(centre.y + radius) + margin {
      for x in Int(centre.x - radius) - 1...Int(centre.x + radius) + margin { missing[y * width + x] = 1 }
    }
    return FrameMask(width: width, height: height, missing: missing)
  }

  func findings(threads: Int = 2, given: SeeThroughOverlay? = nil) -> [OverlayFinding] {
    var places = OverlayPlaces(format: format)
    places.add(mask, frames: OverlaySurvey.many)
    var survey = OverlaySurvey(format: format, places: places.places(), threads: threads)
    for t in 0..<count { survey.add(frame(t), mask: mask) }
    return survey.finish(given: given)
  }

  /// The mean square by which the picture beneath errs where the logo is, in squares of steps of 8 bits, and by which it differed
  /// before.
  func errors(_ overlay: SeeThroughOverlay, plane p: Int) -> (after: Float, before: Float) {
    let plane = overlay.planes[p]
    let full = Float(format.maximumValue)
    var (after, before, count) = (Float(0), Float(0), Float(0))
    for t in stride(from: 0, to: self.count, by: 7) where share(t) == 1 {
      let (seen, clean) = (frame(t).planes[p], frame(t, isClean: true).planes[p])
      for i in plane.opacity.indices where plane.opacity[i] > 0 {
        let place = (plane.y + i / plane.width) * format.planes[p].width + plane.x + i % plane.width
        let value = Float(seen[place]) / full
        let beneath = (value - plane.veil[i]) / (1 - plane.opacity[i])
        let truth = Float(clean[place]) / full
        after += (beneath - truth) * (beneath - truth) * 65025
        before += (value - truth) * (value - truth) * 65025
        count += 1
      }
    }
    return (after / max(1, count), before / max(1, count))
  }
}
