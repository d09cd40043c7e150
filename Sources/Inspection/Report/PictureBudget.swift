import Foundation
import Media

/// Brings frames into a page of bounded size.
public struct PictureBudget {
  private let view: PictureView
  private let quality: Int
  /// Bytes that may still be taken.
  private var left: Int
  public private(set) var pictures: [ReportData.Pictures] = []
  /// Frames that found no room.
  public private(set) var leftOut = 0

  /// Longest side of the pictures, in pixels.
  private static let sides = 160.0...960.0
  /// Bytes that a pixel of a good JPEG takes, on the safe side.
  private static let bytesPerPixel = 0.3

  /// - Parameters:
  ///   - bytes: that all pictures together may take in the page.
  ///   - count: of frames to come.
  ///   - views: pictures of a frame: damaged, restored, and perhaps the reference.
  ///   - width: as displayed, in samples, and `height` and `aspect` of one.
  public init(bytes: Int, count: Int, views: Int, width: Int, height: Int, aspect: Double) {
    left = bytes
    let whole = PictureView(width: width, height: height, aspect: aspect)
    // Four bytes of text stand for three.
    let pixels = Double(bytes) * 0.75 / Double(max(count * views, 1)) / Self.bytesPerPixel
    let longest = Double(max(whole.width, whole.height, 1))
    let fitting = (pixels / Double(max(whole.width * whole.height, 1))).squareRoot() * longest
    let side = min(max(fitting, Self.sides.lowerBound), Self.sides.upperBound)
    view = PictureView(width: width, height: height, zoom: min(1, side / longest), aspect: aspect)
    // Small pictures will be enlarged: where there is room, they get it.
    let share = Double(view.width * view.height) / max(pixels, 1)
    quality = share < 0.3 ? 96 : share < 0.7 ? 90 : count > 300 ? 75 : 85
  }

  /// - Throws: `MediaError`.
  public mutating func add(_ frame: InspectedFrame) throws {
    func url(_ picture: RGBPicture) throws -> String {
      try dataURL(view.picture(picture), as: .jpeg(quality: quality))
    }
    let pictures = ReportData.Pictures(
      frame: frame.index, damaged: try url(frame.damaged), restored: try url(frame.restored),
      reference: try frame.reference.map(url), mask: try dataURL(maskPicture(frame), as: .png))
    let size = [pictures.damaged, pictures.restored, pictures.reference ?? "", pictures.mask].reduce(0) {
      $0 + $1.utf8.count
    }
    guard size <= left else {
      leftOut += 1
      return
    }
    left -= size
    self.pictures.append(pictures)
  }

  private func maskPicture(_ frame: InspectedFrame) -> RGBPicture {
    RGBPicture(
      width: view.width, height: view.height,
      samples: view.mask(frame.mask).flatMap { value in
        let level: UInt8 = value == 0 ? 0 : 255
        return [level, level, level]
      })
  }
}

/// A picture as a URL that holds it.
///
/// - Throws: `MediaError`.
public func dataURL(_ picture: RGBPicture, as format: PictureEncoder.Format) throws -> String {
  "data:\(format.mediaType);base64,\(try PictureEncoder.data(of: picture, as: format).base64EncodedString())"
}

extension ColourMap {
  /// A matrix of 0 ... 1, row by row, as colours.
  static func picture(_ values: [Float], width: Int, height: Int) -> RGBPicture {
    precondition(values.count == width * height, "a matrix of width x height")
    return RGBPicture(
      width: width, height: height,
      samples: values.flatMap { value in
        let ink = colour(Double(value))
        return [ink.red, ink.green, ink.blue]
      })
  }
}

/// How alike slices are, (count, count), as a picture: averaged to at most `side` a side, bright where alike, by the
/// root of the share of the largest value off the diagonal.
///
/// - Throws: `MediaError`.
public func affinityPicture(_ values: [Float], count: Int, side: Int = 96) throws -> String {
  precondition(values.count == count * count, "a square matrix")
  let cells = min(count, side)
  var sums = [Float](repeating: 0, count: cells * cells)
  var counts = sums
  var largest: Float = 1e-12
  for i in 0..<count {
    for j in 0..<count {
      let cell = i * cells / count * cells + j * cells / count
      sums[cell] += values[i * count + j]
      counts[cell] += 1
      if i != j { largest = max(largest, values[i * count + j]) }
    }
  }
  // The root brings out what is alike a little.
  let means = zip(sums, counts).map { (max($0, 0) / max($1, 1) / largest).squareRoot() }
  return try dataURL(ColourMap.picture(means, width: cells, height: cells), as: .png)
}
