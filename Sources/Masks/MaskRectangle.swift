/// A rectangle of missing samples in all frames or some. Its units are samples of the displayed picture.
public struct MaskRectangle: Sendable, Equatable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  /// The frames it covers; nil for all.
  public var interval: FrameInterval?

  public init(x: Int, y: Int, width: Int, height: Int, interval: FrameInterval? = nil) {
    (self.x, self.y, self.width) = (x, y, width)
    (self.height, self.interval) = (height, interval)
  }

  /// Reads `x,y,w,h` or `x,y,w,h@from-to`.
  ///
  /// - Throws: `MaskError` of kind `.options`, for a size of zero too.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ",", omittingEmptySubsequences: false).map { Int($0.trimmed) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3]
    else {
      throw MaskError(.options, "'\(text)' is no rectangle: write x,y,width,height in whole pixels")
    }
    guard width > 0, height > 0 else {
      throw MaskError(.options, "the rectangle '\(text)' is empty: width and height must be at least 1")
    }
    // Larger than any picture, and too small for x + width to overflow.
    let limit = 1 << 30
    guard [x, y, width, height].allSatisfy({ $0.magnitude <= limit }) else {
      throw MaskError(.options, "the rectangle '\(text)' has numbers too large for a picture")
    }
    self.init(
      x: x, y: y, width: width, height: height,
      interval: parts.count == 2 ? try FrameInterval(parsing: parts[1].trimmed) : nil)
  }

  /// As `init(parsing:)` reads it, without the interval.
  var text: String { "\(x),\(y),\(width),\(height)" }

  /// The part inside a picture, or nil where there is none.
  func clipped(toWidth pictureWidth: Int, height pictureHeight: Int) -> MaskRectangle? {
    let left = max(x, 0)
    let top = max(y, 0)
    let right = min(x + width, pictureWidth)
    let bottom = min(y + height, pictureHeight)
    if left >= right || top >= bottom { return nil }
    return MaskRectangle(x: left, y: top, width: right - left, height: bottom - top, interval: interval)
  }
}
