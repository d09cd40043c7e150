import Foundation
import Media

/// Pictures of frames side by side, labelled: damaged, what is missing, restored, what changed, and with a reference that
/// and the error. One frame fills the picture; several make a sheet of a row each.
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
    self.frames = frames
    self.view = view
    self.title = title
    // Letters grow with the panel, so that they can be read where it is shrunk to a page's width.
    let across = frames.count > 1 ? view.width * 2 : view.width
    let size = across >= 1200 ? 26 : across >= 560 ? 18 : 13
    font = LabelFont.ofSize(size)
    small = LabelFont.ofSize(size == 26 ? 18 : 13)
  }

  /// The number of pixels that the panel takes, about.
  public var pixelCount: Int {
    frames.count * (view.width + gap) * (view.height + 3 * font.lineHeight) * (hasReference ? 6 : 4)
  }

  private static let separator = "  ·  "

  private var hasReference: Bool { frames.allSatisfy { $0.reference != nil } }

  private struct Cell {
    var caption: String
    var picture: RGBPicture
  }

  public func picture() -> RGBPicture {
    let rows = frames.map(row)
    let changes = DifferenceMap.scale(of: rows.map(\.change))
    let errors = DifferenceMap.scale(of: rows.compactMap(\.error))
    let cells = rows.map { $0.cells(changeScale: changes, errorScale: errors, view: view) }
    let count = cells[0].count
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
      for (k, cell) in cells[i].enumerated() {
        let x = gap + k % columns * (cellWidth + gap)
        let y = top + frameHead + k / columns * cellHeight
        canvas.write(caption(cell, width: cellWidth), x: x, y: y, font: small)
        canvas.draw(cell.picture, x: x, y: y + captionHeight)
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

  /// A difference above a small picture is named without what it is of.
  private func caption(_ cell: Cell, width: Int) -> String {
    if small.width(of: cell.caption) <= width { return cell.caption }
    return small.fitted(String(cell.caption.prefix { $0 != ":" }), width: width)
  }

  // MARK: Rows

  private struct Row {
    var frame: InspectedFrame
    var change: DifferenceMap
    var error: DifferenceMap?

    func cells(changeScale: Int, errorScale: Int, view: PictureView) -> [Cell] {
      let damaged = view.picture(frame.damaged)
      var cells = [
        Cell(caption: "damaged", picture: damaged),
        Cell(caption: "missing", picture: overlay(view.mask(frame.mask), on: damaged)),
        Cell(caption: "restored", picture: view.picture(frame.restored)),
        Cell(
          caption: "change: restored – damaged",
          picture: view.picture(change.picture(scale: changeScale))),
      ]
      if let reference = frame.reference, let error {
        cells += [
          Cell(caption: "reference", picture: view.picture(reference)),
          Cell(
            caption: "error: restored – reference", picture: view.picture(error.picture(scale: errorScale))),
        ]
      }
      return cells
    }
  }

  private func row(_ frame: InspectedFrame) -> Row {
    Row(
      frame: frame, change: DifferenceMap(frame.damaged, frame.restored),
      error: frame.reference.map { DifferenceMap(frame.restored, $0) })
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

  /// The columns that bring the whole closest to the shape of a screen.
  private func bestColumns(_ count: Int) -> Int {
    let choices = (1...count).filter { count % $0 == 0 }
    func distance(_ columns: Int) -> Double {
      let shape = Double(columns * (view.width + gap)) / Double(count / columns * (view.height + 2 * gap))
      return abs(log(shape / 1.6))
    }
    return choices.min { distance($0) < distance($1) } ?? count
  }

  /// A strip of the colours with what they stand for.
  private func bar(_ name: String, scale: Int, x: Int, y: Int, width: Int, on canvas: inout Canvas) {
    canvas.write(small.fitted(name, width: width), x: x, y: y, font: small, ink: .faint)
    let top = y + small.lineHeight + 2
    for i in 0..<width {
      canvas.fill(
        x: x + i, y: top, width: 1, height: 10, ColourMap.colour(Double(i) / Double(max(width - 1, 1))))
    }
    for mark in marks(scale: scale, width: width) {
      canvas.write(mark.text, x: x + mark.start, y: top + 12, font: small, ink: .faint)
    }
  }

  /// What stands under a strip, and where from its left end on: the middle only where there is room for it.
  func marks(scale: Int, width: Int) -> [(text: String, start: Int)] {
    let (first, middle) = ("0", "\((scale + 1) / 2)")
    let last = scale < 255 ? "\(scale) and more" : "\(scale)"
    let (half, end) = ((width - small.width(of: middle)) / 2, width - small.width(of: last))
    let space = small.width(of: "  ")
    let hasRoom = half >= small.width(of: first) + space && half + small.width(of: middle) + space <= end
    return [(first, 0)] + (hasRoom ? [(middle, half)] : []) + [(last, end)]
  }
}
