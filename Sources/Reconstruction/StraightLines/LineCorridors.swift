import Frames

/// The surroundings of straight lines in a frame of a plane: what is seen beyond both ends of the rays there.
struct LineCorridors {
  private let lines: [StraightLine]
  private let strengths: [Float]
  private let rays: HoleRays
  private let plane: MaskedSamples.Plane
  /// Of the frame in the plane's samples.
  private let first: Int
  /// Positions of samples in the frame: of the first one, and from one to the next.
  private let origin: (y: Float, x: Float)
  private let pitch: (y: Float, x: Float)

  /// Samples beyond an end that are averaged.
  private static let depth = 4

  /// Half the width of a corridor, and how far beside it lines still count, in samples of the frame.
  static let (half, fade) = (Float(LineSearch.halfWidth), Float(2 * LineSearch.halfWidth))

  /// - Parameters:
  ///   - lines: the best first.
  ///   - strengths: how far each of them counts, 0 ... 1.
  ///   - rays: of the hole that they cross.
  init(
    _ lines: [StraightLine], _ strengths: [Float], _ rays: HoleRays, plane: MaskedSamples.Plane, frame: Int
  ) {
    (self.lines, self.strengths, self.rays, self.plane) = (lines, strengths, rays, plane)
    first = frame * plane.height * plane.width
    func grid(_ positions: [Float]) -> (Float, Float) {
      (positions.first ?? 0, positions.count > 1 ? positions[1] - positions[0] : 1)
    }
    let (rows, columns) = (grid(plane.rowPositions), grid(plane.columnPositions))
    origin = (rows.0, columns.0)
    pitch = (rows.1, columns.1)
  }

  /// The part of the plane with these places of the frame, and a sample more to every side.
  func part(around places: [(y: Float, x: Float)]) -> FramePart {
    func range(_ values: [Float], _ origin: Float, _ pitch: Float, _ count: Int) -> Range<Int> {
      let low = Int((((values.min() ?? 0) - origin) / pitch).rounded(.down)) - 1
      let high = Int((((values.max() ?? 0) - origin) / pitch).rounded(.up)) + 1
      return max(0, min(count - 1, low))..<max(1, min(count, high + 1))
    }
    return FramePart(
      rows: range(places.map(\.y), origin.y, pitch.y, plane.height),
      columns: range(places.map(\.x), origin.x, pitch.x, plane.width))
  }

  private func position(_ i: Int) -> (y: Float, x: Float) {
    (origin.y + pitch.y * Float(i / plane.width), origin.x + pitch.x * Float(i % plane.width))
  }

  /// How far the lines count at a sample: as strong as they are in their corridors, less and less beside them.
  func weight(_ i: Int) -> Float {
    let place = position(i)
    return zip(lines, strengths).reduce(0) { most, line in
      let (line, strength) = line
      let offset = rays.place(y: place.y, x: place.x, direction: line.direction).offset
      let beside = abs(offset - Float(line.offset)) - Self.half
      return max(most, strength * (1 - min(1, max(0, beside / Self.fade))))
    }
  }

  /// For each sample of the plane, the sum of g over its neighbours (see `JoinedLines`); 0 outside of corridors.
  ///
  /// - Parameters:
  ///   - part: where it is wanted.
  ///   - states: of the frame.
  func source(in part: FramePart, known states: ArraySlice<UInt8>) -> [Float] {
    var source = [Float](repeating: 0, count: plane.height * plane.width)
    var (model, owner) = (source, [Int](repeating: -1, count: source.count))
    part.forEach(width: plane.width) { i in
      if states[states.startIndex + i] == SampleState.known { return }
      // The better line comes first.
      for (k, line) in lines.enumerated() {
        guard let value = value(at: i, of: line) else { continue }
        (model[i], owner[i]) = (value, k)
        break
      }
    }
    part.forEach(width: plane.width) { i in
      guard owner[i] >= 0 else { return }
      let (y, x) = (i / plane.width, i % plane.width)
      for (isThere, j) in [
        (y > 0, i - plane.width), (y + 1 < plane.height, i + plane.width), (x > 0, i - 1),
        (x + 1 < plane.width, i + 1),
      ] where isThere {
        if states[states.startIndex + j] == SampleState.known {
          source[i] += model[i] - plane.values[first + j]
        } else if owner[j] == owner[i] {
          source[i] += model[i] - model[j]
        }
      }
    }
    return source
  }

  /// What is seen beyond both ends of the ray through a sample; nil outside of the line's corridor.
  func value(at i: Int, of line: StraightLine) -> Float? {
    let position = position(i)
    let place = rays.place(y: position.y, x: position.x, direction: line.direction)
    guard abs(place.offset - Float(line.offset)) <= Self.half,
      let ends = rays.ends(direction: line.direction, offset: Int(place.offset.rounded())),
      let before = mean(from: ends.first, -1, place.offset, line),
      let after = mean(from: ends.last, 1, place.offset, line)
    else { return nil }
    let (toFirst, toLast) = (place.along - ends.first, ends.last - place.along)
    let share = max(0, min(1, toFirst / max(1, toFirst + toLast)))
    return before + share * (after - before)
  }

  /// The mean of samples beyond an end of a ray; nil where one is not in the plane.
  private func mean(from along: Float, _ step: Float, _ offset: Float, _ line: StraightLine) -> Float? {
    var sum: Float = 0
    for d in 0..<Self.depth {
      let point = rays.point(
        along: along + step * (HoleRays.gap + HoleRays.pace * Float(d)), offset: offset,
        direction: line.direction)
      let (y, x) = ((point.y - origin.y) / pitch.y, (point.x - origin.x) / pitch.x)
      guard y >= 0, x >= 0, y < Float(plane.height - 1), x < Float(plane.width - 1) else { return nil }
      sum += plane.values.withUnsafeBufferPointer { values in
        values.baseAddress.map { interpolated($0 + first, width: plane.width, y: y, x: x) } ?? 0
      }
    }
    return sum / Float(Self.depth)
  }
}
