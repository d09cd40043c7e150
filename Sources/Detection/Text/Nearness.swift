/// How far samples of a patch are from marked ones, in thirds of a sample. (G. Borgefors, "Distance transformations in digital
/// images", Computer Vision, Graphics, and Image Processing 34, 1986, doi:10.1016/S0734-189X(86)80047-0.)
struct Nearness: Sendable {
  let distances: [Int32]

  init(_ marks: [UInt8], width: Int) {
    let far: Int32 = 1 << 20
    let height = width > 0 ? marks.count / width : 0
    var d = marks.map { $0 != 0 ? Int32(0) : far }
    for y in 0..<height {
      for x in 0..<width {
        let i = y * width + x
        var least = d[i]
        if x > 0 { least = min(least, d[i - 1] + 3) }
        if y > 0 {
          least = min(least, d[i - width] + 3)
          if x > 0 { least = min(least, d[i - width - 1] + 4) }
          if x + 1 < width { least = min(least, d[i - width + 1] + 4) }
        }
        d[i] = least
      }
    }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() {
        let i = y * width + x
        var least = d[i]
        if x + 1 < width { least = min(least, d[i + 1] + 3) }
        if y + 1 < height {
          least = min(least, d[i + width] + 3)
          if x + 1 < width { least = min(least, d[i + width + 1] + 4) }
          if x > 0 { least = min(least, d[i + width - 1] + 4) }
        }
        d[i] = least
      }
    }
    distances = d
  }
}
