import Frames

/// What a frame shows within a box.
public struct FramePlace: Sendable, Codable, Equatable {
  /// The frame's number in the input.
  public var frame: Int
  public var box: Box

  public init(frame: Int, box: Box) { (self.frame, self.box) = (frame, box) }
}

/// Where a unit lies: all that has to be known, besides the frames themselves and their masks, to solve it by itself.
public struct UnitPlace: Sendable, Codable, Equatable {
  /// The number of its window's first frame in the input, and how many frames the window has.
  public var first: Int
  public var frames: Int
  public var box: Box
  /// Of the spots of a window, the frames of the window whose spots it solves: from the first, up to the second. Nil for a
  /// site.
  public var own: [Int]?
  /// What a site takes along from before its window, and from after it; nil for nothing.
  public var before: [FramePlace]?
  public var after: [FramePlace]?

  init(
    first: Int, frames: Int, box: Box, own: Range<Int>? = nil, carried: CarriedFrames = .none
  ) {
    (self.first, self.frames, self.box) = (first, frames, box)
    self.own = own.map { [$0.lowerBound, $0.upperBound] }
    func places(_ crops: [FrameCrop]) -> [FramePlace]? {
      crops.isEmpty ? nil : crops.map { FramePlace(frame: $0.index, box: $0.box) }
    }
    (before, after) = (places(carried.before), places(carried.after))
  }

  /// Where another unit of the same restoration can't lie.
  public struct Key: Sendable, Hashable {
    var first: Int
    var frames: Int
    var box: Box
    var areSpots: Bool
  }

  /// The key of a site.
  public static func site(first: Int, frames: Int, box: Box) -> Key {
    Key(first: first, frames: frames, box: box, areSpots: false)
  }

  public var key: Key { Key(first: first, frames: frames, box: box, areSpots: own != nil) }

  /// The numbers of frames outside the window that it takes along.
  public var outside: [Int] { ((before ?? []) + (after ?? [])).map(\.frame) }
}
