import Detection
import Foundation
import Frames
import Media
import Testing

@testable import Inspection

/// What is shown of damage that was found.
@Suite struct FindViewTests {
  private let frame = RGBPicture(width: 320, height: 240, red: 90, green: 90, blue: 90)

  private func shown(_ kind: DamageKind = .dirt, parts: [Box], confidence: Float = 0.4, frame index: Int = 7)
    -> ShownFind
  {
    let find = TrackedFind(
      kind: kind, frames: index..<index + 2, box: parts[0], area: parts[0].area, confidence: confidence,
      doubt: .init(frame: index, box: parts[0]))
    return ShownFind(
      find: find, box: parts[0], time: 0.28, frame: index,
      picture: FindPicture(of: frame, parts: parts, aspect: 1))
  }

  @Test(arguments: [
    // In the middle of its crop, except at the frame's edges.
    ([Box(x: 100, y: 80, width: 6, height: 4)], Box(x: 79, y: 58, width: 48, height: 48)),
    ([Box(x: 0, y: 236, width: 4, height: 4)], Box(x: 0, y: 192, width: 48, height: 48)),
    // A line that leans: by the part in its middle, not by the middle of its box.
    (
      [
        Box(x: 10, y: 0, width: 2, height: 80), Box(x: 20, y: 80, width: 2, height: 80),
        Box(x: 200, y: 160, width: 2, height: 80),
      ], Box(x: 0, y: 72, width: 96, height: 96)
    ),
    ([Box(x: 0, y: 0, width: 320, height: 240)], Box(x: 0, y: 0, width: 320, height: 240)),
  ])
  func aFindIsShownWithItsSurroundings(parts: [Box], crop: Box) {
    let picture = FindPicture(of: frame, parts: parts, aspect: 1)
    #expect(picture.crop == crop)
    #expect(!picture.parts.isEmpty && max(picture.picture.width, picture.picture.height) <= 96)
    for part in picture.parts {
      #expect(part.x >= crop.x && part.x + part.width <= crop.x + crop.width)
      #expect(part.y >= crop.y && part.y + part.height <= crop.y + crop.height)
    }
  }

  @Test func framesThatAreSmallerThanACropAreShownWhole() {
    let small = RGBPicture(width: 30, height: 20)
    let picture = FindPicture(of: small, parts: [Box(x: 29, y: 0, width: 1, height: 2)], aspect: 2)
    #expect(picture.crop == Box(x: 0, y: 0, width: 30, height: 20))
    #expect(picture.picture.width == 60 && picture.parts == [Box(x: 29, y: 0, width: 1, height: 2)])
  }

  @Test func outlinesKeepADistance() {
    let find = shown(parts: [Box(x: 100, y: 80, width: 6, height: 4)]).picture
    let number = DamageNumber(.dirt)
    let (plain, outlined) = FindPanel.pictures(of: find, number)
    #expect(plain.width == 192 && outlined.width == 192 && !plain.samples.contains { $0 != 90 })
    func colour(_ x: Int, _ y: Int) -> [UInt8] {
      let i = 3 * (y * 192 + x)
      return [outlined.samples[i], outlined.samples[i + 1], outlined.samples[i + 2]]
    }
    // Four pixels for a sample: it lies at 84 ..< 108, 88 ..< 104.
    let ink = [number.ink.red, number.ink.green, number.ink.blue]
    #expect(colour(90, 95) == [90, 90, 90] && colour(82, 95) == [90, 90, 90])
    #expect(colour(81, 95) == ink && colour(110, 95) == ink && colour(95, 85) == ink)
    #expect(colour(60, 60) == [90, 90, 90])
  }

  @Test func panelsShowTheFirstFinds() {
    let finds = (0..<40).map { shown(parts: [Box(x: 4 * $0, y: 40, width: 5, height: 5)]) }
    let all = FindPanel(finds: finds, title: "reel.mkv", total: 4000).picture()
    let few = FindPanel(finds: Array(finds.prefix(2)), title: "reel.mkv", total: 2).picture()
    let none = FindPanel(finds: [], title: "reel.mkv", total: 0).picture()
    #expect(all.width > 4 * 2 * 192 && all.height > 8 * 192 && all.height < 9 * 260)
    #expect(few.width < all.width && few.height < 340 && none.height < 100)
  }

  @Test func sharesAreKeptInARowOfBoundedLength() throws {
    var curve = ShareCurve()
    for i in 0..<100_000 { curve.add(i == 70_001 ? 0.5 : i < 50_000 ? 0.1 : 0.2) }
    #expect(curve.means.count <= ShareCurve.most && curve.run == 64)
    #expect(curve.means.count == (100_000 + 63) / 64 && curve.means.count == curve.peaks.count)
    #expect(abs((curve.means.first ?? 0) - 0.1) < 1e-9 && abs((curve.means.last ?? 0) - 0.2) < 1e-9)
    #expect(curve.peaks.firstIndex(of: 0.5) == 70_001 / 64)
    var short = ShareCurve()
    for share in [0.25, 0.5, 0] { short.add(share) }
    #expect(short.run == 1 && short.means == [0.25, 0.5, 0] && short.peaks == short.means)
  }

  @Test func thePageHoldsTheFinds() throws {
    var data = ReportData(
      video: .init(
        input: "reel.mkv", result: "m.mkv", frames: 9, width: 320, height: 240, aspect: 1, framesPerSecond: 25
      ))
    var shares = ShareCurve()
    for share in [0, 0.01, 0] { shares.add(share) }
    var detection = ReportData.Detection(
      sensitivity: 0.5, kinds: [.init(.dirt, finds: 3, frames: 2, share: 0.01)], frames: 2, share: 0.01,
      shares: shares)
    try detection.add(shown(parts: [Box(x: 100, y: 80, width: 6, height: 4)]))
    data.detection = detection
    let page = String(decoding: try ReportPage.html(data), as: UTF8.self)
    #expect(page.contains("<title>reel.mkv – damage that was found</title>"))
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(page[start.upperBound..<end.lowerBound].utf8))
    let contents = try #require(json as? [String: Any])
    #expect((contents["charts"] as? [String])?.count == 1)
    let found = try #require(contents["detection"] as? [String: Any])
    let find = try #require((found["finds"] as? [[String: Any]])?.first)
    #expect(find["kind"] as? String == "dirt" && find["frames"] as? [Int] == [7, 8])
    #expect(find["parts"] as? [Int] == [100, 80, 6, 4] && find["confidence"] as? Double == 0.4)
    #expect((find["picture"] as? String)?.hasPrefix("data:image/jpeg;base64,") == true)
  }
}
