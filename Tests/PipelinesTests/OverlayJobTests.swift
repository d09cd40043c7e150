import Foundation
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

/// A soft disc that lets the picture through, over scenes that move.
@Suite struct OverlayJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let scene =
      "110+50*sin(floor(N/4)*1.9)+25*sin((X-3*N)/(3+mod(floor(N/4)*3,5)))*cos(Y/(4+mod(floor(N/4)*2,4)))"
    let opacity = "0.45*clip((5-hypot(X-54,Y-24))/2,0,1)"
    for (name, hidden) in [("clean.mkv", "0"), ("in.mkv", opacity)] {
      try folder.ffmpeg(
        "-f", "lavfi", "-i",
        "nullsrc=s=80x48:r=25,geq=lum='\(scene)':cb=128:cr=128,noise=alls=16:allf=t+u:all_seed=1,"
          + "geq=lum='lum(X,Y)*(1-\(hidden))+215*(\(hidden))':cb='cb(X,Y)':cr='cr(X,Y)'",
        "-frames:v", "36", "-c:v", "ffv1", "-pix_fmt", "yuv420p", folder.file(name))
    }
  }

  private func job(_ output: String, _ overlay: OverlayChoice) throws -> RestoreJob {
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "48,18,13,13")]
    masks.overlay = overlay
    var job = RestoreJob(input: folder.file("in.mkv"), output: folder.file(output), masks: masks)
    job.restoration.preset = .fast
    job.encoding = EncodeSettings(lossless: true)
    return job
  }

  private func frames(_ name: String) throws -> [[UInt8]] {
    try folder.frames(of: folder.file(name), width: 80, height: 48)
  }

  /// The mean squared error of luma in the mask.
  private func error(_ name: String) throws -> Double {
    var sum = 0.0
    for (a, b) in zip(try frames(name), try frames("clean.mkv")) {
      for y in 18..<31 {
        for x in 48..<61 { sum += pow(Double(a[y * 80 + x]) - Double(b[y * 80 + x]), 2) }
      }
    }
    return sum / Double(36 * 13 * 13)
  }

  @Test func whatIsSeenThroughIsCloserAndIsUsedAgain() throws {
    _ = try job("filled.mkv", .opaque).run()
    var estimating = try job("seen.mkv", .estimated)
    estimating.savedOverlay = folder.file("overlay.png")
    let result = try estimating.run()
    let figures = try #require(result.metrics.overlays)
    #expect(figures.count == 1 && figures[0].seeThrough && figures[0].reason == nil)
    #expect(abs((figures[0].opacity ?? 0) - 0.45) < 0.1)
    #expect(try error("seen.mkv") < error("filled.mkv") / 4)
    // The overlay of the file is the same but for rounding.
    var again = try job("again.mkv", .file(folder.file("overlay.png")))
    again.threads = 2
    _ = try again.run()
    #expect(try error("again.mkv") < error("filled.mkv") / 4)
    // Whatever the number of threads; and nothing else changes.
    estimating.output = folder.file("threads.mkv")
    (estimating.threads, estimating.savedOverlay) = (3, nil)
    _ = try estimating.run()
    let (seen, input) = (try frames("seen.mkv"), try frames("in.mkv"))
    #expect(try frames("threads.mkv") == seen)
    for (a, b) in zip(seen, input) {
      for y in 0..<48 {
        for x in 0..<80 where !((18..<31).contains(y) && (48..<61).contains(x)) {
          #expect(a[y * 80 + x] == b[y * 80 + x])
        }
      }
    }
  }

  @Test func filesThatAreNoOverlaysAreRefused() throws {
    try folder.ffmpeg("-f", "lavfi", "-i", "color=s=80x48", "-frames:v", "1", folder.file("plain.png"))
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=red@0.5:s=64x48,format=rgba", "-frames:v", "1", folder.file("small.png"))
    for (name, word) in [("plain.png", "transparency"), ("small.png", "64x48"), ("none.png", "none.png")] {
      #expect {
        _ = try job("out.mkv", .file(folder.file(name))).run()
      } throws: { error in
        "\(error)".contains(word)
      }
    }
    #expect(!folder.contents.contains("out.mkv"))
  }

  @Test func inputsThatCannotBeReadTwiceAreRefused() throws {
    var piped = try job("out.mkv", .estimated)
    piped.input = StandardStream.path
    #expect {
      _ = try piped.run()
    } throws: { error in
      "\(error)".contains("--overlay")
    }
  }
}
