/// Colours for numbers, from black by violet and orange to a light yellow, evenly rising in lightness: matplotlib's
/// "inferno" by S. van der Walt and N. Smith (CC0), every sixteenth of its colours and what lies between.
enum ColourMap {
  private static let anchors: [UInt32] = [
    0x000004, 0x0a0722, 0x1e0c45, 0x380962, 0x510e6c, 0x68166e, 0x801f6c, 0x982766, 0xb0315b, 0xc73e4c,
    0xdb503b, 0xeb6628, 0xf57f10, 0xfb9b06, 0xfbb91f, 0xf5d745, 0xfcffa4,
  ]

  /// The colour of each 255th.
  static let table: [Ink] = (0...255).map { i in
    let place = Double(i) / 255 * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let share = place - Double(index)
    func channel(_ shift: UInt32) -> UInt8 {
      let (a, b) = (Double(anchors[index] >> shift & 255), Double(anchors[index + 1] >> shift & 255))
      return UInt8((a + (b - a) * share).rounded())
    }
    return Ink(channel(16), channel(8), channel(0))
  }

  /// - Parameter value: 0 ... 1; what lies outside is taken to the nearest end.
  static func colour(_ value: Double) -> Ink {
    table[value.isFinite ? Int((min(max(value, 0), 1) * 255).rounded()) : 0]
  }
}
