import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct MaskJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip()
    try folder.makeMask()
  }

  private func run(_ name: String, input: String = "in.mkv", _ change: (inout MaskOptions) throws -> Void)
    throws
  {
    var masks = MaskOptions()
    try change(&masks)
    let job = MaskJob(
      input: folder.file(input), masks: masks, output: folder.file(name), overwrite: false)
    try job.check(others: [])
    try job.run()
  }

  private func frames(_ name: String) throws -> (all: [(time: Double?, samples: [UInt16])], format: String) {
    let reader = try VideoReader(path: folder.file(name))
    var all: [(Double?, [UInt16])] = []
    while let frame = try reader.nextFrame() { all.append((frame.time, frame.planes[0].words)) }
    return (all, "\(reader.format.planes.count) of \(reader.format.bitDepth) bits, \(reader.info.codecName)")
  }

  @Test func masksOfSomePlanesAreNotSaved() throws {
    #expect {
      try run("saved.mkv") {
        $0.rectangles = [try MaskRectangle(parsing: "1,2,5,4")]
        $0.planes = .some([.chromaBlue])
      }
    } throws: {
      "\($0)".contains("--mask-planes")
    }
  }

  @Test func masksHaveTheInputsTimesAndAreReadBackAsTheyWere() throws {
    // Frames of two lengths.
    try folder.ffmpeg(
      "-i", folder.file("in.mkv"), "-vf", "settb=1/1000,setpts='N*40+if(gt(N,4),120,0)'", "-fps_mode",
      "passthrough", "-c:v", "ffv1", folder.file("vfr.mkv"))
    func options(_ masks: inout MaskOptions) throws {
      masks.rectangles = [try MaskRectangle(parsing: "1,2,5,4@1; 9,2,5,4@8")]
      masks.keptRectangles = [try MaskRectangle(parsing: "4,0,2,9")]
    }
    try run("saved.mkv", input: "vfr.mkv", options)
    let (input, saved) = (try frames("vfr.mkv"), try frames("saved.mkv"))
    #expect(saved.format == "1 of 8 bits, ffv1")
    #expect(saved.all.map(\.time) == input.all.map(\.time) && saved.all.count == 10)
    var masks = MaskOptions()
    try options(&masks)
    var again = MaskOptions()
    again.file = folder.file("saved.mkv")
    let reader = try VideoReader(path: folder.file("vfr.mkv"))
    let first = try CombinedMask(options: masks, input: MaskedInput(reader: reader))
    let second = try CombinedMask(options: again, input: MaskedInput(reader: reader))
    for number in 0..<10 {
      let frame = try #require(try reader.nextFrame())
      let (a, b) = (try first.mask(for: frame), try second.mask(for: frame))
      #expect(a.isEmpty && b.isEmpty || a == b, "frame \(number)")
      #expect(saved.all[number].samples.count { $0 == 255 } == a.missingCount)
      #expect(saved.all[number].samples.allSatisfy { [0, 255].contains($0) })
    }
    #expect(first.missingCount > 0)
  }

  @Test func aMaskThatIsTheSameInAllFramesCanBeAPicture() throws {
    try run("saved.png") { $0.rectangles = [try MaskRectangle(parsing: "1,2,5,4")] }
    let saved = try frames("saved.png").all
    #expect(saved.count == 1 && saved[0].samples.count { $0 == 255 } == 20)
    #expect {
      try run("other.png") { $0.rectangles = [try MaskRectangle(parsing: "1,2,5,4@3")] }
    } throws: {
      ($0 as? JobError)?.description.contains("not the same in every frame") == true
    }
    #expect(!folder.contents.contains("other.png"))
  }

  @Test func aRestorationWritesItsMasksFirst() throws {
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    var job = RestoreJob(input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks)
    job.savedMask = folder.file("saved.mkv")
    var isThere = false
    _ = try job.run(observe: { _ in
      isThere =
        isThere || folder.contents.contains("out.mkv") == false && folder.contents.contains("saved.mkv")
    })
    #expect(isThere && folder.contents.contains("out.mkv"))
    #expect(
      try frames("saved.mkv").all.map(\.samples)
        == frames("mask.mkv").all.map { $0.samples.map { $0 >= 128 ? 255 : 0 } })
  }

  @Test(arguments: [
    ("saved.mp4", "end it in .mkv"), ("in.mkv", "would replace"), ("mask.mkv", "would replace"),
    ("out.mkv", "would replace"), ("there.mkv", "exists already"), ("no/saved.mkv", "no"),
  ])
  func namesThatCannotBeWritten(name: String, words: String) throws {
    try folder.write([1], to: "there.mkv")
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    var job = RestoreJob(input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks)
    job.savedMask = folder.file(name)
    #expect { try job.run() } throws: { ($0 as? JobError)?.description.contains(words) == true }
    #expect(!folder.contents.contains("out.mkv"))
  }
}
