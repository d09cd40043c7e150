import Foundation
import Frames
import Media

/// Encodes the pictures of a report's page as long as they fit into a number of bytes.
public struct PictureBudget {
  private let view: PictureView
  private let quality: Int
  /// Bytes that may still be taken.
  private var left: Int
  public private(set) var pictures: [ReportData.Pictures] = []
  /// The number of frames for which there was no room.
  public private(set) var leftOut = 0

  /// Longest side of the pictures, in pixels.
  private static let sides = 160.0...960.0
  /// Bytes that a pixel of a JPEG of good quality takes, estimated rather too high.
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
    // The page enlarges small pictures, so that artefacts show: where there is room, their quality is higher.
    let share = Double(view.width * view.height) / max(pixels, 1)
    quality = share < 0.3 ? 96 : share < 0.7 ? 90 : count > 300 ? 75 : 85
  }

  /// The pictures of a frame, which `add(_:holes:)` takes, without what is missing.
  ///
  /// - Throws: `MediaError`.
  public func encoded(_ frame: InspectedFrame) throws -> ReportData.Pictures {
    func url(_ picture: RGBPicture) throws -> String {
      try dataURL(view.picture(picture), as: .jpeg(quality: quality))
    }
    return ReportData.Pictures(
      frame: frame.index, damaged: try url(frame.damaged), restored: try url(frame.restored),
      reference: try frame.reference.map(url), mask: "")
  }

  /// Adds the pictures of a frame, where there is room.
  ///
  /// - Parameter holes: all that is missing, in displayed orientation.
  /// - Throws: `MediaError`.
  public mutating func add(
    _ pictures: ReportData.Pictures, holes: [(kind: HoleKind, mask: FrameMask)]
  ) throws {
    var pictures = pictures
    pictures.mask = try dataURL(HoleMap(holes, in: view).picture, as: .png)
    add(pictures)
  }

  /// A frame in which damage was found, for `add(_:)`.
  ///
  /// - Parameters:
  ///   - masks: what was found of each kind, in displayed orientation.
  /// - Throws: `MediaError`.
  public func encoded(
    _ picture: RGBPicture, frame: Int, found: ReportData.FrameFinds,
    masks: [(kind: DamageNumber, mask: FrameMask)]
  ) throws -> ReportData.Pictures {
    ReportData.Pictures(
      frame: frame, damaged: try dataURL(view.picture(picture), as: .jpeg(quality: quality)), restored: "",
      mask: try dataURL(HoleMap(masks, in: view).picture, as: .png), found: found)
  }

  /// Adds pictures that are complete, where there is room.
  public mutating func add(_ pictures: ReportData.Pictures) {
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

  /// Adds a frame of which no kinds of holes are known.
  ///
  /// - Throws: `MediaError`.
  public mutating func add(_ frame: InspectedFrame) throws {
    try add(encoded(frame), holes: [(.other, frame.mask)])
  }
}

/// A picture as a data: URL, which contains the file.
///
/// - Throws: `MediaError`.
public func dataURL(_ picture: RGBPicture, as format: PictureEncoder.Format) throws -> String {
  "data:\(format.mediaType);base64,\(try PictureEncoder.data(of: picture, as: format).base64EncodedString())"
}

/// Similarities of slices, a matrix (count, count), as a picture in colours, reduced by averaging to at most `side` x
/// `side` pixels. The brightness is the square root of the value relative to the largest one off the diagonal.
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
  // The root makes small similarities visible.
  let means = zip(sums, counts).map { (max($0, 0) / max($1, 1) / largest).squareRoot() }
  return try dataURL(
    RGBPicture(width: cells, height: cells, inks: means.lazy.map { ColourMap.colour(Double($0)) }), as: .png)
}
