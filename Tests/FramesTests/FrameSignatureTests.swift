import Frames
import TestSupport
import Testing

struct FrameSignatureTests {
  /// Means and counts of cells of 8 x 8, sample by sample.
  private func plain(_ frame: Frame, _ mask: FrameMask) -> (means: [Float], counts: [Float]) {
    let (height, width) = (frame.format.height, frame.format.width)
    let (rows, columns) = ((height + 7) / 8, (width + 7) / 8)
    var (sums, counts) = (
      [Double](repeating: 0, count: rows * columns), [Float](repeating: 0, count: rows * columns)
    )
    for y in 0..<height {
      for x in 0..<width where mask.missing.isEmpty || mask.missing[y * width + x] == 0 {
        sums[y / 8 * columns + x / 8] += Double(frame.planes[0][y * width + x])
        counts[y / 8 * columns + x / 8] += 1
      }
    }
    let full = Double(frame.format.maximumValue)
    return (zip(sums, counts).map { $1 > 0 ? Float($0 / full / Double($1)) : 0 }, counts)
  }

  @Test("is the same with samples of a byte, of two, and with and without a mask", arguments: [8, 10])
  func twin(bitDepth: Int) {
    var chance = Chance(seed: UInt64(bitDepth))
    for (width, height) in [(64, 32), (61, 19), (7, 5)] {
      let format = FrameFormat(width: width, height: height, bitDepth: bitDepth, roles: [.luma])
      let samples = (0..<width * height).map { _ in
        UInt16(chance.int(0...Int(format.maximumValue)))
      }
      let frame = Frame(format: format, planes: [samples], index: 0)
      let missing = (0..<width * height).map { _ -> UInt8 in chance.happens(0.3) ? 1 : 0 }
      for mask in [
        FrameMask(width: width, height: height), FrameMask(width: width, height: height, missing: missing),
        FrameMask(width: width, height: height, missing: missing.map { _ in 1 }),
      ] {
        let (found, wanted) = (FrameSignature(frame, mask: mask), plain(frame, mask))
        #expect(found.counts == wanted.counts)
        #expect(zip(found.means, wanted.means).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }
}
