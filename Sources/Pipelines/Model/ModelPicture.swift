import Foundation
import Inspection
import Kernels
import Media
import Representations

/// A picture of a saved representation, at any scale and time.
public struct ModelPicture: Sendable {
  /// In frames, from 0; between two frames too.
  public var time: Double
  /// In samples, as the video is stored; nil for all of it.
  public var crop: CropRectangle?
  /// Pixels for a sample.
  public var scale: Double

  public static let scales = 0.1...16.0
  private static let largestPicture = 100_000_000.0

  public init(time: Double, crop: CropRectangle? = nil, scale: Double = 1) {
    self.time = time
    self.crop = crop
    self.scale = scale
  }

  /// Samples of every plane, (height, width), in 0 ... 1; NaN where no window lies.
  struct Planes {
    var width: Int
    var height: Int
    var planes: [[Float]]
  }

  /// Writes the picture, in the format of the output's suffix.
  ///
  /// - Throws: `JobError`.
  public func write(of model: String, to output: String, overwrite: Bool) throws {
    let suffix = PathName.suffix(of: output).lowercased()
    guard [".png", ".jpg", ".jpeg"].contains(suffix) else {
      throw JobError(.configuration, "\(output) says not what it should be: a picture (.png, .jpg)")
    }
    try OutputPath.check(output, inputs: [model], overwrite: overwrite)
    do {
      let picture = try picture(of: ModelFile(path: model))
      let format = suffix == ".png" ? PictureEncoder.Format.png : .jpeg(quality: 95)
      try AtomicFile.write(PictureEncoder.data(of: picture, as: format), to: output)
    } catch {
      throw JobError(error, while: .reading)
    }
  }

  /// - Throws: `JobError`.
  public func picture(of file: ModelFile) throws -> RGBPicture {
    let planes = try evaluate(file)
    let encoding = file.video.colourEncoding
    let deep = Double(((1 << file.video.bitDepth) - 1) << (16 - file.video.bitDepth))
    let roles = file.video.roles
    var result = RGBPicture(width: planes.width, height: planes.height, red: 112, green: 112, blue: 112)
    func sample(_ plane: Int?, _ i: Int) -> Int {
      guard let plane else { return 1 << 15 }
      return Int((Double(planes.planes[plane][i]) * deep).rounded())
    }
    let (red, green, blue) = (
      roles.firstIndex(of: .red), roles.firstIndex(of: .green), roles.firstIndex(of: .blue)
    )
    let (luma, u, v) = (
      roles.firstIndex(of: .luma), roles.firstIndex(of: .chromaBlue), roles.firstIndex(of: .chromaRed)
    )
    for i in 0..<planes.width * planes.height where planes.planes.first?[i].isNaN == false {
      if luma != nil {
        let colour = encoding.colour(
          luma: sample(luma, i), chromaBlue: sample(u, i), chromaRed: sample(v, i), bitDepth: 16)
        (result.samples[3 * i], result.samples[3 * i + 1], result.samples[3 * i + 2]) = (
          colour.red, colour.green, colour.blue
        )
      } else {
        for (channel, plane) in [red, green, blue].enumerated() {
          guard let plane else { continue }
          result.samples[3 * i + channel] = UInt8((planes.planes[plane][i] * 255).rounded())
        }
      }
    }
    return result
  }

  /// Every plane at the resolution of the picture: a continuous representation needs no chroma samples between its own.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  func evaluate(_ file: ModelFile) throws -> Planes {
    let video = file.video
    let whole = CropRectangle(x: 0, y: 0, width: video.width, height: video.height)
    let area = try (crop ?? whole).checked(width: video.width, height: video.height)
    let (wide, high) = ((Double(area.width) * scale).rounded(), (Double(area.height) * scale).rounded())
    guard wide >= 1, high >= 1, wide * high <= Self.largestPicture else {
      throw JobError(
        .configuration, "the picture would have \(wide) x \(high) pixels: choose another --scale or --crop")
    }
    let (width, height) = (Int(wide), Int(high))
    // Middles of pixels, in samples.
    let columns = (0..<width).map { (Double($0) + 0.5) / scale - 0.5 + Double(area.x) }
    let rows = (0..<height).map { (Double($0) + 0.5) / scale - 0.5 + Double(area.y) }
    let empty = [Float](repeating: 0, count: width * height)
    var sums = video.roles.map { _ in empty }
    var weights = empty
    for (window, model) in zip(file.windows, file.models)
    where Double(window.first) <= time && time <= Double(window.last) {
      let across = Span(columns, from: window.box.x, window.box.width, of: video.width)
      let down = Span(rows, from: window.box.y, window.box.height, of: video.height)
      if across.indices.isEmpty || down.indices.isEmpty { continue }
      // Windows fade where they overlap, in time and in space.
      let fade = Float(min(time - Double(window.first), Double(window.last) - time) + 1)
      let signal = model.evaluate(
        time: Float(time - Double(window.first)), rows: down.positions, columns: across.positions)
      for (i, y) in down.indices.enumerated() {
        for (j, x) in across.indices.enumerated() {
          let weight = fade * down.weights[i] * across.weights[j]
          weights[y * width + x] += weight
          for (p, plane) in signal.enumerated() {
            sums[p][y * width + x] += weight * min(max(plane[i, j] + window.centres[p], 0), 1)
          }
        }
      }
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw JobError(
        .configuration,
        "no saved window holds frame \(time) there: inspect --model without -o lists what there is")
    }
    for p in sums.indices { for i in weights.indices { sums[p][i] /= weights[i] } }
    return Planes(width: width, height: height, planes: sums)
  }

  /// The pixels along a side that a box covers.
  private struct Span {
    var indices: [Int] = []
    /// From the box's corner, in samples.
    var positions: [Float] = []
    /// Less towards edges that are not the video's own.
    var weights: [Float] = []

    init(_ places: [Double], from start: Int, _ length: Int, of whole: Int) {
      for (index, place) in places.enumerated() {
        let position = place - Double(start)
        guard position >= -0.5, position < Double(length) - 0.5 else { continue }
        indices.append(index)
        positions.append(Float(min(max(position, 0), Double(length - 1))))
        let before = start == 0 ? Double.infinity : position + 1
        let after = start + length == whole ? Double.infinity : Double(length) - position
        weights.append(Float(min(16, before, after) / 16))
      }
    }
  }
}
