import Foundation
import Media

/// Pictures that move, as a GIF that repeats for ever (CompuServe's GIF89a, 1990).
public enum GIFFile {
  /// - Parameters:
  ///   - count: of pictures, all of one size.
  ///   - delay: of each in hundredths of a second.
  ///   - picture: asked for each twice, first for the colours.
  public static func data(
    count: Int, delay: Int, picture: (Int) throws -> RGBPicture
  ) rethrows -> Data {
    var histogram = ColourTable.Histogram()
    var size = (width: 0, height: 0)
    for i in 0..<count {
      let picture = try picture(i)
      size = (picture.width, picture.height)
      histogram.add(picture.samples)
    }
    let table = ColourTable(histogram)
    var data = Data("GIF89a".utf8)
    func append(_ value: Int) { data.append(contentsOf: [UInt8(value & 255), UInt8(value >> 8 & 255)]) }
    append(size.width)
    append(size.height)
    // A table of 256 colours for all pictures.
    data.append(contentsOf: [0xF7, 0, 0])
    for i in 0..<256 {
      let ink = i < table.colours.count ? table.colours[i] : Ink(0, 0, 0)
      data.append(contentsOf: [ink.red, ink.green, ink.blue])
    }
    data.append(contentsOf: [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0])
    for i in 0..<count {
      data.append(contentsOf: [0x21, 0xF9, 4, 4])
      append(delay)
      data.append(contentsOf: [0, 0, 0x2C, 0, 0, 0, 0])
      append(size.width)
      append(size.height)
      data.append(contentsOf: [0, 8])
      let codes = compressed(table.indices(of: try picture(i).samples, width: size.width))
      for start in stride(from: 0, to: codes.count, by: 255) {
        let block = codes[start..<min(start + 255, codes.count)]
        data.append(UInt8(block.count))
        data.append(contentsOf: block)
      }
      data.append(0)
    }
    data.append(0x3B)
    return data
  }

  /// LZW as GIF has it, for symbols of 8 bits: codes of 9 to 12 bits, the first in the lowest bits.
  static func compressed(_ symbols: [UInt8]) -> [UInt8] {
    let (clear, end) = (256, 257)
    var result: [UInt8] = []
    var (bits, bitCount) = (0, 0)
    var width = 9
    func put(_ code: Int) {
      bits |= code << bitCount
      bitCount += width
      while bitCount >= 8 {
        result.append(UInt8(bits & 255))
        bits >>= 8
        bitCount -= 8
      }
    }
    // For each string of the table, the code of the string that is one symbol longer.
    var longer: [Int: Int] = [:]
    var next = 258
    put(clear)
    var current: Int?
    for symbol in symbols {
      guard let prefix = current else {
        current = Int(symbol)
        continue
      }
      let key = prefix << 8 | Int(symbol)
      if let code = longer[key] {
        current = code
        continue
      }
      put(prefix)
      if next < 4096 {
        longer[key] = next
        if next == 1 << width && width < 12 { width += 1 }
        next += 1
      } else {
        put(clear)
        longer.removeAll(keepingCapacity: true)
        (next, width) = (258, 9)
      }
      current = Int(symbol)
    }
    if let current { put(current) }
    put(end)
    if bitCount > 0 { result.append(UInt8(bits & 255)) }
    return result
  }
}
