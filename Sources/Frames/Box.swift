/// A rectangle in samples of the frame.
public struct Box: Sendable, Codable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

extension Box {
  /// Number of samples.
  public var area: Int { width * height }

  /// The smallest box around both.
  public func union(_ other: Box) -> Box {
    let x0 = min(x, other.x)
    let y0 = min(y, other.y)
    return Box(
      x: x0, y: y0, width: max(x + width, other.x + other.width) - x0,
      height: max(y + height, other.y + other.height) - y0)
  }
}
