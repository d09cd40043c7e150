import Frames
import Testing

@testable import Detection

@Suite("Bad frames")
struct FramesDetectorTests {
  /// Frames of a film as rows of steps of 8 bits, which damage is done to.
  private struct Reel {
    let width: Int
    let height: Int
    var bitDepth = 8
    var frames: [[Float]]

    /// - Parameter speed: samples that the scene moves in a frame.
    init(width: Int = 112, height: Int = 80, count: Int = 40, speed: Int = 3, grain: Float = 1) {
      var film = SyntheticFilm(width: width, height: height, count: count, speed: speed)
      film.grain = grain
      (self.width, self.height) = (width, height)
      frames = film.inputs(knowsMotion: false).map { input in
        switch input.frame.planes[0] {
        case .bytes(let samples): samples.map { Float($0) }
        case .words(let samples): samples.map { Float($0) }
        }
      }
    }

    var blank: [Float] { Array(repeating: 16, count: width * height) }

    /// Rows from one on, moved to the right around the edge.
    mutating func tear(_ t: Int, from row: Int, by columns: Int) {
      let whole = frames[t]
      for y in row..<height {
        for x in 0..<width { frames[t][y * width + (x + columns) % width] = whole[y * width + x] }
      }
    }

    /// Rows from one on, rolled down.
    mutating func roll(_ t: Int, from row: Int, by rows: Int) {
      let whole = frames[t]
      for y in row..<height {
        let to = row + (y - row + rows) % (height - row)
        frames[t].replaceSubrange(to * width..<(to + 1) * width, with: whole[y * width..<(y + 1) * width])
      }
    }

    func found(sensitivity: Float = 0.5, threads: Int = 1) -> [DetectedFrame] {
      var detector = FramesDetector(settings: DetectionSettings(sensitivity: sensitivity), threads: threads)
      return detector.all(inputs)
    }

    /// Positions of frames in which something was found.
    func bad(sensitivity: Float = 0.5) -> [Int] {
      found(sensitivity: sensitivity).filter { !$0.finds.isEmpty }.map(\.index)
    }

    var inputs: [DetectionInput] {
      let format = FrameFormat(width: width, height: height, bitDepth: bitDepth, roles: [.luma])
      let scale = Float((1 << bitDepth) - 1) / 255
      return frames.enumerated().map { t, values in
        let samples = values.map { UInt16(max(0, min(255, $0)) * scale + 0.5) }
        return DetectionInput(frame: Frame(format: format, planes: [samples], index: t))
      }
    }
  }

  @Test("are found, each where it is", arguments: [8, 10])
  func recall(bitDepth: Int) throws {
    var reel = Reel(count: 60)
    reel.bitDepth = bitDepth
    reel.frames[9] = reel.blank
    reel.frames[21] = reel.frames[20]
    reel.tear(33, from: 40, by: 40)
    for i in 50 * reel.width..<reel.height * reel.width { reel.frames[45][i] = 126 }
    let found = reel.found()
    #expect(found.map(\.index) == Array(0..<60))
    #expect(found.filter { !$0.finds.isEmpty }.map(\.index) == [9, 21, 33, 45])
    for (t, first) in [(9, 0), (21, 0), (33, 40), (45, 50)] {
      let find = try #require(found[t].finds.first)
      #expect(find.kind == .frames && find.frames == t..<t + 1 && find.confidence > 0.5)
      #expect(find.box.x == 0 && find.box.width == reel.width && find.box.y + find.box.height == reel.height)
      #expect(find.box.y <= first && find.box.y >= first - 6, "\(find.box.y), \(first)")
      #expect(found[t].mask.missingCount == find.area)
    }
  }

  @Test("are not invented where nothing is wrong", arguments: [0, 1, 3, 9])
  func clean(speed: Int) {
    #expect(Reel(count: 30, speed: speed).bad() == [])
    #expect(Reel(count: 30, speed: speed, grain: 6).bad() == [])
  }

  @Test("are black with noise too")
  func noise() {
    var reel = Reel()
    for i in reel.frames[15].indices { reel.frames[15][i] = 16 + Float(i * 31 % 97 % 9) }
    reel.frames[26] = reel.blank.map { _ in 128 }
    #expect(reel.bad() == [15, 26])
  }

  @Test("are not the black of fades", arguments: [2, 6, 12])
  func fades(length: Int) {
    var reel = Reel(count: 44)
    for t in 0..<length {
      let level = Float(length - 1 - t) / Float(length)
      reel.frames[6 + t] = reel.frames[6 + t].map { 16 + ($0 - 16) * level }
      reel.frames[5 + 2 * length - t] = reel.frames[5 + 2 * length - t].map { 16 + ($0 - 16) * level }
    }
    #expect(reel.bad() == [])
  }

  @Test("are not the black of strobes and between scenes")
  func dark() {
    var strobe = Reel()
    for t in stride(from: 8, to: 30, by: 2) { strobe.frames[t] = strobe.blank }
    #expect(strobe.bad() == [])
    var between = Reel()
    for t in 14..<20 { between.frames[t] = between.blank }
    #expect(between.bad() == [])
  }

  @Test("are not flashes")
  func flashes() {
    var reel = Reel()
    for t in [7, 8, 15, 22, 23, 31] { reel.frames[t] = reel.frames[t].map { $0 * 1.8 + 60 } }
    #expect(reel.bad() == [])
    var dark = Reel()
    let lit = dark.frames
    for t in dark.frames.indices { dark.frames[t] = dark.frames[t].map { 16 + ($0 - 16) * 0.07 } }
    for t in [10, 11, 14, 22, 24, 26] { dark.frames[t] = lit[t] }
    #expect(dark.bad() == [])
  }

  @Test("are not repeats of animation, of pulldown and of stills")
  func cadences() {
    let whole = Reel(count: 60).frames
    func bad(_ order: [Int]) -> [Int] {
      var reel = Reel(count: 1)
      reel.frames = order.map { whole[$0] }
      return reel.bad()
    }
    #expect(bad((0..<50).map { $0 / 2 }) == [])
    #expect(bad((0..<50).map { $0 / 3 }) == [])
    #expect(bad((0..<60).map { $0 * 24 / 30 }) == [])
    #expect(bad((0..<70).map { $0 * 25 / 60 }) == [])
    #expect(bad((0..<60).map { $0 * 24 / 25 }) == [])
    #expect(bad(Array(0..<15) + Array(repeating: 15, count: 15) + Array(15..<30)) == [])
    // A title between scenes, and one that comes up slowly.
    #expect(bad(Array(0..<15) + Array(repeating: 40, count: 15) + Array(15..<30)) == [])
  }

  @Test("are frozen where a repeat stands for a frame, not where it was put in")
  func frozen() {
    var lost = Reel()
    lost.frames[18] = lost.frames[17]
    #expect(lost.bad() == [18])
    // As a coder leaves it.
    lost.frames[18] = lost.frames[18].enumerated().map { $1 + Float($0 % 7 == 0 ? 1 : 0) }
    #expect(lost.bad() == [18])
    var more = Reel()
    more.frames.insert(more.frames[17], at: 18)
    #expect(more.bad() == [])
  }

  @Test("are torn sideways or rolled, anywhere in a clip, and at cuts")
  func tears() {
    for (t, row, columns) in [(1, 30, 70), (16, 50, 24), (38, 20, 60)] {
      var reel = Reel()
      reel.tear(t, from: row, by: columns)
      #expect(reel.bad() == [t])
    }
    var rolled = Reel()
    rolled.roll(20, from: 24, by: 20)
    #expect(rolled.bad() == [20])
    var cut = Reel()
    let other = Reel(count: 40, speed: 1)
    cut.frames.replaceSubrange(20..<40, with: other.frames[0..<20].map { $0.map { 255 - $0 } })
    #expect(cut.bad() == [])
    cut.tear(19, from: 34, by: 45)
    #expect(cut.bad() == [19])
  }

  @Test("are the same for any number of threads, and come in order without much delay")
  func streaming() {
    var reel = Reel(count: 40)
    reel.frames[10] = reel.blank
    reel.tear(30, from: 40, by: 40)
    #expect(reel.found(threads: 1) == reel.found(threads: 4))
    var detector = FramesDetector(threads: 2)
    var given = 0
    for input in reel.inputs {
      given += detector.add(input).count
      #expect(given == max(0, input.frame.index + 1 - FramesDetector.delay))
    }
    #expect(detector.finish().count == reel.frames.count - given)
    #expect(detector.finish().isEmpty)
  }

  @Test("are fewer where only what is certain counts")
  func sensitivity() {
    // Motion of no evenness says nothing of what was lost.
    var reel = Reel(count: 40)
    let whole = reel.frames
    // Four forward, three back.
    let order = (0..<40).map { $0 % 2 == 0 ? $0 / 2 : $0 / 2 + 4 }
    reel.frames = order.map { whole[$0] }
    reel.frames[20] = reel.frames[19]
    #expect(reel.bad(sensitivity: 0.5) == [20])
    #expect(reel.bad(sensitivity: 0) == [])
  }

  @Test("are looked for in frames of any size")
  func sizes() {
    for (width, height) in [(1, 1), (1, 9), (9, 1), (16, 16), (40, 300), (300, 40)] {
      var reel = Reel(width: width, height: height, count: 16, speed: 1)
      reel.frames[8] = reel.blank
      let found = reel.found()
      #expect(found.count == 16)
      for frame in found { #expect(frame.mask.width == width && frame.mask.height == height) }
    }
    // A size that changes begins anew.
    var detector = FramesDetector(threads: 1)
    let inputs = Reel(width: 64, height: 48, count: 5).inputs + Reel(width: 48, height: 64, count: 5).inputs
    #expect(detector.all(inputs).count == 10)
  }
}
