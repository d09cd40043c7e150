import Foundation
import Frames
import Masks
import Media
import Overlays

/// Overlays as a picture of the frames' size with 16 bits for each of red, green, blue and alpha, as a player shows it: colour
/// and opacity at every pixel.
struct OverlayFile {
  var path: String

  /// Refuses names that stand for nothing that can be written, and files that are there.
  ///
  /// - Throws: `JobError`.
  static func check(_ path: String, others: [String], overwrite: Bool) throws {
    guard PathName.suffix(of: path).lowercased() == ".png" else {
      throw JobError.configuration("\(path) says not what the overlay should be: end it in .png")
    }
    for other in others where OutputPath.isSame(path, other) {
      throw JobError.configuration(
        "the overlay \(path) would replace \(other): name another with --save-overlay")
    }
    if !overwrite && FileManager.default.fileExists(atPath: path) {
      throw JobError.output("\(path) exists already: give --force to replace it, or another name")
    }
    try AtomicFile.checkFolder(of: path)
  }

  // MARK: Writing

  /// - Throws: `JobError`.
  func write(_ overlays: [SeeThroughOverlay], of reader: VideoReader, overwrite: Bool) throws {
    let picture = Self.displayed(overlays, of: reader)
    try JobError.during(.writing) {
      let writer = try VideoWriter(
        path: path, format: picture.format, frameRate: Rational(25, 1),
        settings: EncodeSettings(lossless: true),
        overwrite: overwrite)
      do {
        try writer.write(picture)
        try writer.finish()
      } catch {
        writer.cancel()
        throw error
      }
    }
  }

  /// The picture that is written, red, green, blue and alpha.
  static func displayed(_ overlays: [SeeThroughOverlay], of reader: VideoReader) -> Frame {
    let format = reader.format
    let coded = picture(of: overlays, format: format, encoding: encoding(of: reader))
    let orientation = DisplayOrientation(of: reader.info)
    let size = orientation.displayedSize(width: format.width, height: format.height)
    let places = orientation.codedIndices(width: format.width, height: format.height)
    let shown = FrameFormat(
      width: size.width, height: size.height, bitDepth: 16, roles: [.red, .green, .blue, .alpha])
    return Frame(
      format: shown, planes: coded.map { plane in SamplePlane.words(places.map { plane[$0] }) }, index: 0)
  }

  /// Red, green, blue and alpha, 0 ... 65535.
  private static func picture(
    of overlays: [SeeThroughOverlay], format: FrameFormat, encoding: ColourEncoding
  ) -> [[UInt16]] {
    var planes = [[UInt16]](repeating: [UInt16](repeating: 0, count: format.width * format.height), count: 4)
    let maximum = Double(format.maximumValue)
    for overlay in overlays {
      for y in 0..<overlay.box.height {
        for x in 0..<overlay.box.width {
          var samples: [PlaneRole: Double] = [:]
          var opacity: Float = 0
          for (p, plane) in format.planes.enumerated() where plane.role != .alpha {
            let part = overlay.planes[p]
            let (row, column) = (
              min(y >> plane.verticalShift, part.height - 1), min(x >> plane.horizontalShift, part.width - 1)
            )
            let i = row * part.width + column
            if !plane.role.isChroma { opacity = max(opacity, part.opacity[i]) }
            if part.opacity[i] > 0 { samples[plane.role] = Double(part.veil[i] / part.opacity[i]) * maximum }
          }
          if opacity <= 0 { continue }
          let place = (overlay.box.y + y) * format.width + overlay.box.x + x
          for (k, signal) in encoding.signals(samples, bitDepth: format.bitDepth).enumerated() {
            planes[k][place] = word(signal)
          }
          planes[3][place] = word(Double(opacity))
        }
      }
    }
    return planes
  }

  /// Gray alone is taken to have the full range, so that no overlay of it is clipped.
  private static func encoding(of reader: VideoReader) -> ColourEncoding {
    var encoding = ColourEncoding(of: reader.info)
    if !reader.format.planes.contains(where: \.role.isChroma) { encoding.isFullRange = true }
    return encoding
  }

  private static func word(_ value: Double) -> UInt16 { UInt16((min(max(value, 0), 1) * 65535).rounded()) }

  // MARK: Reading

  /// Opacity and colour as screens show them: black is where nothing is hidden.
  ///
  /// - Throws: `JobError`.
  func pictures(for reader: VideoReader) throws -> (opacity: RGBPicture, colour: RGBPicture) {
    let (frame, alpha, colours) = try opened(for: reader)
    return Self.pictures(of: frame, alpha: alpha, colours: colours)
  }

  /// The same of overlays that were found.
  static func pictures(of overlays: [SeeThroughOverlay], for reader: VideoReader) -> (
    opacity: RGBPicture, colour: RGBPicture
  ) {
    pictures(of: displayed(overlays, of: reader), alpha: 3, colours: [0, 1, 2])
  }

  /// - Parameters: the numbers of planes.
  private static func pictures(of frame: Frame, alpha: Int, colours: [Int]) -> (
    opacity: RGBPicture, colour: RGBPicture
  ) {
    let shift = frame.format.bitDepth - 8
    func byte(_ plane: Int, _ i: Int) -> UInt8 {
      UInt8(
        clamping: shift >= 0 ? Int(frame.planes[plane][i]) >> shift : Int(frame.planes[plane][i]) << -shift)
    }
    let count = frame.format.width * frame.format.height
    let opacity = (0..<count).flatMap { i in [UInt8](repeating: byte(alpha, i), count: 3) }
    let colour = (0..<count).flatMap { i in
      byte(alpha, i) > 2 ? colours.map { byte($0, i) } : [0, 0, 0]
    }
    func picture(_ samples: [UInt8]) -> RGBPicture {
      RGBPicture(width: frame.format.width, height: frame.format.height, samples: samples)
    }
    return (picture(opacity), picture(colour))
  }

  /// The overlay of a whole frame, in coded orientation.
  ///
  /// - Throws: `JobError` for a file that can't be read, has no transparency, or another size than the input.
  func read(for reader: VideoReader) throws -> SeeThroughOverlay {
    let (frame, alpha, colours) = try opened(for: reader)
    let format = reader.format
    let orientation = DisplayOrientation(of: reader.info)
    let places = orientation.codedIndices(width: format.width, height: format.height)
    var codedAt = [Int](repeating: 0, count: places.count)
    for (displayed, coded) in places.enumerated() { codedAt[coded] = displayed }
    let full = Double(frame.format.maximumValue)
    func value(_ plane: Int, _ place: Int) -> Double { Double(frame.planes[plane][place]) / full }
    let encoding = Self.encoding(of: reader)
    let box = Box(x: 0, y: 0, width: format.width, height: format.height)
    let planes = format.planes.map { plane in
      let area = PlaneBox(box, in: plane)
      var (opacity, veil) = (
        [Float](repeating: 0, count: area.count), [Float](repeating: 0, count: area.count)
      )
      if plane.role == .alpha { return SeeThroughOverlay.Plane(area) }
      var counts = opacity
      for y in 0..<format.height {
        for x in 0..<format.width {
          let i = (y >> plane.verticalShift) * plane.width + x >> plane.horizontalShift
          counts[i] += 1
          let place = codedAt[y * format.width + x]
          let share = min(value(alpha, place), Double(SeeThroughOverlay.mostOpacity))
          if share <= 0 { continue }
          let sample = encoding.level(
            red: value(colours[0], place), green: value(colours[1], place), blue: value(colours[2], place),
            role: plane.role, bitDepth: format.bitDepth)
          opacity[i] += Float(share)
          veil[i] += Float(share * sample)
        }
      }
      for i in counts.indices {
        opacity[i] /= counts[i]
        veil[i] /= counts[i]
      }
      return SeeThroughOverlay.Plane(area, opacity: opacity, veil: veil)
    }
    return SeeThroughOverlay(box: box, planes: planes)
  }

  /// The picture, the number of its plane of opacity, and those of red, green and blue.
  private func opened(for reader: VideoReader) throws -> (frame: Frame, alpha: Int, colours: [Int]) {
    let file: VideoReader
    let frame: Frame?
    do {
      file = try VideoReader(path: path)
      frame = try file.nextFrame()
    } catch let error as MediaError where ![.outOfMemory, .readFailed].contains(error.kind) {
      throw JobError.input("the overlay can't be read: \(error.description)")
    }
    guard let frame else { throw JobError.input("the overlay \(path) holds no picture") }
    guard let alpha = frame.format.planes.firstIndex(where: { $0.role == .alpha }) else {
      throw JobError.configuration(
        "the overlay \(path) has no transparency: give a PNG with an alpha channel, such as --save-overlay writes"
      )
    }
    let format = reader.format
    let orientation = DisplayOrientation(of: reader.info)
    let size = orientation.displayedSize(width: format.width, height: format.height)
    guard (frame.format.width, frame.format.height) == size else {
      throw JobError.configuration(
        "the overlay \(path) is \(frame.format.width)x\(frame.format.height) but \(reader.path) is "
          + "\(size.width)x\(size.height): make the overlay the same size")
    }
    let colours = [PlaneRole.red, .green, .blue].map { role in
      frame.format.planes.firstIndex { $0.role == role } ?? frame.format.planes.firstIndex {
        $0.role == .luma
      } ?? 0
    }
    return (frame, alpha, colours)
  }
}

extension ColourEncoding {
  /// Red, green and blue of a pixel's samples, 0 ... 1.
  fileprivate func signals(_ samples: [PlaneRole: Double], bitDepth: Int) -> [Double] {
    let maximum = Double((1 << bitDepth) - 1)
    if let green = samples[.green] {
      return [(samples[.red] ?? green) / maximum, green / maximum, (samples[.blue] ?? green) / maximum]
    }
    let step = Double(1 << max(bitDepth - 8, 0))
    let middle = Double(1 << (bitDepth - 1))
    let luma = samples[.luma] ?? 0
    let y = isFullRange ? luma / maximum : (luma / step - 16) / 219
    guard let chromaBlue = samples[.chromaBlue], let chromaRed = samples[.chromaRed] else {
      return [y, y, y]
    }
    let range = isFullRange ? maximum : 224 * step
    let blue = y + (chromaBlue - middle) / range * 2 * (1 - blueWeight)
    let red = y + (chromaRed - middle) / range * 2 * (1 - redWeight)
    return [red, (y - redWeight * red - blueWeight * blue) / (1 - redWeight - blueWeight), blue]
  }

  /// A plane's sample of a colour, full scale = 1; not rounded.
  fileprivate func level(red: Double, green: Double, blue: Double, role: PlaneRole, bitDepth: Int) -> Double {
    let maximum = Double((1 << bitDepth) - 1)
    let step = Double(1 << max(bitDepth - 8, 0))
    let middle = Double(1 << (bitDepth - 1))
    let luma = redWeight * red + (1 - redWeight - blueWeight) * green + blueWeight * blue
    let range = isFullRange ? maximum : 224 * step
    return switch role {
    case .red: red
    case .green: green
    case .blue: blue
    case .chromaBlue: (middle + (blue - luma) / (2 * (1 - blueWeight)) * range) / maximum
    case .chromaRed: (middle + (red - luma) / (2 * (1 - redWeight)) * range) / maximum
    case .luma: isFullRange ? luma : (16 + 219 * luma) * step / maximum
    case .alpha: 0
    }
  }
}
