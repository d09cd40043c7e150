/// How well each row of a small picture fits another picture that is moved over it.
struct ShiftCosts {
  let width: Int
  let height: Int
  /// Mean differences for every move to the right by a number of columns, around the edge: (height, width).
  let sideways: [Float]
  /// The largest move down that is tried; moves up go as far.
  let reach: Int
  /// Mean differences for every move down from -reach on: (height, 2 reach + 1), infinite where nothing is moved to.
  let upright: [Float]

  init(_ picture: SmallPicture, over other: SmallPicture) {
    precondition(picture.width == other.width && picture.height == other.height, "pictures of one size")
    let (width, height) = (picture.width, picture.height)
    let reach = height / 2
    let moves = 2 * reach + 1
    var sideways = [Float](repeating: 0, count: width * height)
    var upright = [Float](repeating: .infinity, count: height * moves)
    let scale = 1 / Float(SmallPicture.unit * Int32(width))
    picture.values.withUnsafeBufferPointer { values in
      other.values.withUnsafeBufferPointer { others in
        // A row twice, one after the other, so that moving around its edge needs no second part.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * width) { twice in
          guard let rows = values.baseAddress, let from = others.baseAddress, let line = twice.baseAddress
          else { return }
          for y in 0..<height {
            line.initialize(from: from + y * width, count: width)
            (line + width).initialize(from: from + y * width, count: width)
            for shift in 0..<width {
              sideways[y * width + shift] =
                scale * Float(Self.sum(rows + y * width, line + (width - shift) % width, width))
            }
            for move in max(-reach, y - height + 1)...min(reach, y) {
              upright[y * moves + move + reach] =
                scale * Float(Self.sum(rows + y * width, from + (y - move) * width, width))
            }
          }
        }
      }
    }
    (self.width, self.height, self.reach) = (width, height, reach)
    (self.sideways, self.upright) = (sideways, upright)
  }

  /// Of each row, the least mean difference for moves to the right or left by a few columns.
  static func least(of picture: SmallPicture, over other: SmallPicture, within distance: Int) -> [Float] {
    precondition(picture.width == other.width && picture.height == other.height, "pictures of one size")
    let width = picture.width
    let scale = 1 / Float(SmallPicture.unit * Int32(width))
    var least = [Float](repeating: .infinity, count: picture.height)
    picture.values.withUnsafeBufferPointer { values in
      other.values.withUnsafeBufferPointer { others in
        guard let rows = values.baseAddress, let from = others.baseAddress else { return }
        for y in 0..<picture.height {
          let (a, b) = (rows + y * width, from + y * width)
          for move in -min(distance, width - 1)...min(distance, width - 1) {
            // Around the edge, in two parts.
            let split = move < 0 ? move + width : move
            let sum = sum(a + split, b, width - split) &+ sum(a, b + (width - split), split)
            least[y] = min(least[y], scale * Float(sum))
          }
        }
      }
    }
    return least
  }

  /// The least of a row for moves to the right within some distance of one.
  func sideways(row: Int, around shift: Int, within distance: Int) -> Float {
    var least = Float.infinity
    for move in shift - distance...shift + distance {
      least = min(least, sideways[row * width + ((move % width) + width) % width])
    }
    return least
  }

  /// The least of a row for moves down within some distance of one.
  func upright(row: Int, around move: Int, within distance: Int) -> Float {
    var least = Float.infinity
    let moves = 2 * reach + 1
    for place in max(0, move + reach - distance)...max(0, min(moves - 1, move + reach + distance)) {
      least = min(least, upright[row * moves + place])
    }
    return least
  }

  @inline(__always)
  private static func sum(_ a: UnsafePointer<Int32>, _ b: UnsafePointer<Int32>, _ count: Int) -> Int32 {
    var sum: Int32 = 0
    for i in 0..<count { sum &+= abs(a[i] &- b[i]) }
    return sum
  }
}

/// A thumbnail at half its size, smooth, in whole numbers: searches look at it many times.
struct SmallPicture {
  /// A step of 8 bits.
  static let unit: Int32 = 16

  let width: Int
  let height: Int
  let values: [Int32]

  init(_ thumbnail: FrameThumbnail) {
    let (width, height) = (thumbnail.width / 2, thumbnail.height / 2)
    var values = [Int32](repeating: 0, count: width * height)
    // Moves are by whole samples: smooth pictures forgive the rest. Weights 1, 3, 1 of five, both ways.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width * height) { memory in
      guard let halved = memory.baseAddress else { return }
      let smooth = halved + width * height
      memory.initialize(repeating: 0)
      thumbnail.values.withUnsafeBufferPointer { whole in
        for y in 0..<height {
          for x in 0..<width {
            let i = 2 * y * thumbnail.width + 2 * x
            halved[y * width + x] =
              (whole[i] + whole[i + 1] + whole[i + thumbnail.width] + whole[i + thumbnail.width + 1]) / 4
          }
        }
      }
      for y in 0..<height {
        let row = halved + y * width
        for x in 0..<width {
          smooth[y * width + x] = (row[max(0, x - 1)] + 3 * row[x] + row[min(width - 1, x + 1)]) / 5
        }
      }
      for y in 0..<height {
        let (above, below) = (smooth + max(0, y - 1) * width, smooth + min(height - 1, y + 1) * width)
        for x in 0..<width {
          let mean = (above[x] + 3 * smooth[y * width + x] + below[x]) / 5
          values[y * width + x] = Int32((mean * Float(Self.unit)).rounded())
        }
      }
    }
    (self.width, self.height, self.values) = (width, height, values)
  }
}
