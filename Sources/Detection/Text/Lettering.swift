import Foundation
import Frames

/// Strokes of nearly one brightness that make up letters in lines.
struct Lettering: Sendable {
  /// Boxes of lines, in samples of the patch.
  var lines: [Box]
  /// Median height of letters, in samples.
  var letterHeight: Int
  /// Median brightness of the strokes, in steps of 8 bits.
  var brightness: Int
  /// 1 where a sample of the patch belongs to a stroke.
  var strokes: [UInt8]
  var letters: Int
  /// Share of the strokes' samples that are letters, as far as shapes go.
  var score: Float

  /// The rows around a line up to its neighbours above and below, and some samples in any case.
  func rows(beside line: Box, height: Int, margin: Int) -> Range<Int> {
    let (top, bottom) = (line.y, line.y + line.height)
    let above = lines.map { $0.y + $0.height }.filter { $0 <= top }.max() ?? 0
    let below = lines.map(\.y).filter { $0 >= bottom }.min() ?? height
    return max(0, min(above, top - margin))..<min(height, max(below, bottom + margin))
  }

  /// Of two, that of more letters is preferred.
  var weight: Float { score * Float(min(letters, 48)) }
}

/// The median of values that were counted.
func median(of histogram: [Int]) -> Int {
  let half = histogram.reduce(0, +) / 2
  var (sum, value) = (0, 0)
  while value + 1 < histogram.count, sum + histogram[value] <= half {
    sum += histogram[value]
    value += 1
  }
  return value
}

/// What strokes have to look like to be taken for letters.
struct LetteringRules {
  /// Steps of 8 bits that strokes may be beyond their usual brightness, and towards their surroundings.
  private static let beyond = 26
  private static let towards = 64
  /// Share of new samples that have the strokes' brightness.
  private static let share = 0.08
  private static let peaks = 3
  private static let fewestSamples = 12
  /// Heights of letters, as shares of the frame's height, and in samples.
  private static let heights: ClosedRange<Float> = 0.011...0.16
  private static let lowest = 5
  private static let fewest = 4
  /// Steps of 8 bits between the brightest samples of letters, and between letters and what is beside them.
  private static let evenPeak = 14
  private static let leastContrast = 40
  /// Shares, at least: of samples near letters that belong to them, of letters that are like the others, and of samples beside
  /// letters that are far from their brightness.
  private static let leastShare: Float = 0.5
  private static let leastEven: Float = 0.55
  private static let leastFar: Float = 0.75
  /// The last one for a letter in a line that others make.
  static let leastFarInLine: Float = 0.4

  let frameHeight: Int
  /// Factor of what is asked of letters.
  let strictness: Float

  init(caution: Float, frameHeight: Int) {
    self.frameHeight = frameHeight
    strictness = max(0.8, min(1.3, sqrt(caution)))
  }

  /// - Returns: the lettering that is most like letters, if any.
  func best(in appearance: Appearance) -> Lettering? {
    var best: Lettering?
    var mostWeight: Float = 0
    for isBright in [true, false] {
      let histogram = strokeHistogram(of: appearance, isBright: isBright)
      var smooth = (0..<256).map { v in histogram[max(0, v - 6)...min(255, v + 6)].reduce(0, +) }
      let total = histogram.reduce(0, +)
      for _ in 0..<Self.peaks {
        guard let peak = smooth.indices.max(by: { smooth[$0] < smooth[$1] }),
          smooth[peak] >= Self.fewestSamples, Double(smooth[peak]) >= Self.share * Double(total)
        else { break }
        for v in max(0, peak - 24)...min(255, peak + 24) { smooth[v] = 0 }
        let values =
          isBright ? peak - Self.towards...peak + Self.beyond : peak - Self.beyond...peak + Self.towards
        guard let found = lettering(in: appearance, values: values, isBright: isBright) else { continue }
        // What is dark may as well be the outline of what is bright, in pieces.
        let weight = found.weight * (isBright ? 1 : 0.6)
        if weight > mostWeight { (best, mostWeight) = (found, weight) }
      }
    }
    return best
  }

  /// How bright new samples are that are brighter, or darker, than what is on both sides of them.
  private func strokeHistogram(of appearance: Appearance, isBright: Bool) -> [Int] {
    let (width, height) = (appearance.box.width, appearance.box.height)
    let most = max(4, frameHeight / 40)
    var distances = [3]
    while distances[distances.count - 1] * 2 <= most { distances.append(distances[distances.count - 1] * 2) }
    var histogram = [Int](repeating: 0, count: 256)
    appearance.mean.withUnsafeBufferPointer { mean in
      for i in mean.indices where appearance.isNew[i] != 0 {
        let (y, x, v) = (i / width, i % width, Int(mean[i]))
        let isStroke = distances.contains { d in
          func differs(_ a: Int, _ b: Int) -> Bool {
            isBright
              ? v - Int(mean[a]) >= Self.leastContrast && v - Int(mean[b]) >= Self.leastContrast
              : Int(mean[a]) - v >= Self.leastContrast && Int(mean[b]) - v >= Self.leastContrast
          }
          return x >= d && x + d < width && differs(i - d, i + d)
            || y >= d && y + d < height && differs(i - d * width, i + d * width)
        }
        if isStroke { histogram[v] += 1 }
      }
    }
    return histogram
  }

  private func lettering(
    in appearance: Appearance, values: ClosedRange<Int>, isBright: Bool
  ) -> Lettering? {
    let width = appearance.box.width
    let low = UInt8(max(0, values.lowerBound))
    let high = UInt8(min(255, values.upperBound))
    let still = appearance.within(low...high)
    let marks = zip(still, appearance.hasChanged).map { $0 & $1 }
    let shapes = Shape.found(in: marks, width: width)
    let lowest = max(Self.lowest, Int(Self.heights.lowerBound * Float(frameHeight)))
    let highest = Int(Self.heights.upperBound * Float(frameHeight))
    let candidates = shapes.filter {
      (lowest...max(lowest, highest)).contains($0.box.height) && !isCut($0, by: appearance.box)
        && contrast(of: $0, in: appearance, marks: marks) >= Self.leastFar * strictness
    }
    guard let size = Self.weightedMedianHeight(candidates) else { return nil }
    let letters = candidates.filter { isLetter($0, size: size) }
    let lines = Self.lines(of: letters, size: size)
    let inLines = lines.reduce(0) { $0 + $1.count }
    if inLines < Self.fewest { return nil }
    let boxes = lines.map { line in
      line.dropFirst().reduce(line[0].box) { $0.union($1.box) }
    }
    // Dots and accents, and letters that touch.
    var strokes = [UInt8](repeating: 0, count: marks.count)
    var (good, bad, brightness) = (0, 0, [Int](repeating: 0, count: 256))
    // Where one text follows another at once, strokes that both have do not change.
    for shape in Shape.found(in: still, width: width) {
      if shape.samples.count < max(2, size * size / 80)
        || !boxes.contains(where: { Self.isNear(shape.box, $0, by: 2 * size) })
      {
        continue
      }
      let changed = shape.samples.reduce(0) { $0 + Int(appearance.hasChanged[Int($1)]) }
      let isLikely = isLetter(shape, size: size) && 4 * changed >= shape.samples.count
      if contrast(of: shape, in: appearance, marks: still) < (isLikely ? Self.leastFarInLine : Self.leastFar)
        || 4 * changed < shape.samples.count && !isLetter(shape, size: size)
      {
        continue
      }
      let isInLine = boxes.contains { line in
        shape.box.y >= line.y - size / 2 && shape.box.y + shape.box.height <= line.y + line.height + size / 2
          && Self.isNear(shape.box, line, by: size)
      }
      if isInLine && shape.strokeWidth <= 0.5 * Float(size) + 2 {
        good += shape.samples.count
        for i in shape.samples {
          strokes[Int(i)] = 1
          brightness[Int(appearance.mean[Int(i)])] += 1
        }
      } else if shape.box.height <= 3 * size && shape.box.width <= 6 * size {
        bad += shape.samples.count
      }
    }
    let all = lines.flatMap { $0 }
    let usual = Self.peak(of: all, in: appearance, isBright: isBright)
    for i in faint(in: appearance, near: boxes, size: size, peak: usual, isBright: isBright) {
      strokes[i] = 1
    }
    let share = Float(good) / Float(max(1, good + bad))
    let even = evenness(of: all, in: appearance, isBright: isBright)
    let isolation = all.reduce(0) { $0 + contrast(of: $1, in: appearance, marks: marks) } / Float(all.count)
    if share < Self.leastShare * strictness || even < Self.leastEven * strictness { return nil }
    let score = share * even * isolation
    return Lettering(
      lines: boxes, letterHeight: size, brightness: median(of: brightness), strokes: strokes,
      letters: inLines, score: score)
  }

  static func isNear(_ box: Box, _ other: Box, by reach: Int) -> Bool {
    box.x < other.x + other.width + reach && other.x < box.x + box.width + reach
      && box.y < other.y + other.height + reach && other.y < box.y + box.height + reach
  }

  /// How bright letters are where they are brightest, or darkest: the median over them.
  private static func peak(of letters: [Shape], in appearance: Appearance, isBright: Bool) -> Int {
    let peaks = letters.map { letter in
      letter.samples.reduce(isBright ? 0 : 255) {
        let value = Int(appearance.mean[Int($1)])
        return isBright ? max($0, value) : min($0, value)
      }
    }.sorted()
    return peaks[peaks.count / 2]
  }

  /// Whether a patch ends in a shape, and the frame does not.
  private func isCut(_ shape: Shape, by box: Box) -> Bool {
    shape.box.y == 0 && box.y > 0
      || shape.box.y + shape.box.height == box.height && box.y + box.height < frameHeight
  }

  /// Share of letters that are as bright as the others, where they are brightest (or darkest), with strokes as wide.
  private func evenness(of letters: [Shape], in appearance: Appearance, isBright: Bool) -> Float {
    let peaks = letters.map { letter in
      let values = letter.samples.map { Int(appearance.mean[Int($0)]) }
      return (isBright ? values.max() : values.min()) ?? 0
    }
    let widths = letters.map { $0.strokeWidth }
    let peak = Self.peak(of: letters, in: appearance, isBright: isBright)
    let width = widths.sorted()[widths.count / 2]
    var even = 0
    for k in letters.indices
    where abs(peaks[k] - peak) <= Self.evenPeak && widths[k] <= 1.7 * width && widths[k] >= 0.55 * width {
      even += 1
    }
    return Float(even) / Float(letters.count)
  }

  /// Share of what lies beside a shape, one or two samples away, that is far from its brightness.
  func contrast(of shape: Shape, in appearance: Appearance, marks: [UInt8]) -> Float {
    let (width, height) = (appearance.box.width, appearance.box.height)
    var histogram = [Int](repeating: 0, count: 256)
    for i in shape.samples { histogram[Int(appearance.mean[Int(i)])] += 1 }
    let usual = median(of: histogram)
    var (far, all) = (0, 0)
    for i in shape.samples {
      let (y, x) = (Int(i) / width, Int(i) % width)
      for (dy, dx) in [(-2, 0), (2, 0), (0, -2), (0, 2)] {
        let (ny, nx) = (y + dy, x + dx)
        if ny < 0 || nx < 0 || ny >= height || nx >= width || marks[ny * width + nx] != 0 { continue }
        all += 1
        // An outline may be a single sample wide.
        let (near, beyond) = ((y + dy / 2) * width + x + dx / 2, ny * width + nx)
        if abs(Int(appearance.mean[beyond]) - usual) >= Self.leastContrast
          || marks[near] == 0 && abs(Int(appearance.mean[near]) - usual) >= Self.leastContrast
        {
          far += 1
        }
      }
    }
    return all == 0 ? 0 : Float(far) / Float(all)
  }

  private static func weightedMedianHeight(_ shapes: [Shape]) -> Int? {
    let sorted = shapes.sorted { $0.box.height < $1.box.height }
    let half = sorted.reduce(0) { $0 + $1.samples.count } / 2
    var sum = 0
    for shape in sorted {
      sum += shape.samples.count
      if sum > half { return shape.box.height }
    }
    return nil
  }

  private func isLetter(_ shape: Shape, size: Int) -> Bool {
    let (h, w, size) = (Float(shape.box.height), Float(shape.box.width), Float(size))
    let fill = Float(shape.samples.count) / (h * w)
    return h >= 0.45 * size && h <= 1.9 * size && w <= 4 * size && (fill <= 0.9 || w <= 0.5 * size)
      && fill >= 0.1 && shape.strokeWidth <= 0.45 * size + 2
  }

  /// Letters that stand on one line: at least three, most of them on its base.
  private static func lines(of letters: [Shape], size: Int) -> [[Shape]] {
    var lines: [[Shape]] = []
    for letter in letters.sorted(by: {
      ($0.box.y + $0.box.height, $0.box.x) < ($1.box.y + $1.box.height, $1.box.x)
    }) {
      let middle = 2 * letter.box.y + letter.box.height
      if let k = lines.lastIndex(where: { line in
        let centre = line.reduce(0) { $0 + 2 * $1.box.y + $1.box.height } / line.count
        return abs(centre - middle) <= size
      }) {
        lines[k].append(letter)
      } else {
        lines.append([letter])
      }
    }
    return lines.filter { line in
      if line.count < 3 { return false }
      let bottoms = line.map { $0.box.y + $0.box.height }.sorted()
      let base = bottoms[bottoms.count / 2]
      let standing = bottoms.filter { abs($0 - base) <= 1 + size / 10 }.count
      let box = line.dropFirst().reduce(line[0].box) { $0.union($1.box) }
      return 2 * standing >= line.count && box.width >= size && box.height <= 3 * size
    }
  }
}
