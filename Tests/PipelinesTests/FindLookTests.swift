import Detection
import Foundation
import Frames
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

/// What is chosen of finds to be looked at.
@Suite struct FindLookTests {
  private let folder: ScratchFolder
  private let frame: Frame
  private let reader: VideoReader

  init() throws {
    folder = try ScratchFolder()
    reader = try VideoReader(path: try folder.makeDamagedClip())
    frame = try #require(try reader.nextFrame())
  }

  private func spot(_ x: Int, _ frame: Int, _ confidence: Float) -> Find {
    Find(
      kind: .dirt, frames: frame..<frame + 1, confidence: confidence,
      parts: [Box(x: x, y: 3 + x % 80, width: 3, height: 2)])
  }

  /// Hands finds over as a search does.
  private func add(_ finds: [Find], _ index: Int, to look: inout FindLook, _ tally: inout FindTally) throws {
    var (frame, mask) = (frame, FrameMask(width: 128, height: 96))
    frame.index = index
    for find in finds { mask.mark(find) }
    let listed = tally.add(FoundFrame(frame: frame, mask: mask, finds: finds), filled: mask)
    try look.add(
      frame, present: tally.present, listed: listed, following: tally.following, missing: mask)
  }

  @Test func thousandsOfFindsLeaveTheLeastCertainAndASample() throws {
    let options = DetectionOptions(kinds: [.dirt, .scratches])
    var (look, tally) = (try FindLook(reader, kinds: options.kinds, frames: nil), FindTally(options))
    var confidences: [Float] = []
    for t in 0..<400 {
      let finds = (0..<40).map { spot(3 * $0, t, 0.3 + Float((t * 40 + $0) * 7919 % 16000) / 32000) }
      confidences += finds.map(\.confidence)
      try add(finds, t, to: &look, &tally)
    }
    look.finish(tally.finish())
    let kept = look.finds
    let quota = FindLook.mostFinds / 2
    #expect(kept.map(\.find.confidence) == Array(confidences.sorted().prefix(quota)))
    let (pictures, leftOut) = look.framePictures()
    #expect(leftOut == 0 && pictures.count <= quota + FindLook.mostSamples)
    #expect(pictures.map(\.frame) == pictures.map(\.frame).sorted())
    let frames = Set(pictures.map(\.frame))
    #expect(kept.allSatisfy { frames.contains($0.frame) })
    // The sample: every fourth frame of 400.
    #expect(stride(from: 0, to: 400, by: 4).allSatisfy(frames.contains))
    #expect(pictures[0].found?.counts == ["dirt": 40] && look.frames == 400)
  }

  @Test func aFindThatGoesOnIsShownWhereItIsLeastCertain() throws {
    let options = DetectionOptions(kinds: [.scratches])
    var (look, tally) = (try FindLook(reader, kinds: options.kinds, frames: 300), FindTally(options))
    for t in 0..<300 {
      let confidence: Float = t == 131 ? 0.2 : 0.8
      let scratch = Find(
        kind: .scratches, frames: t..<t + 1, confidence: confidence,
        parts: [Box(x: 30 + t / 10, y: 0, width: 2, height: 96)])
      // The last one goes on up to the end.
      try add(t == 250 ? [] : [scratch], t, to: &look, &tally)
    }
    look.finish(tally.finish())
    #expect(look.finds.map(\.frame) == [131, 251])
    #expect(look.finds.map(\.find.frames) == [0..<250, 251..<300])
    let first = try #require(look.finds.first)
    #expect(first.picture.parts.map(\.x) == [43] && first.find.confidence > 0.79)
    let (pictures, _) = look.framePictures()
    let worst = try #require(pictures.first { $0.frame == 131 }?.found)
    #expect(worst.doubt == 0.2 && worst.counts == ["scratches": 1])
    let sampled = try #require(pictures.first { $0.frame == 0 }?.found)
    #expect(sampled.doubt == 0.8)
  }
}
