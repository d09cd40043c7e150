import Foundation
import Frames
import Media

/// Three slices through a voxel, one across each axis, as a picture with labels: damaged, what is missing, restored, and
/// what changed; where there is a reference, also the reference and the error.
public struct VolumePanel {
  private let slices: [InspectedSlice]
  private let window: IntensityWindow
  private let title: String
  private let facts: [String]
  private let views: [PictureView]
  private let font: LabelFont
  private let small: LabelFont

  private var gap: Int { small.size }

  /// - Parameters:
  ///   - slices: at least one, in the order in which they are drawn from the top.
  ///   - zoom: pixels for the shorter side of a slice's voxels; nil for a size that can be looked at.
  ///   - title: such as the files' names.
  ///   - facts: lines below it, such as the voxel's numbers.
  public init(
    slices: [InspectedSlice], window: IntensityWindow, zoom: Double? = nil, title: String, facts: [String]
  ) {
    precondition(!slices.isEmpty, "a panel shows a slice at least")
    (self.slices, self.window, self.title, self.facts) = (slices, window, title, facts)
    // One scale for all slices, so that what is longer in space is longer in the picture.
    let largest =
      slices.map {
        Double(max($0.width, 1)) * max($0.aspect, 1) + Double(max($0.height, 1)) * max(1 / $0.aspect, 1)
      }.max() ?? 1
    let zoom = zoom ?? max(0.05, min(16, 640 / largest))
    views = slices.map {
      PictureView(width: $0.width, height: $0.height, zoom: zoom, aspect: $0.aspect)
    }
    let across = views.map(\.width).max() ?? 1
    font = LabelFont.ofSize(across >= 560 ? 18 : 13)
    small = LabelFont.ofSize(13)
  }

  private var hasReference: Bool { slices.allSatisfy { $0.reference != nil } }
  private var columns: Int { hasReference ? 6 : 4 }
  private var cellWidth: Int { max(views.map(\.width).max() ?? 1, small.size * 12) }
  private var head: Int { gap + font.lineHeight + facts.count * small.lineHeight + gap }
  private var rowHeights: [Int] { views.map { 2 * (small.lineHeight + 2) + $0.height + gap } }

  /// Size in pixels.
  public var size: (width: Int, height: Int) {
    (
      columns * (cellWidth + gap) + gap,
      head + rowHeights.reduce(0, +) + 2 * small.lineHeight + 14 + gap
    )
  }

  public func picture() -> RGBPicture {
    let changes = slices.map { $0.change(window) }
    let errors = slices.compactMap(\.error)
    let scales = (change: Self.scale(of: changes), error: Self.scale(of: errors))
    var canvas = Canvas(width: size.width, height: size.height)
    let room = size.width - 2 * gap
    canvas.write(font.fitted(title, width: room), x: gap, y: gap, font: font)
    for (k, line) in facts.enumerated() {
      canvas.write(
        small.fitted(line, width: room), x: gap, y: gap + font.lineHeight + k * small.lineHeight, font: small,
        ink: .faint)
    }
    var top = head
    for (k, slice) in slices.enumerated() {
      canvas.write(
        small.fitted(Self.headline(slice), width: room), x: gap, y: top, font: small, ink: .faint)
      let view = views[k]
      func shown(_ values: [Double]) -> RGBPicture { view.picture(slice.picture(values, window)) }
      let mask = FrameMask(width: slice.width, height: slice.height, missing: slice.missing)
      let cells = panelCells(
        damaged: shown(slice.damaged), missing: view.mask(mask), restored: shown(slice.restored),
        change: view.picture(slice.map(changes[k], scale: scales.change)),
        reference: hasReference ? slice.reference.map(shown) : nil,
        error: hasReference ? view.picture(slice.map(errors[k], scale: scales.error)) : nil)
      for (column, (caption, picture)) in cells.enumerated() {
        let x = gap + column * (cellWidth + gap)
        let y = top + small.lineHeight + 2
        canvas.write(small.fitted(caption, width: cellWidth), x: x, y: y, font: small)
        canvas.draw(picture, x: x, y: y + small.lineHeight + 2)
        cross(slice, view, x: x, y: y + small.lineHeight + 2, on: &canvas)
      }
      top += rowHeights[k]
    }
    bars(scales, y: top, on: &canvas)
    return canvas.picture
  }

  private static func headline(_ slice: InspectedSlice) -> String {
    let axes = slice.axes
    let share = String(format: "%.2f %% missing", slice.missingShare * 100)
    return "across \(axes.across), slice \(slice.index) of 0–\(slice.count - 1)  ·  \(share)  ·  "
      + "\(axes.column) to the right, \(axes.row) \(axes.rowsRise ? "up" : "down")"
  }

  /// Thin lines through the chosen voxel that do not cover the voxel itself.
  private func cross(_ slice: InspectedSlice, _ view: PictureView, x: Int, y: Int, on canvas: inout Canvas) {
    let (stepX, stepY) = (
      Double(view.width) / Double(slice.width), Double(view.height) / Double(slice.height)
    )
    let centre = (
      x: Int((Double(slice.column) + 0.5) * stepX), y: Int((Double(slice.row) + 0.5) * stepY)
    )
    let free = (x: max(4, Int(stepX) + 2), y: max(4, Int(stepY) + 2))
    for i in 0..<view.width where abs(i - centre.x) > free.x {
      canvas.blend(x + i, y + min(centre.y, view.height - 1), .cross, share: 110)
    }
    for i in 0..<view.height where abs(i - centre.y) > free.y {
      canvas.blend(x + min(centre.x, view.width - 1), y + i, .cross, share: 110)
    }
  }

  /// The 99.9 % quantile of the numbers above zero; 1 where there are none.
  private static func scale(of maps: [[Double]]) -> Double {
    let values = maps.joined().filter { $0.isFinite && $0 > 0 }.sorted()
    return values.isEmpty ? 1 : values[Int(Double(values.count - 1) * 0.999)]
  }

  private func bars(_ scales: (change: Double, error: Double), y: Int, on canvas: inout Canvas) {
    let width = min(cellWidth, 320)
    func bar(_ name: String, _ low: Double, _ high: Double, column: Int, _ ink: (Double) -> Ink) {
      let x = gap + column * (cellWidth + gap)
      let below = canvas.strip(
        name, x: x, y: y, width: width, room: cellWidth, font: small, colour: ink)
      for (value, place, alignment) in [(low, x, Canvas.Alignment.left), (high, x + width, .right)] {
        canvas.write(
          voxelText(value), x: place, y: below, font: small, ink: .faint, alignment: alignment)
      }
    }
    bar("numbers of the file", window.low, window.high, column: 0) { Ink(gray: UInt8($0 * 255)) }
    bar("change", 0, scales.change, column: 3, ColourMap.colour)
    if hasReference { bar("error", 0, scales.error, column: 5, ColourMap.colour) }
  }
}

extension Ink {
  /// Lines over pictures in gray.
  static let cross = Ink(80, 200, 255)
}
