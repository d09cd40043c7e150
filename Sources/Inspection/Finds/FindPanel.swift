import Detection
import Foundation
import Frames
import Media

/// The most doubtful finds as one picture: each enlarged, as it is and with an outline, with its kind and confidence.
public struct FindPanel {
  private let finds: [ShownFind]
  private let title: String
  private let total: Int

  /// Finds that are shown, at most.
  public static let most = 32
  /// Pixels of an enlarged side.
  private static let side = 192
  private static let columns = 4
  private let font = LabelFont.ofSize(18)
  private let small = LabelFont.ofSize(13)

  /// - Parameters:
  ///   - finds: the most doubtful first.
  ///   - title: of the whole, such as the file's name.
  ///   - total: how many finds there are in all.
  public init(finds: [ShownFind], title: String, total: Int) {
    (self.finds, self.title, self.total) = (Array(finds.prefix(Self.most)), title, total)
  }

  public func picture() -> RGBPicture {
    let gap = small.size
    let (columns, rows) = (
      min(Self.columns, max(finds.count, 2)), (finds.count + Self.columns - 1) / Self.columns
    )
    let cell = (width: 2 * Self.side + 4 + gap, height: 2 * small.lineHeight + 4 + Self.side + gap)
    let head = gap + font.lineHeight + small.lineHeight + gap
    var canvas = Canvas(width: columns * cell.width + gap, height: head + rows * cell.height)
    let room = canvas.picture.width - 2 * gap
    canvas.write(font.fitted(title, width: room), x: gap, y: gap, font: font)
    canvas.write(
      small.fitted(summary, width: room), x: gap, y: gap + font.lineHeight, font: small, ink: .faint)
    for (i, shown) in finds.enumerated() {
      let x = gap + i % Self.columns * cell.width
      let y = head + i / Self.columns * cell.height
      let number = DamageNumber(shown.find.kind)
      let name = number.kind.singular + String(format: ", confidence %.3f", Double(shown.find.confidence))
      canvas.write(
        small.fitted(name, width: cell.width - gap), x: x, y: y, font: small, ink: number.ink)
      canvas.write(
        small.fitted(
          "\(shown.when), \(shown.find.area) px at \(shown.box.x),\(shown.box.y)", width: cell.width - gap),
        x: x, y: y + small.lineHeight, font: small, ink: .faint)
      let (plain, outlined) = Self.pictures(of: shown.picture, number)
      let top = y + 2 * small.lineHeight + 4
      canvas.draw(plain, x: x, y: top)
      canvas.draw(outlined, x: x + Self.side + 4, y: top)
    }
    return canvas.picture
  }

  private var summary: String {
    if finds.isEmpty { return "nothing was found" }
    let count =
      finds.count < total ? "\(finds.count) of \(total) finds" : total == 1 ? "1 find" : "\(total) finds"
    return "\(count), the least certain first: as it is, and outlined"
  }

  /// A find enlarged, as it is and with a line around it that keeps a distance.
  static func pictures(of find: FindPicture, _ number: DamageNumber) -> (
    plain: RGBPicture, outlined: RGBPicture
  ) {
    let source = find.picture
    let longest = Double(max(source.width, source.height, 1))
    // Whole factors repeat pixels.
    let fitting = Double(side) / longest
    let view = PictureView(
      width: source.width, height: source.height, zoom: fitting >= 1 ? fitting.rounded(.down) : fitting)
    let plain = view.picture(source)
    var canvas = Canvas(plain)
    let (width, height) = (plain.width, plain.height)
    var covered = [Bool](repeating: false, count: width * height)
    func pixels(_ start: Int, _ count: Int, of samples: Int, in pixels: Int) -> Range<Int> {
      let first = min(max(start * pixels / max(samples, 1), 0), pixels - 1)
      let end = ((start + count) * pixels + samples - 1) / max(samples, 1)
      return first..<min(max(end, first + 1), pixels)
    }
    for part in find.parts {
      let columns = pixels(part.x - find.crop.x, part.width, of: find.crop.width, in: width)
      for y in pixels(part.y - find.crop.y, part.height, of: find.crop.height, in: height) {
        for x in columns { covered[y * width + x] = true }
      }
    }
    let distance = steps(from: covered, width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        switch distance[y * width + x] {
        case 3...4: canvas.blend(x, y, number.ink, share: 255)
        case 5: canvas.blend(x, y, Ink(gray: 0), share: 150)
        default: break
        }
      }
    }
    return (plain, canvas.picture)
  }

  /// Steps to the nearest covered pixel, up, down or to a side; at most 9.
  private static func steps(from covered: [Bool], width: Int, height: Int) -> [UInt8] {
    var steps = covered.map { $0 ? UInt8(0) : 9 }
    for y in 0..<height {
      for x in 0..<width {
        let i = y * width + x
        if x > 0 { steps[i] = min(steps[i], steps[i - 1] + 1) }
        if y > 0 { steps[i] = min(steps[i], steps[i - width] + 1) }
      }
    }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() {
        let i = y * width + x
        if x < width - 1 { steps[i] = min(steps[i], steps[i + 1] + 1) }
        if y < height - 1 { steps[i] = min(steps[i], steps[i + width] + 1) }
      }
    }
    return steps
  }
}
