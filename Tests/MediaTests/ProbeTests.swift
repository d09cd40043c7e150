import Foundation
import Media
import TestSupport
import Testing

/// What `probe` tells is what is there, and what an output then keeps.
@Suite struct ProbeTests {
  @Test func framesAndTimes() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=30000/1001 -frames:v 31 -c:v libx264 -bf 2 -g 10 \(folder.path("even.mp4"))"
    )
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=100:d=0.2 -vf settb=1/100,setpts=N*N -fps_mode passthrough "
        + "-enc_time_base 1/100 -c:v libx264 \(folder.path("odd.mkv"))")
    try ffmpeg("-i \(folder.path("even.mp4")) -ss 0.5 -c copy \(folder.path("plain.mp4"))")
    try ffmpeg("-ss 0.5 -i \(folder.path("even.mp4")) -c copy \(folder.path("cut.mp4"))")
    let even = try #require(try FileProbe.report(folder.path("even.mp4")).video)
    #expect(even.frames == 31 && even.keyFrames == 4 && even.hiddenPackets == 0)
    #expect(even.timing.isRegular == true)
    #expect(abs((even.timing.framesPerSecond ?? 0) - 30000 / 1001) < 0.01)
    let odd = try #require(try FileProbe.report(folder.path("odd.mkv")).video)
    #expect(odd.frames == 20 && odd.timing.isRegular == false)
    #expect(abs((odd.timing.shortestStepSeconds ?? 0) - 0.01) < 0.0011)
    #expect(abs((odd.timing.longestStepSeconds ?? 0) - 0.37) < 0.0011)
    let cut = try #require(try FileProbe.report(folder.path("cut.mp4")).video)
    #expect(cut.hiddenPackets > 0)
    #expect(cut.frames == (try allFrames(folder.path("cut.mp4")).count))
  }

  @Test func whatIsPlannedIsWhatHappens() throws {
    let folder = try TemporaryFolder()
    let source = try StreamCopyTests.rich(folder)
    for name in ["out.mkv", "out.mp4", "out.avi"] {
      let output = folder.path(name)
      let plan = try OutputPlan(input: source, output: output, settings: EncodeSettings())
      #expect(plan.problem == nil)
      #expect(!folder.names.contains(name), "nothing is written")
      let (writer, _) = try transcode(source, output)
      #expect(plan.encoder == writer.encoderName && plan.pixelFormat == writer.pixelFormat)
      for fate in plan.streams {
        let isNamed = writer.warnings.contains { $0.contains("stream \(fate.stream) (") }
        #expect(isNamed == !fate.isKept, "\(name), stream \(fate.stream): \(fate.reason)")
      }
      #expect(Set(plan.warnings).isSubset(of: writer.warnings))
      #expect(plan.keepsChapters == (try !probe(output, "-show_chapters -show_entries chapter=id").isEmpty))
      #expect(plan.keepsChapters != writer.warnings.contains { $0.contains("chapters") })
    }
    let refused = try OutputPlan(
      input: source, output: folder.path("out.webm"), settings: EncodeSettings(codec: "libx264"))
    #expect(refused.encoder == nil && refused.problem?.contains("webm") == true)
  }

  /// What picture files say beside their samples is announced as it is warned of.
  @Test func whatPicturesLoseIsPlanned() throws {
    let folder = try TemporaryFolder()
    let jpeg = try StillMetadataTests.jpeg(folder, "in.jpg", exif: StillMetadataTests.exif(6))
    func tiff(_ name: String, samples: Int, photometric: Int) throws -> String {
      let samplesOfPage = (0..<64 * 48 * samples).map { UInt8(truncatingIfNeeded: $0) }
      var page = TIFFFile.Page(
        width: 64, height: 48, samples: samples, photometric: photometric, blocks: [samplesOfPage])
      page.texts = [270: "from a microscope", 34675: String(repeating: "a profile ", count: 40)]
      try folder.write(TIFFFile([page]).bytes(), name)
      return folder.path(name)
    }
    let colours = try tiff("rgb.tif", samples: 3, photometric: 2)
    let cases: [(input: String, output: String, lost: [String])] = [
      (jpeg, "jpeg.avi", ["EXIF data", "players turn the picture"]),
      (colours, "rgb.mkv", ["the description", "the colour profile"]), (colours, "kept.tif", []),
    ]
    for (input, output, lost) in cases {
      let plan = try OutputPlan(input: input, output: folder.path(output), settings: EncodeSettings())
      let (writer, _) = try transcode(input, folder.path(output))
      #expect(plan.problem == nil && plan.warnings == writer.warnings, "\(output): \(plan.warnings)")
      #expect(writer.warnings.isEmpty == lost.isEmpty, "\(writer.warnings)")
      for words in lost { #expect(writer.warnings.contains { $0.contains(words) }, "\(output): \(words)") }
    }
    let inks = try tiff("inks.tif", samples: 4, photometric: 5)
    let plan = try OutputPlan(input: inks, output: folder.path("inks.png"), settings: EncodeSettings())
    let error = #expect(throws: MediaError.self) { try transcode(inks, folder.path("inks.png")) }
    #expect(plan.problem == error?.description && plan.problem?.contains("inks") == true)
  }

  @Test func encodersByDefault() throws {
    let folder = try TemporaryFolder()
    let cases: [(options: String, file: String, output: String, encoder: String)] = [
      ("-c:v libx265 -x265-params log-level=none", "hevc.mkv", "out.mp4", "libx265"),
      ("-c:v libvpx-vp9 -deadline realtime", "vp9.webm", "out.webm", "libvpx-vp9"),
      ("-c:v prores_ks", "prores.mov", "out.mov", "prores_ks"),
      ("-c:v prores_ks", "prores.mov", "out.mp4", "libx264"),
      ("-c:v ffv1", "ffv1.mkv", "out.mkv", "ffv1"), ("-c:v ffv1", "ffv1.mkv", "out.mp4", "libx264"),
      ("-s 720x576 -pix_fmt yuv420p -c:v dvvideo", "dv.avi", "out.avi", "dvvideo"),
      ("-c:v wmv2", "old.avi", "out.avi", "wmv2"), ("-c:v cinepak", "older.avi", "out.mkv", "libx264rgb"),
      ("-c:v libx264", "h264.mkv", "out.webm", "libvpx-vp9"),
    ]
    for test in cases {
      if !folder.names.contains(test.file) {
        try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 \(test.options) \(folder.path(test.file))")
      }
      let plan = try OutputPlan(
        input: folder.path(test.file), output: folder.path(test.output), settings: EncodeSettings())
      #expect(plan.encoder == test.encoder, "\(test.file) to \(test.output): \(plan.problem ?? "")")
    }
  }
}
