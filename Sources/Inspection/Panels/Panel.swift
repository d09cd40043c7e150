import Foundation
import Media

/// Pictures of frames side by side with labels: damaged, what is missing, restored, and what changed; where there is a
/// reference, also the reference and the error. One frame fills the picture; several make a sheet of a row each.
public struct Panel {
  private let view: PictureView
  private let title: String
  private let frames: [InspectedFrame]

  private let font: LabelFont
  let small: LabelFont
  private var gap: Int { small.size }

  /// - Parameters:
  ///   - frames: at least one, all of one size.
  ///   - view: the part of each that is shown.
  ///   - title: of the whole, such as the file's name.
  public init(frames: [InspectedFrame], view: PictureView, title: String) {
    precondition(!frames.isEmpty, "a panel shows a frame at least")
    (self.frames, self.view, self.title) = (frames, view, title)
    // Letters grow with the panel, so that they can be read where it is shrunk to a page's width.
    let across = frames.count > 1 ? view.width * 2 : view.width
    let size = across >= 1200 ? 26 : across >= 560 ? 18 : 13
    font = LabelFont.ofSize(size)
    small = LabelFont.ofSize(size == 26 ? 18 : 13)
  }

  /// About how many pixels the panel has.
  public var pixelCount: Int {
    frames.count * (view.width + gap) * (view.height + 3 * font.lineHeight) * count
  }

  /// Pictures of each frame.
  private var count: Int {
    (hasReference ? 6 : 4) + (frames.map(\.others.count).min() ?? 0)
  }

  private static let separator = "  ·  "

  private var hasReference: Bool { frames.allSatisfy { $0.reference != nil } }

  public func picture() -> RGBPicture {
    let maps = (
      change: frames.map { DifferenceMap($0.damaged, $0.restored) },
      error: hasReference ? frames.map { DifferenceMap($0.restored, $0.reference ?? $0.restored) } : []
    )
    let changes = DifferenceMap.scale(of: maps.change)
    let errors = DifferenceMap.scale(of: maps.error)
    let count = count
    let columns = frames.count > 1 ? count : bestColumns(count)
    let lines = frames.count > 1 ? 1 : (count + columns - 1) / columns
    let cellWidth = max(view.width, small.size * 12)
    let captionHeight = small.lineHeight + 4
    let cellHeight = captionHeight + view.height + gap
    let width = columns * (cellWidth + gap) + gap
    let head = gap + font.lineHeight + gap / 2
    // Figures against a reference have a line of their own: together they would not fit above small pictures.
    let frameHead = small.lineHeight * (hasReference ? 2 : 1) + gap / 2
    let block = frameHead + lines * cellHeight
    let bars = small.lineHeight * 2 + 14 + gap
    var canvas = Canvas(width: width, height: head + frames.count * block + bars)
    canvas.write(font.fitted(title, width: width - 2 * gap), x: gap, y: gap, font: font)
    for (i, frame) in frames.enumerated() {
      let top = head + i * block
      for (k, line) in headlines(frame).enumerated() {
        let text = small.fitted(line, width: width - 2 * gap)
        canvas.write(text, x: gap, y: top + k * small.lineHeight, font: small, ink: .faint)
      }
      let cells = panelCells(
        damaged: view.picture(frame.damaged), missing: view.mask(frame.mask),
        restored: view.picture(frame.restored),
        change: view.picture(maps.change[i].picture(scale: changes)),
        reference: hasReference ? frame.reference.map(view.picture) : nil,
        error: hasReference ? view.picture(maps.error[i].picture(scale: errors)) : nil)
      let others = frame.others.map { ($0.caption, view.picture($0.picture)) }
      for (k, cell) in (cells + others).prefix(count).enumerated() {
        let x = gap + k % columns * (cellWidth + gap)
        let y = top + frameHead + k / columns * cellHeight
        canvas.write(caption(cell.0, width: cellWidth), x: x, y: y, font: small)
        canvas.draw(cell.1, x: x, y: y + captionHeight)
      }
    }
    let barWidth = min(cellWidth, 360)
    let y = head + frames.count * block
    bar("change in steps of 8 bits", scale: changes, x: gap, y: y, width: barWidth, on: &canvas)
    if hasReference {
      let x = columns > 1 ? gap + cellWidth + gap : gap + barWidth + gap
      bar("error in steps of 8 bits", scale: errors, x: x, y: y, width: barWidth, on: &canvas)
    }
    return canvas.picture
  }

  /// The caption, without what follows its colon where it is wider than `width` pixels.
  private func caption(_ text: String, width: Int) -> String {
    small.width(of: text) <= width ? text : small.fitted(String(text.prefix { $0 != ":" }), width: width)
  }

  private func headlines(_ frame: InspectedFrame) -> [String] {
    var parts = ["frame \(frame.index)"]
    if let time = frame.time { parts.append(String(format: "%.3f s", time)) }
    parts.append(String(format: "%.2f %% missing", frame.missingShare * 100))
    var lines = [parts.joined(separator: Self.separator)]
    if let quality = frame.quality {
      func decibels(_ value: Double?) -> String {
        value.map { $0.isFinite ? String(format: "%.2f dB", $0) : "identical" } ?? "–"
      }
      func ratio(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
      parts = [
        "PSNR \(decibels(quality.psnr)), of what was missing \(decibels(quality.missing.exactPSNR))",
        "SSIM \(ratio(quality.ssim)), of what was missing \(ratio(quality.missingSSIM))",
      ]
      lines.append(parts.joined(separator: Self.separator))
    }
    return lines
  }

  /// The number of columns, a divisor of `count`, for which the shape of the panel is closest to that of a screen.
  private func bestColumns(_ count: Int) -> Int {
    let choices = (1...count).filter { count % $0 == 0 }
    func distance(_ columns: Int) -> Double {
      let shape = Double(columns * (view.width + gap)) / Double(count / columns * (view.height + 2 * gap))
      return abs(log(shape / 1.6))
    }
    return choices.min { distance($0) < distance($1) } ?? count
  }

  /// A strip of the map's colours with the numbers that they stand for.
  private func bar(_ name: String, scale: Int, x: Int, y: Int, width: Int, on canvas: inout Canvas) {
    let below = canvas.strip(
      name, x: x, y: y, width: width, room: width, font: small, colour: ColourMap.colour)
    for mark in marks(scale: scale, width: width) {
      canvas.write(mark.text, x: x + mark.start, y: below, font: small, ink: .faint)
    }
  }

  /// Numbers below a strip, and where each begins from the strip's left end. The middle one is left out where there is
  /// no room for it.
  func marks(scale: Int, width: Int) -> [(text: String, start: Int)] {
    let (first, middle) = ("0", "\((scale + 1) / 2)")
    let last = scale < 255 ? "\(scale) and more" : "\(scale)"
    let (half, end) = ((width - small.width(of: middle)) / 2, width - small.width(of: last))
    let space = small.width(of: "  ")
    let hasRoom = half >= small.width(of: first) + space && half + small.width(of: middle) + space <= end
    return [(first, 0)] + (hasRoom ? [(middle, half)] : []) + [(last, end)]
  }
}

/// The pictures that a panel shows of a frame or slice, with their captions.
///
/// - Parameters:
///   - missing: not 0 where `damaged`, which is of the same size, is missing.
///   - error: difference from the reference; shown with `reference`, or neither is.
func panelCells(
  damaged: RGBPicture, missing: [UInt8], restored: RGBPicture, change: RGBPicture, reference: RGBPicture?,
  error: RGBPicture?
) -> [(caption: String, picture: RGBPicture)] {
  var cells = [
    ("damaged", damaged), ("missing", overlay(missing, on: damaged)), ("restored", restored),
    ("change: restored – damaged", change),
  ]
  if let reference, let error {
    cells += [("reference", reference), ("error: restored – reference", error)]
  }
  return cells
}
