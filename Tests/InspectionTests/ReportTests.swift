import Foundation
import Frames
import Media
import Testing

@testable import Inspection

@Suite struct ReportTests {
  private let format = FrameFormat(width: 64, height: 48, bitDepth: 10, roles: [.luma])
  private let mask = FrameMask(
    width: 64, height: 48,
    missing: (0..<64 * 48).map { (20..<28).contains($0 % 64) && (10..<20).contains($0 / 64) ? 1 : 0 })

  @Test func roughnessIsWhatDiffersFromTheNeighboursInTime() {
    var roughness = TemporalRoughness(format: format)
    for t in 0..<6 {
      var frame = Frame(format: format, filledWith: 400, index: t)
      for i in mask.missing.indices {
        // A hole that flickers by 40 of 1023 steps, in surroundings that grow brighter evenly, which is no roughness.
        frame.planes[0][i] = mask.missing[i] != 0 ? (t % 2 == 0 ? 400 : 440) : UInt16(400 + 10 * t)
      }
      roughness.add(frame, mask: t == 4 ? FrameMask(width: 64, height: 48) : mask)
    }
    let values = roughness.finish()
    #expect(values.count == 6)
    #expect(values[0] == .init() && values[5] == .init() && values[4] == .init())
    for t in 1...3 {
      #expect(abs((values[t].hole ?? 0) - 40 * 255 / 1023) < 1e-9)
      #expect(values[t].around == 0)
    }
    var short = TemporalRoughness(format: format)
    short.add(Frame(format: format), mask: mask)
    #expect(short.finish() == [.init()])
  }

  @Test func worstFramesComeFirst() {
    var data = ReportData(
      video: .init(input: "a", result: "b", width: 4, height: 4, aspect: 1, framesPerSecond: 25))
    data.frames.missing = (0..<100).map { $0 < 90 ? 0.1 : 0 }
    data.frames.roughness = (0..<100).map { $0 == 50 ? 8 : 1 }
    data.frames.roughnessAround = (0..<100).map { _ in 1 }
    data.windows = [(0, 40, 30.0), (41, 200, 38)].map { first, last, psnr in
      .init(
        first: first, last: last, x: 0, y: 0, width: 4, height: 4, iterations: 9, holdoutPSNR: 50 - psnr,
        holdoutSamples: 100, expected: .init(low: psnr, high: psnr + 3), stopReason: "schedule", weights: [:])
    }
    data.spreadExpected()
    #expect(
      abs((data.frames.expectedLow[10] ?? 0) - 30) < 1e-9
        && abs((data.frames.expectedHigh[99] ?? 0) - 41) < 1e-9)
    data.rankFrames(count: 20)
    // 38 dB less 15 dB of flicker; then the window of 30 dB; nothing where nothing is missing, and no neighbours.
    #expect(data.worst.first == 50 && data.worst[1] <= 40)
    #expect(data.worst.allSatisfy { $0 < 90 })
    for (a, b) in zip(data.worst.sorted(), data.worst.sorted().dropFirst()) { #expect(b - a > 3) }
    // Frames of which nothing can be told are looked at first.
    data.windows[1].expected = nil
    data.spreadExpected()
    data.rankFrames(count: 20)
    #expect(data.frames.expectedLow[60] == nil && data.worst.first == 50 && data.worst[1] > 40)
    data.frames.psnrMissing = (0..<100).map { $0 == 7 ? 12 : 30 }
    data.rankFrames()
    #expect(data.worst.first == 7)
  }

  @Test func thePageHoldsWhatItIsGiven() throws {
    var data = ReportData(
      video: .init(
        input: "</script><b>{{data}}", result: "b", width: 4, height: 4, aspect: 1, framesPerSecond: 25))
    data.notes = ["<!-- a note"]
    let page = String(decoding: try ReportPage.html(data), as: UTF8.self)
    #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(!page.contains("<b>") && !page.contains("<!--") && !page.contains("{{style}}"))
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(page[start.upperBound..<end.lowerBound].utf8))
    let video = try #require((json as? [String: Any])?["video"] as? [String: Any])
    #expect(video["input"] as? String == "</script><b>{{data}}")
  }

  @Test func picturesKeepWithinTheirBudget() throws {
    var picture = RGBPicture(width: 320, height: 240)
    var state: UInt32 = 7
    for i in picture.samples.indices {
      state = state &* 1_664_525 &+ 1_013_904_223
      picture.samples[i] = UInt8(state >> 24)
    }
    var budget = PictureBudget(bytes: 120_000, count: 10, views: 2, width: 320, height: 240, aspect: 1)
    for index in 0..<10 {
      try budget.add(
        InspectedFrame(
          index: index, damaged: picture, restored: picture, mask: FrameMask(width: 320, height: 240)))
    }
    let total = budget.pictures.reduce(0) {
      $0 + $1.damaged.utf8.count + $1.restored.utf8.count + $1.mask.utf8.count
    }
    #expect(total <= 120_000 && !budget.pictures.isEmpty)
    #expect(budget.pictures.count + budget.leftOut == 10)
    #expect(budget.pictures[0].damaged.hasPrefix("data:image/jpeg;base64,"))
  }

  @Test func similaritiesAsPictures() throws {
    let values = (0..<200 * 200).map { Float($0 / 200 == $0 % 200 ? 9 : 1) }
    #expect(try affinityPicture(values, count: 200).hasPrefix("data:image/png;base64,"))
    #expect(try affinityPicture([1], count: 1).hasPrefix("data:image/png;base64,"))
  }

  @Test func namesAreNoMarkup() throws {
    let name = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'<!--{{data}}"
    var data = ReportData(
      video: .init(input: name, result: name, width: 4, height: 4, aspect: 1, framesPerSecond: 25))
    data.frames.missing = [0.1, 0.2]
    data.windows = [
      .init(
        first: 0, last: 1, x: 0, y: 0, width: 4, height: 4, iterations: 9, holdoutPSNR: 30,
        holdoutSamples: 100,
        expected: .init(low: 30, high: 33), stopReason: name, weights: [name: 1])
    ]
    let page = String(decoding: try ReportPage.html(data), as: UTF8.self)
    #expect(!page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("<!--"))
    #expect(page.components(separatedBy: "</script>").count == 3)
    // The name is there, as text.
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("\\u003cscript>alert(1)"))
    // Drawings are put into the page as they are, so their texts must be text.
    let chart = LineChart(panels: [
      .init(
        title: name, horizontal: name, vertical: name, series: [.init(name: name, points: [(x: 0, y: 1)])])
    ])
    #expect(!chart.svg().contains("<script>") && !chart.svg().contains("<img"))
  }
}
