import Frames

/// A block of text that is on the screen, from the frame in which it begins to appear to that in which it is gone.
struct Subtitle: Sendable {
  /// Share of strokes that have kept their brightness while it is there.
  private static let share = 0.7
  private static let tolerance = 26
  private static let most = 2000
  /// Frames between the end of one text and the beginning of the next, at most, and the share of what it uncovers that lies in it.
  private static let succession = 3
  private static let within: Float = 0.85
  /// Distance from strokes' brightness in a fade's frame next to the full text, as a share of that without text, at most.
  static let faded: Float = 0.6
  /// The same next to one of the two frames further away: before one text and after another there may be a scene that differs less
  /// from its strokes than the other text does, but stays as it is. Frames that are repeated are passed over.
  static let step: Float = 0.95

  /// The patch it lies in, in samples of its plane.
  let box: Box
  /// log2 of the plane's subsampling against the frame.
  let shift: (y: Int, x: Int)
  /// The mask in samples of the frame, in a plane of colour, which has larger ones.
  var fine: [UInt8]?
  /// What of that is left beside other texts.
  var rest: ColourLetters.Rest?
  /// 1 where a sample of the patch belongs to it.
  let mask: [UInt8]
  let strokes: [UInt8]
  /// Median of the strokes, in steps of 8 bits.
  private let brightness: Int
  /// The same of what lies beside it.
  private let ground: Int
  let confidence: Float
  /// Of two at one place, that of more weight is right.
  let weight: Float
  /// From a line to the sides of the box behind it, if there is one.
  var margins: Backing.Margins?
  var frames: Range<Int>
  var isOver = false
  /// Frames at the end in which most of its strokes were not there.
  var missed = 0
  /// Places of strokes in the frame, and their brightness.
  private let probes: [Int32]
  private let values: [UInt8]

  init(
    _ appearance: Appearance, mask: [UInt8], frameWidth: Int, lettering: Lettering, frames: Range<Int>
  ) {
    let (box, mean) = (appearance.box, appearance.mean)
    shift = appearance.shift
    (self.box, self.mask, self.frames) = (box, mask, frames)
    (strokes, brightness) = (lettering.strokes, lettering.brightness)
    var histogram = [Int](repeating: 0, count: 256)
    for i in mean.indices where mask[i] == 0 { histogram[Int(mean[i])] += 1 }
    ground = median(of: histogram)
    (confidence, weight) = (lettering.score, lettering.weight)
    // By what lets nothing through of what moves behind it, if there is enough of that.
    var strokes = lettering.strokes.indices.filter { lettering.strokes[$0] != 0 }
    if shift != (0, 0) {
      // Most samples of a plane of colour are wider than a stroke: by those that show least of what lies beside it.
      let ground = ground
      let contrasts = strokes.map { abs(Int(mean[$0]) - ground) }.sorted()
      let usual = contrasts.isEmpty ? 0 : contrasts[contrasts.count / 2]
      strokes = strokes.filter { abs(Int(mean[$0]) - ground) >= usual }
    }
    let still = strokes.filter { appearance.isStill[$0] != 0 }
    let all = 4 * still.count >= strokes.count ? still : strokes
    let chosen = stride(from: 0, to: all.count, by: max(1, all.count / Self.most)).map { all[$0] }
    probes = chosen.map { Int32((box.y + $0 / box.width) * frameWidth + box.x + $0 % box.width) }
    values = chosen.map { mean[$0] }
  }

  /// Whether most of its strokes are in a frame.
  func isIn(_ plane: BrightnessPlane) -> Bool {
    var count = 0
    plane.samples.withView { view in
      for k in probes.indices {
        let v = Int(Float(view[Int(probes[k])]) * plane.step + 0.5)
        if abs(v - Int(values[k])) <= Self.tolerance { count += 1 }
      }
    }
    return Double(count) >= Self.share * Double(max(1, probes.count))
  }

  /// The mean distance of its strokes from their brightness, in steps of 8 bits.
  func distance(in plane: BrightnessPlane) -> Float {
    var sum = 0
    plane.samples.withView { view in
      for k in probes.indices {
        sum += abs(Int(Float(view[Int(probes[k])]) * plane.step + 0.5) - Int(values[k]))
      }
    }
    return Float(sum) / Float(max(1, probes.count))
  }

  /// Share of its strokes that another has marked already.
  func overlap(with other: Subtitle) -> Float {
    var (both, all) = (0, 0)
    for i in strokes.indices where strokes[i] != 0 {
      all += 1
      let (y, x) = (box.y + i / box.width - other.box.y, box.x + i % box.width - other.box.x)
      if y >= 0 && x >= 0 && y < other.box.height && x < other.box.width
        && other.mask[y * other.box.width + x] != 0
      {
        both += 1
      }
    }
    return Float(both) / Float(max(1, all))
  }

  /// Whether another is nothing but what is seen again where this one was: ground in the shape of letters and their outline, which is as
  /// bright as what lies beside it.
  func uncovers(_ other: Subtitle) -> Bool {
    margins == nil && abs(other.brightness - other.ground) <= Self.tolerance
      && abs(frames.upperBound - other.frames.lowerBound) <= Self.succession
      && other.overlap(with: self) > Self.within
  }

  /// The middle of a sample of its patch, in samples of the frame.
  func place(ofSample i: Int) -> (y: Int, x: Int) {
    let (y, x) = (box.y + i / box.width, box.x + i % box.width)
    return (y << shift.y + (1 << shift.y) / 2, x << shift.x + (1 << shift.x) / 2)
  }

  /// Whether a sample of the frame belongs to it.
  func covers(y: Int, x: Int) -> Bool {
    let (y, x) = (y >> shift.y - box.y, x >> shift.x - box.x)
    return y >= 0 && x >= 0 && y < box.height && x < box.width && mask[y * box.width + x] != 0
  }

  /// Its patch, in samples of the frame; beyond the frame's edge where a plane's last samples cover less.
  private var whole: Box {
    Box(
      x: box.x << shift.x, y: box.y << shift.y, width: box.width << shift.x, height: box.height << shift.y)
  }

  /// Boxes without overlap that make it up, in samples of a frame of a size: runs of its rows, joined where rows below are the
  /// same.
  func boxes(in size: (width: Int, height: Int)) -> [Box] {
    precondition(fine != nil || shift == (0, 0), "a mask in samples of the frame")
    let (mask, box) = (rest?.mask ?? fine ?? mask, whole)
    var (done, open): ([Box], [Box]) = ([], [])
    for y in 0..<box.height {
      var runs: [Box] = []
      var x = 0
      let row = y * box.width
      while x < box.width {
        if mask[row + x] == 0 {
          x += 1
          continue
        }
        let start = x
        while x < box.width && mask[row + x] != 0 { x += 1 }
        runs.append(Box(x: box.x + start, y: box.y + y, width: x - start, height: 1))
      }
      // Runs of the row above with the same columns go on.
      var k = 0
      for i in runs.indices {
        while k < open.count && open[k].x < runs[i].x { k += 1 }
        if k < open.count && open[k].x == runs[i].x && open[k].width == runs[i].width {
          runs[i].y = open[k].y
          runs[i].height = open[k].height + 1
          open[k].height = 0
        }
      }
      done += open.filter { $0.height > 0 }
      open = runs
    }
    done += open
    return done.compactMap { part in
      let (width, height) = (min(part.width, size.width - part.x), min(part.height, size.height - part.y))
      return width > 0 && height > 0 ? Box(x: part.x, y: part.y, width: width, height: height) : nil
    }
  }
}
