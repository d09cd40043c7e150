import Foundation
import Frames
import Masks
import Media
import Pipelines
import Synchronization
import TestSupport

/// Videos and pictures: read to their end, described, and restored with everything that an output keeps of them; and masks.
extension FuzzFormat {
  static let media: [FuzzFormat] =
    both("mkv", ".mkv", videos("in.mkv", ["-c:v", "ffv1"]))
    + both("mp4", ".mp4", videos("in.mp4", ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]))
    + both("y4m", ".y4m", videos("in.y4m", ["-an", "-sn"]))
    + both(
      "png", ".png", pictures(["gray", "rgb24", "rgba", "pal8", "rgb48be", "monob"], ".png", Packed.png))
    + both("jpeg", ".jpg", pictures(["yuvj420p", "gray"], ".jpg") { $0 })
    + both("webp", ".webp", pictures(["yuv420p", "bgra"], ".webp") { $0 })
    + [
      FuzzFormat(
        name: "mask", suffix: ".png",
        seeds: pictures(["gray", "rgb24", "rgba", "pal8", "gray16be", "monob"], ".png", Packed.png),
        read: readMask),
      FuzzFormat(
        name: "mask-video", suffix: ".mkv", seeds: videos("in.mkv", ["-c:v", "ffv1"]), read: readMask),
    ]

  /// A format that is read alone, and as an input that is restored.
  private static func both(
    _ name: String, _ suffix: String, _ seeds: @escaping @Sendable (ScratchFolder) throws -> [FuzzSeed]
  ) -> [FuzzFormat] {
    [
      FuzzFormat(name: name, suffix: suffix, seeds: seeds, read: readVideo),
      FuzzFormat(name: "restored-\(name)", suffix: suffix, seeds: seeds, read: restoreVideo),
    ]
  }

  static let readVideo: @Sendable (String) throws -> Int = { path in
    let reader = try VideoReader(path: path)
    var frames = 0
    while frames < 200, try reader.nextFrame() != nil { frames += 1 }
    _ = reader.damage
    // Decoders hold some frames for themselves.
    return reader.format.bytesPerFrame * 16
  }

  private static let restoreVideo: @Sendable (String) throws -> Int = { path in
    let output = PathName.folder(of: path) + "/out" + PathName.suffix(of: path)
    let description = try ProbeJob(input: path, output: output).run()
    _ = try description.json()
    let reader = try VideoReader(path: path)
    let size = reader.format.bytesPerFrame
    // What is restored at such a size takes memory and minutes, and no more of the file is read for it.
    if size > 1 << 16 { return size * 64 }
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "2,2,3,3")]
    masks.orientation = .coded
    var job = RestoreJob(input: path, output: output, masks: masks, encoding: EncodeSettings())
    job.restoration.preset = .fast
    job.restoration.iterations = 1
    job.overwrite = true
    // A file may say that it is long. It is stopped by a count, which a sound one reaches a fortieth of: a busy machine would stop that
    // too if time did.
    let asked = Atomic(0)
    _ = try job.run(isCancelled: { asked.add(1, ordering: .relaxed).newValue > 20_000 })
    return size * 64
  }

  private static let readMask: @Sendable (String) throws -> Int = { path in
    var options = MaskOptions()
    options.file = path
    options.dilation = 1
    let format = FrameFormat(
      width: 16, height: 12, bitDepth: 8, planes: [PlaneFormat(role: .luma, width: 16, height: 12)])
    let mask = try CombinedMask(options: options, input: MaskedInput(name: "in.mkv", format: format))
    for index in 0..<4 { _ = try mask.mask(for: Frame(format: format, filledWith: 9, index: index)) }
    try mask.finish()
    return 1 << 24
  }

  /// A clip of a few frames with sound, subtitles, chapters and tags.
  private static func videos(_ name: String, _ coding: [String])
    -> @Sendable (ScratchFolder) throws -> [FuzzSeed]
  {
    { folder in
      try folder.write(Array("1\n00:00:00,000 --> 00:00:00,100\nHello\n".utf8), to: "s.srt")
      try folder.write(
        Array(";FFMETADATA1\ntitle=T\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=80\ntitle=one\n".utf8),
        to: "m.txt")
      let isPlain = name.hasSuffix(".y4m")
      let others =
        isPlain
        ? []
        : [
          "-f", "lavfi", "-i", "sine=f=300:r=8000:d=0.15", "-i", folder.file("s.srt"), "-i",
          folder.file("m.txt"),
          "-map_metadata", "3", "-map_chapters", "3", "-map", "0", "-map", "1", "-map", "2", "-c:s",
          name.hasSuffix(".mp4") ? "mov_text" : "srt",
        ]
      try folder.ffmpeg(
        ["-f", "lavfi", "-i", "testsrc2=s=16x12:r=25"] + others
          + ["-frames:v", "4", "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags", "+bitexact"] + coding
          + [folder.file(name)])
      return [FuzzSeed(content: [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))))]
    }
  }

  private static func pictures(
    _ formats: [String], _ suffix: String, _ file: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> @Sendable (ScratchFolder) throws -> [FuzzSeed] {
    { folder in
      try formats.map { format in
        let path = folder.file(format + suffix)
        try folder.ffmpeg(
          "-f", "lavfi", "-i", "testsrc2=s=16x12", "-frames:v", "1", "-pix_fmt", format, "-metadata",
          "Comment=seed",
          "-fflags", "+bitexact", "-update", "1", path)
        return FuzzSeed(content: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), file: file)
      }
    }
  }
}
