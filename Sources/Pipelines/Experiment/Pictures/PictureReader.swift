import Frames
import Masks
import Media
import Volumes

/// Reads frames of any file as pictures of 8 bits, neither turned nor stretched.
struct PictureReader {
  private let reader: VideoReader
  private let encoding: ColourEncoding

  /// - Throws: `MediaError`.
  init(path: String) throws {
    reader = try VideoReader(path: path)
    var encoding = ColourEncoding(of: reader.info)
    // Gray has the full range unless the file says otherwise.
    let isGray = !reader.format.planes.contains { $0.role.isChroma }
    if isGray { encoding.isFullRange = reader.info.colorRange != "tv" }
    self.encoding = encoding
  }

  /// The frames of a range, or as many of them as there are.
  ///
  /// - Throws: `MediaError`.
  func pictures(in range: ClosedRange<Int>, isCancelled: () -> Bool = { false }) throws -> [Picture] {
    var pictures: [Picture] = []
    var index = 0
    while index <= range.upperBound, let frame = try reader.nextFrame() {
      if isCancelled() { throw JobError.stopped }
      if range.contains(index) { pictures.append(picture(of: frame)) }
      index += 1
    }
    return pictures
  }

  private func picture(of frame: Frame) -> Picture {
    let format = frame.format
    func plane(_ role: PlaneRole) -> Int? { format.planes.firstIndex { $0.role == role } }
    if let red = plane(.red), let green = plane(.green), let blue = plane(.blue) {
      return Picture(
        width: format.width, height: format.height,
        channels: [red, green, blue].map { bytes(frame.planes[$0], maximum: format.maximumValue) })
    }
    guard let luma = plane(.luma) else {
      return Picture(
        width: format.width, height: format.height,
        channels: [bytes(frame.planes[0], maximum: format.maximumValue)])
    }
    guard let blue = plane(.chromaBlue), let red = plane(.chromaRed) else {
      return Picture(
        width: format.width, height: format.height,
        channels: [frame.planes[luma].map { encoding.gray(luma: Int($0), bitDepth: format.bitDepth) }])
    }
    return colours(frame, luma: luma, blue: blue, red: red)
  }

  /// Red, green and blue; all pixels that a chroma sample covers get its value.
  private func colours(_ frame: Frame, luma: Int, blue: Int, red: Int) -> Picture {
    let format = frame.format
    var channels = (0..<3).map { _ in [UInt8](repeating: 0, count: format.width * format.height) }
    let (bluePlane, redPlane) = (format.planes[blue], format.planes[red])
    for y in 0..<format.height {
      let blueRow = (y >> bluePlane.verticalShift) * bluePlane.width
      let redRow = (y >> redPlane.verticalShift) * redPlane.width
      for x in 0..<format.width {
        let i = y * format.width + x
        let colour = encoding.colour(
          luma: Int(frame.planes[luma][i]),
          chromaBlue: Int(frame.planes[blue][blueRow + (x >> bluePlane.horizontalShift)]),
          chromaRed: Int(frame.planes[red][redRow + (x >> redPlane.horizontalShift)]),
          bitDepth: format.bitDepth)
        channels[0][i] = colour.red
        channels[1][i] = colour.green
        channels[2][i] = colour.blue
      }
    }
    return Picture(width: format.width, height: format.height, channels: channels)
  }

  private func bytes(_ samples: SamplePlane, maximum: Int) -> [UInt8] {
    maximum == 255
      ? samples.map { UInt8(clamping: $0) }
      : samples.map { UInt8((Int($0) * 255 * 2 + maximum) / (2 * maximum)) }
  }
}

extension Picture {
  /// Slices along z of a volume as gray pictures, with numbers scaled to 8 bits: those of a range, or as many as there are. Of
  /// a series, the slices of its first volume.
  ///
  /// - Throws: `VolumeError`; `JobError` where voxels are no numbers, for an experiment needs a whole volume.
  static func slices(of path: String, in range: ClosedRange<Int>) throws -> [Picture] {
    let volume = try VolumeFile(path: path).volume
    let last = min(range.upperBound, volume.shape.z - 1)
    guard range.lowerBound <= last else { return [] }
    let (width, height) = volume.size(across: .z)
    var values: [Double] = []
    let slices = try (range.lowerBound...last).map { z -> [Double] in
      volume.read(.init(.z, z), into: &values)
      if let i = values.firstIndex(where: { !$0.isFinite }) {
        throw JobError.input(
          "\(path) has no number at voxel \(i % width),\(i / width),\(z): an experiment needs a whole volume")
      }
      return values
    }
    // One scale for all slices: to 16 bits, and then to 8.
    let numbers = slices.joined()
    let scale = IntensityScale(minimum: numbers.min() ?? 0, maximum: numbers.max() ?? 0)
    return slices.map { slice in
      Picture(
        width: width, height: height, channels: [slice.map { UInt8((Int(scale.sample($0)) + 128) / 257) }])
    }
  }
}
