import Frames
import Inspection
import Media

/// A picture of a saved representation, at any scale and time.
public struct ModelPicture: Sendable {
  /// In frames from 0; also between two frames.
  public var time: Double
  /// In samples of the video as it is displayed; nil for all of it.
  public var crop: Box?
  /// Pixels for a sample's shorter side.
  public var scale: Double

  public static let scales = 0.1...16.0
  private static let largestPicture = 100_000_000.0

  public init(time: Double, crop: Box? = nil, scale: Double = 1) {
    (self.time, self.crop, self.scale) = (time, crop, scale)
  }

  /// Samples of every plane, (height, width), as stored, in 0 ... 1; NaN where no window lies.
  struct Planes {
    var width: Int
    var height: Int
    var planes: [[Float]]
  }

  /// Writes the picture, in the format of the output's suffix.
  ///
  /// - Throws: `JobError`.
  public func write(of model: String, to output: String, overwrite: Bool) throws {
    guard let format = PictureEncoder.Format(of: output, quality: 95) else {
      throw JobError.configuration("\(output) says not what it should be: a picture (.png, .jpg)")
    }
    try OutputPath.check(output, inputs: [model], overwrite: overwrite)
    try JobError.during(.reading) {
      let picture = try picture(of: ModelFile(path: model))
      try AtomicFile.write(PictureEncoder.data(of: picture, as: format), to: output)
    }
  }

  /// The picture as players show the video: turned, stretched, and reduced to standard range.
  ///
  /// - Throws: `JobError`.
  public func picture(of file: ModelFile) throws -> RGBPicture {
    let planes = try evaluate(file)
    let video = file.video
    let tone = ToneCurve(transfer: video.transfer, primaries: video.primaries)
    var samples = ToneCurve.displayed(Self.signals(of: planes, video), by: tone)
    for i in 0..<planes.width * planes.height where planes.planes.first?[i].isNaN != false {
      for channel in 0..<3 { samples[3 * i + channel] = Self.nothing }
    }
    return video.orientation.displayed(
      RGBPicture(width: planes.width, height: planes.height, samples: samples))
  }

  /// The gray of places that no window holds.
  private static let nothing: UInt8 = 112

  /// Red, green and blue by the video's matrix and range, (height, width, 3), full scale 65535.
  private static func signals(of planes: Planes, _ video: SavedModel.Video) -> [UInt16] {
    let encoding = video.colourEncoding
    let deep = Double(((1 << video.bitDepth) - 1) << (16 - video.bitDepth))
    func place(_ role: PlaneRole) -> Int? { video.roles.firstIndex(of: role) }
    let (luma, u, v) = (place(.luma), place(.chromaBlue), place(.chromaRed))
    let channels = [place(.red), place(.green), place(.blue)]
    // A damaged file may give values that are no numbers.
    func coded(_ value: Double) -> UInt16 {
      value.isFinite ? UInt16((min(max(value, 0), 1) * 65535).rounded()) : 0
    }
    func sample(_ plane: Int?, _ i: Int) -> Int {
      guard let plane else { return 1 << 15 }
      return Int((Double(planes.planes[plane][i]) * deep).rounded())
    }
    var result = [UInt16](repeating: 0, count: planes.width * planes.height * 3)
    for i in 0..<planes.width * planes.height where planes.planes.first?[i].isNaN == false {
      if luma != nil {
        let colour = encoding.signals(
          luma: sample(luma, i), chromaBlue: sample(u, i), chromaRed: sample(v, i), bitDepth: 16)
        result[3 * i] = coded(colour.red)
        result[3 * i + 1] = coded(colour.green)
        result[3 * i + 2] = coded(colour.blue)
      } else {
        for (channel, plane) in channels.enumerated() {
          if let plane { result[3 * i + channel] = coded(Double(planes.planes[plane][i])) }
        }
      }
    }
    return result
  }

  /// Every plane at the resolution of the picture; a continuous representation has chroma everywhere.
  ///
  /// - Throws: `JobError`.
  func evaluate(_ file: ModelFile) throws -> Planes {
    let video = file.video
    let area = try storedArea(video)
    let scale = (x: scale * video.stretch.x, y: scale * video.stretch.y)
    let (wide, high) = ((Double(area.width) * scale.x).rounded(), (Double(area.height) * scale.y).rounded())
    guard wide >= 1, high >= 1, wide * high <= Self.largestPicture else {
      throw JobError.configuration(
        "the picture would have \(wide) x \(high) pixels: choose another --scale or --crop")
    }
    let (width, height) = (Int(wide), Int(high))
    // Middles of pixels, in samples.
    let columns = (0..<width).map { (Double($0) + 0.5) / scale.x - 0.5 + Double(area.x) }
    let rows = (0..<height).map { (Double($0) + 0.5) / scale.y - 0.5 + Double(area.y) }
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
            let value = plane[i, j] + window.centres[p]
            // Finite parameters can be so large that their product is not.
            guard value.isFinite else {
              throw JobError.input(
                "\(file.path) is damaged: what its window of frames \(window.first) to \(window.last) stands for "
                  + "is no number there")
            }
            sums[p][y * width + x] += weight * min(max(value, 0), 1)
          }
        }
      }
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw JobError.configuration(
        "no saved window holds frame \(time) there: inspect --model without -o lists what there is")
    }
    for p in sums.indices { for i in weights.indices { sums[p][i] /= weights[i] } }
    return Planes(width: width, height: height, planes: sums)
  }

  /// The part that is shown, in samples as they are stored.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  private func storedArea(_ video: SavedModel.Video) throws -> Box {
    let size = video.orientation.displayedSize(width: video.width, height: video.height)
    let whole = Box(x: 0, y: 0, width: size.width, height: size.height)
    let area = try (crop ?? whole).checked(width: size.width, height: size.height)
    return video.orientation.stored(area, width: video.width, height: video.height)
  }

  /// The pixels along a side that a box covers.
  private struct Span {
    var indices: [Int] = []
    /// From the box's corner, in samples.
    var positions: [Float] = []
    /// Smaller towards edges of the box that are not edges of the video.
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
