import Foundation
import Media

/// An animated GIF that repeats for ever.
public enum GIFFile {
  /// - Parameters:
  ///   - count: of pictures, all of one size.
  ///   - delay: of each in hundredths of a second.
  ///   - picture: called twice for each index: first to choose the colours, then to encode.
  /// - Throws: `MediaError`, or what `picture` throws.
  public static func data(count: Int, delay: Int, picture: (Int) throws -> RGBPicture) throws -> Data {
    var histogram = ColourTable.Histogram()
    var size = (width: 0, height: 0)
    for i in 0..<count {
      let picture = try picture(i)
      size = (picture.width, picture.height)
      histogram.add(picture.samples)
    }
    let table = ColourTable(histogram)
    return try MovingGIF.data(
      width: size.width, height: size.height, colours: table.colours.map { ($0.red, $0.green, $0.blue) },
      count: count, delay: delay
    ) { table.indices(of: try picture($0).samples, width: size.width) }
  }
}
