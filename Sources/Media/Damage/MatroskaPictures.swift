/// Pictures of a Matroska file, counted by the heads of its elements, without memory for what is in them.
enum MatroskaPictures {
  /// Elements that others are within; all others are passed over.
  private static let segment = 0x1853_8067
  private static let cluster = 0x1f43_b675
  private static let group = 0xa0
  /// Elements that hold what a packet is made of, or several of it.
  private static let blocks = [0xa1, 0xa3]
  private static let head = 0x1a45_dfa3

  /// The number of packets that the blocks of a track hold.
  ///
  /// - Parameter place: somewhere in one of the track's blocks, in bytes from the file's beginning.
  /// - Returns: nil where the file is cut or damaged, has more than one part, or no block there.
  static func count(in file: FileBytes, ofTrackAt place: Int) -> Int? {
    var counts: [Int: Int] = [:]
    var (track, segments, at) = (Int?.none, 0, 0)
    // Smaller elements than two bytes there are none; the bound is for files that are made of nothing else.
    for _ in 0..<50_000_000 {
      if at == file.size { return track.flatMap { counts[$0] } }
      let bytes = file.bytes(atMost: 28, at: at)
      guard let name = vint(bytes[...], isName: true), let length = vint(bytes.dropFirst(name.size)) else {
        return nil
      }
      let start = at + name.size + length.size
      if name.value == segment { segments += 1 }
      if name.value == head && at > 0 || segments > 1 { return nil }
      if [segment, cluster, group].contains(name.value) {
        at = start
        continue
      }
      guard !length.isOpen, length.value <= file.size - start else { return nil }
      if blocks.contains(name.value) {
        let block = bytes.dropFirst(name.size + length.size).prefix(length.value)
        guard let number = vint(block) else { return nil }
        // A time of two bytes and flags follow; where packets are laced, one less than their number.
        let rest = block.dropFirst(number.size + 2)
        guard let flags = rest.first else { return nil }
        let isLaced = flags & 6 != 0
        guard let more = isLaced ? rest.dropFirst().first : 0 else { return nil }
        counts[number.value, default: 0] += 1 + Int(more)
        if (at..<start + length.value).contains(place) { track = number.value }
      }
      at = start + length.value
    }
    return nil
  }

  /// A number whose first byte says how many bytes it has.
  ///
  /// - Parameter isName: whether the bit that says so belongs to the number.
  /// - Returns: nil where it is none; `isOpen` where all bits are ones, which stands for a length that is not known.
  private static func vint(
    _ bytes: ArraySlice<UInt8>, isName: Bool = false
  ) -> (value: Int, size: Int, isOpen: Bool)? {
    guard let first = bytes.first else { return nil }
    let size = first.leadingZeroBitCount + 1
    guard size <= (isName ? 4 : 8), bytes.count >= size else { return nil }
    let low = UInt8(truncatingIfNeeded: 0x7f >> (size - 1))
    let rest = bytes.dropFirst().prefix(size - 1)
    let value = ([isName ? first : first & low] + rest).number
    return (value, size, first & low == low && rest.allSatisfy { $0 == 0xff })
  }
}
