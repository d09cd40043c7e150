import Detection
import Frames
import Media

extension ReportData {
  /// What was found in a frame that is shown.
  public struct FrameFinds: Sendable, Encodable {
    /// Finds by the names of their kinds.
    public var counts: [String: Int]
    /// Damaged pixels over all pixels, 0 ... 1.
    public var share: Double
    /// The least confidence of the frame's finds; nil where it has none.
    public var doubt: Double?

    public init(counts: [String: Int], share: Double, doubt: Double?) {
      (self.counts, self.share, self.doubt) = (counts, share, doubt)
    }
  }

  /// What a search for damage found.
  public struct Detection: Sendable, Encodable {
    /// In the whole video.
    public struct Kind: Sendable, Encodable {
      public var key: String
      public var name: String
      public var one: String
      /// Its number in pictures of what was found; see `HoleMap`.
      public var number: Int
      /// Red, green and blue of its outlines.
      public var colour: [Int]
      public var finds: Int
      public var frames: Int
      public var share: Double

      public init(_ kind: DamageKind, finds: Int, frames: Int, share: Double) {
        let number = DamageNumber(kind)
        (key, name, one, self.number) = (kind.rawValue, kind.plural, kind.singular, Int(number.rawValue))
        colour = [number.ink.red, number.ink.green, number.ink.blue].map(Int.init)
        (self.finds, self.frames, self.share) = (finds, frames, share)
      }
    }

    /// A find with its picture.
    struct Entry: Sendable, Encodable {
      var kind: String
      /// First and last.
      var frames: [Int]
      var time: Double?
      var box: Box
      var area: Int
      var confidence: Double
      /// The frame that is shown.
      var shown: Int
      var crop: Box
      /// As a data: URL.
      var picture: String
      /// Boxes of what was found, x, y, width and height one after the other.
      var parts: [Int]
    }

    public var sensitivity: Double
    public var kinds: [Kind]
    /// Frames that have damage.
    public var frames: Int
    public var share: Double
    public var shares: ShareCurve
    /// The least certain first.
    private(set) var finds: [Entry] = []

    public init(sensitivity: Double, kinds: [Kind], frames: Int, share: Double, shares: ShareCurve) {
      (self.sensitivity, self.kinds) = (sensitivity, kinds)
      (self.frames, self.share, self.shares) = (frames, share, shares)
    }

    /// Adds a find to those that are shown.
    ///
    /// - Throws: `MediaError`.
    public mutating func add(_ shown: ShownFind) throws {
      let find = shown.find
      finds.append(
        Entry(
          kind: find.kind.rawValue, frames: [find.frames.lowerBound, find.frames.upperBound - 1],
          time: shown.time.map { ($0 * 1000).rounded() / 1000 }, box: shown.box, area: find.area,
          confidence: (Double(find.confidence) * 1000).rounded() / 1000, shown: shown.frame,
          crop: shown.picture.crop,
          picture: try dataURL(shown.picture.picture, as: .jpeg(quality: 92)),
          parts: shown.picture.parts.flatMap { [$0.x, $0.y, $0.width, $0.height] }))
    }
  }
}

/// Shares of frames in a row of bounded length: where there are more frames, each value stands for a run of them.
public struct ShareCurve: Sendable, Encodable {
  /// Frames that a value stands for.
  public private(set) var run = 1
  /// Of each run, 0 ... 1; the last one may have fewer frames.
  public private(set) var means: [Double] = []
  /// The largest of each run.
  public private(set) var peaks: [Double] = []
  /// Frames of the last run so far.
  private var count = 0

  /// Values, at most.
  static let most = 2048

  private enum CodingKeys: String, CodingKey { case run, means, peaks }

  public init() {}

  /// - Parameter share: of the next frame.
  public mutating func add(_ share: Double) {
    if count == run || means.isEmpty {
      if means.count == Self.most { halve() }
      means.append(0)
      peaks.append(0)
      count = 0
    }
    let last = means.count - 1
    means[last] = (means[last] * Double(count) + share) / Double(count + 1)
    peaks[last] = max(peaks[last], share)
    count += 1
  }

  /// Joins runs, all of which are full.
  private mutating func halve() {
    means = stride(from: 0, to: means.count, by: 2).map { (means[$0] + means[$0 + 1]) / 2 }
    peaks = stride(from: 0, to: peaks.count, by: 2).map { max(peaks[$0], peaks[$0 + 1]) }
    run *= 2
  }

  public func encode(to encoder: any Encoder) throws {
    func short(_ values: [Double]) -> [Double] { values.map { ($0 * 1e6).rounded() / 1e6 } }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(run, forKey: .run)
    try container.encode(short(means), forKey: .means)
    try container.encode(short(peaks), forKey: .peaks)
  }
}
