import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct PictureTests {
  @Test func halvesByMeansOfPairs() {
    // Every second centre lies midway between two samples, as in OpenCV.
    let row = Picture(width: 4, height: 1, channels: [[0, 10, 20, 41]])
    #expect(row.resized(width: 2, height: 1).channels == [[5, 31]])
    let square = Picture(width: 2, height: 2, channels: [[1, 2, 3, 5]])
    #expect(square.resized(width: 1, height: 1).channels == [[3]])
  }

  @Test func growsBetweenCentres() {
    // Centres of the five lie at -0.2, 0.4, 1, 1.6 and 2.2 of the three.
    let row = Picture(width: 3, height: 1, channels: [[0, 100, 200]])
    #expect(row.resized(width: 5, height: 1).channels == [[0, 40, 100, 160, 200]])
    let column = Picture(width: 1, height: 3, channels: [[0, 100, 200]])
    #expect(column.resized(width: 1, height: 5).channels == [[0, 40, 100, 160, 200]])
  }

  @Test func isPlainBilinearToAStep() {
    let samples = (0..<13 * 9).map { (i: Int) -> UInt8 in UInt8(i * 53 % 256) }
    let picture = Picture(width: 13, height: 9, channels: [samples])
    let result = picture.resized(width: 7, height: 16)
    func tap(_ i: Int, _ size: Int, _ new: Int) -> (Int, Int, Double) {
      let place = min(max((Double(i) + 0.5) * Double(size) / Double(new) - 0.5, 0), Double(size - 1))
      return (Int(place), min(Int(place) + 1, size - 1), place - Double(Int(place)))
    }
    for y in 0..<16 {
      for x in 0..<7 {
        let (x0, x1, fx) = tap(x, 13, 7)
        let (y0, y1, fy) = tap(y, 9, 16)
        let above = Double(samples[y0 * 13 + x0]) * (1 - fx) + Double(samples[y0 * 13 + x1]) * fx
        let below = Double(samples[y1 * 13 + x0]) * (1 - fx) + Double(samples[y1 * 13 + x1]) * fx
        let expected = above * (1 - fy) + below * fy
        #expect(abs(Double(result.channels[0][y * 7 + x]) - expected) <= 0.8)
      }
    }
  }

  @Test func whiteStaysWhite() {
    let white = Picture(width: 37, height: 23, channels: [[UInt8](repeating: 255, count: 37 * 23)])
    #expect(white.resized(width: 256, height: 101).channels[0].allSatisfy { $0 == 255 })
  }

  @Test func grayIsLuma601() {
    let colours = Picture(
      width: 6, height: 1,
      channels: [[255, 0, 0, 255, 0, 10], [0, 255, 0, 255, 0, 200], [0, 0, 255, 255, 0, 30]])
    // 0.299, 0.587, 0.114: 76.2, 149.7, 29.1; 10, 200 and 30 give 123.8.
    #expect(colours.gray.channels == [[76, 150, 29, 255, 0, 124]])
    #expect(colours.gray.gray == colours.gray)
  }

  @Test func readsGrayRGBAndYUV() throws {
    let folder = try ScratchFolder()
    let gray = try folder.writePGM([0, 16, 128, 235, 254, 255], width: 3, height: 2, to: "g.pgm")
    #expect(
      try PictureReader(path: gray).pictures(in: 0...5)
        == [Picture(width: 3, height: 2, channels: [[0, 16, 128, 235, 254, 255]])])
    let rgb = try folder.write(Array("P6 2 1 255\n".utf8) + [1, 2, 3, 250, 251, 252], to: "c.ppm")
    #expect(
      try PictureReader(path: rgb).pictures(in: 0...0)[0].channels == [[1, 250], [2, 251], [3, 252]])
    // Pure red in limited range is 81, 90, 240.
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=red:s=16x16:d=0.2:r=25,format=yuv420p", "-c:v", "ffv1", "y.mkv")
    let frames = try PictureReader(path: folder.file("y.mkv")).pictures(in: 1...3)
    #expect(frames.count == 3)
    for (channel, value) in zip(frames[0].channels, [254, 0, 0]) {
      #expect(channel.allSatisfy { abs(Int($0) - value) <= 1 })
    }
  }
}
