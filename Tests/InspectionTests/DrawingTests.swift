import Foundation
import Frames
import Media
import TestSupport
import Testing

@testable import Inspection

@Suite struct DrawingTests {
  @Test func labelsHaveAllLetters() {
    #expect(LabelFont.all.map(\.size) == [13, 18, 26])
    for font in LabelFont.all {
      for code in 33...126 {
        let letter = String(UnicodeScalar(UInt8(code)))
        #expect(font.glyphs(of: letter).first?.coverage.contains { $0 > 7 } == true, "\(letter)")
      }
      #expect(font.width(of: "WW") > font.width(of: "ii"))
    }
    let font = LabelFont.ofSize(20)
    #expect(font.size == 18)
    let long = font.fitted(String(repeating: "film", count: 40), width: 100)
    #expect(long.contains("…") && font.width(of: long) <= 100)
  }

  @Test func textLeavesInkWhereItIsWritten() {
    var canvas = Canvas(width: 60, height: 30, ground: Ink(0, 0, 0))
    canvas.write("Hi", x: 10, y: 5, font: .ofSize(13), ink: Ink(255, 255, 255))
    // Nothing of it is cut off or lost beyond the edge.
    canvas.write("wide text that leaves the picture", x: 40, y: 12, font: .ofSize(13))
    let samples = canvas.picture.samples
    #expect(samples.contains(255))
    #expect(!samples[0..<60 * 3 * 5].contains { $0 != 0 })
  }

  @Test func differencesAndTheirScale() {
    let a = RGBPicture(width: 40, height: 40)
    var b = a
    b.samples[3 * 41 + 1] = 30
    let map = DifferenceMap(a, b)
    #expect(map.values[41] == 30 && map.values.filter { $0 != 0 }.count == 1)
    #expect(DifferenceMap.scale(of: [map]) == 32)
    #expect(DifferenceMap.scale(of: [DifferenceMap(a, a)]) == 8)
    #expect(map.picture(scale: 32).samples[3 * 41] > 200)
  }

  @Test func panelsShowWhatIsThere() {
    let picture = RGBPicture(width: 64, height: 48, red: 10, green: 200, blue: 30)
    let mask = FrameMask(width: 64, height: 48, missing: (0..<64 * 48).map { $0 < 640 ? 1 : 0 })
    var frame = InspectedFrame(index: 3, time: 0.12, damaged: picture, restored: picture, mask: mask)
    let view = PictureView(width: 64, height: 48, zoom: 4)
    let four = Panel(frames: [frame], view: view, title: "a → b").picture()
    frame.reference = picture
    let six = Panel(frames: [frame], view: view, title: "a → b").picture()
    #expect(six.width > four.width || six.height > four.height)
    let sheet = Panel(frames: [frame, frame, frame], view: view, title: "a → b").picture()
    #expect(sheet.height > 3 * view.height && sheet.width > 6 * view.width)
    // The overlay tints what is missing and nothing else.
    let tinted = overlay(view.mask(mask), on: view.picture(picture))
    #expect(tinted.samples[3 * (2 * 256 + 100)] > 120 && tinted.samples[3 * (100 * 256 + 100)] == 10)
  }

  /// What stands under a scale of any width does not overlap.
  @Test(arguments: [60, 175, 300], [8, 128, 255])
  func marksOfAScaleStandApart(width: Int, scale: Int) {
    let picture = RGBPicture(width: 8, height: 8)
    let frame = InspectedFrame(
      index: 0, time: nil, damaged: picture, restored: picture,
      mask: FrameMask(width: 8, height: 8, missing: [UInt8](repeating: 0, count: 64)))
    let panel = Panel(frames: [frame], view: PictureView(width: 8, height: 8), title: "t")
    let marks = panel.marks(scale: scale, width: width)
    #expect(marks.count == (width == 300 ? 3 : marks.count) && marks.count >= 2)
    for (a, b) in zip(marks, marks.dropFirst()) where width > 100 {
      #expect(a.start + panel.small.width(of: a.text) < b.start)
    }
  }

  @Test func aGIFIsWhatWasDrawn() throws {
    let folder = try ScratchFolder()
    var state: UInt32 = 1
    var picture = RGBPicture(width: 96, height: 80)
    for i in 0..<96 * 80 {
      state = state &* 1_664_525 &+ 1_013_904_223
      let level: UInt8 = state >> 31 == 0 ? 20 : 220
      for c in 0..<3 { picture.samples[3 * i + c] = level }
    }
    let data = try GIFFile.data(count: 3, delay: 4) { _ in picture }
    try folder.write(data, to: "noise.gif")
    let frames = try folder.rawFrames(of: "noise.gif", pixelFormat: "rgb24", bytesPerFrame: 96 * 80 * 3)
    #expect(frames.count == 3)
    for (a, b) in zip(picture.samples, frames[2]) where abs(Int(a) - Int(b)) > 8 {
      Issue.record("a sample is \(b), not \(a)")
      break
    }
  }

  @Test(arguments: [PictureEncoder.Format.png, .jpeg(quality: 95)])
  func picturesInMemory(format: PictureEncoder.Format) throws {
    let folder = try ScratchFolder()
    let picture = RGBPicture(width: 33, height: 17, red: 200, green: 40, blue: 90)
    try folder.write(PictureEncoder.data(of: picture, as: format), to: "p.img")
    let frames = try folder.rawFrames(of: "p.img", pixelFormat: "rgb24", bytesPerFrame: 33 * 17 * 3)
    #expect(frames.count == 1)
    for (a, b) in zip(picture.samples, frames[0]) where abs(Int(a) - Int(b)) > 3 {
      Issue.record("a sample is \(b), not \(a)")
      break
    }
  }
}
