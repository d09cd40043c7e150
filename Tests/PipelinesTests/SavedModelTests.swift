import Fitting
import Foundation
import Frames
import Inspection
import Kernels
import Masks
import Media
import Reconstruction
import Representations
import TestSupport
import Testing

@testable import Pipelines

@Suite struct SavedModelTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip(frames: 8, pixelFormat: "yuv444p")
  }

  private func save(_ name: String = "in.mkv") throws -> ModelFile {
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "20,12,10,8")]
    masks.orientation = .coded
    var job = RestoreJob(
      input: folder.file(name), output: folder.file("out.mkv"), masks: masks,
      encoding: EncodeSettings(lossless: true))
    job.restoration.preset = .fast
    job.restoration.iterations = 30
    job.savedModel = folder.file("m.safetensors")
    job.overwrite = true
    _ = try job.run()
    return try ModelFile(path: folder.file("m.safetensors"))
  }

  /// Keeps what each fit evaluated at its end.
  private final class Estimates: FitRecorder {
    var estimates: [Estimate] = []
    func siteBegins(first: Int, count: Int, box: Box) {}
    func observe(_ observation: FitObservation) {}
    func fitEnds(_ fit: EndedFit) { estimates.append(fit.result.estimate) }
    func siteEnds(_ report: SiteReport) {}
  }

  /// Frames with masks, which go nowhere.
  private final class Frames: MaskedStream {
    private let reader: VideoReader
    private let mask: CombinedMask

    init(_ reader: VideoReader, _ mask: CombinedMask) { (self.reader, self.mask) = (reader, mask) }

    var format: FrameFormat { reader.format }

    func next() throws -> MaskedFrame? {
      try reader.nextFrame().map { MaskedFrame(frame: $0, mask: try mask.mask(for: $0)) }
    }

    func write(_ frame: Frame) {}
  }

  @Test func atSamplesItIsWhatTheFitEvaluated() throws {
    let file = try save()
    #expect(file.windows.count == 1 && folder.contents == ["in.mkv", "m.safetensors", "out.mkv"])
    let window = file.windows[0]
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "20,12,10,8")]
    var settings = RestorationSettings()
    settings.preset = .fast
    settings.iterations = 30
    let reader = try VideoReader(path: folder.file("in.mkv"))
    let recorder = Estimates()
    _ = try Restorer(settings: settings, execution: Execution(recorder: recorder)).restore(
      Frames(reader, CombinedMask(options: masks, input: MaskedInput(reader: reader))))
    let estimate = try #require(recorder.estimates.first)
    let area = window.box.width * window.box.height
    for t in [0, 3, 7] {
      let crop = Box(
        x: window.box.x, y: window.box.y, width: window.box.width, height: window.box.height)
      let planes = try ModelPicture(time: Double(t), crop: crop).evaluate(file)
      #expect((planes.width, planes.height) == (window.box.width, window.box.height))
      for p in 0..<3 {
        let worst =
          zip(planes.planes[p], estimate.planes[p][t * area..<(t + 1) * area])
          .map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-4, "plane \(p) of frame \(t)")
      }
    }
  }

  @Test func betweenSamplesAndFramesToo() throws {
    let file = try save()
    #expect(file.text.contains("ranks") && file.text.contains("core") && file.text.contains("hold-out PSNR"))
    let large = try ModelPicture(time: 3.5, crop: Box(x: 16, y: 8, width: 16, height: 12), scale: 4)
      .picture(of: file)
    #expect((large.width, large.height) == (64, 48))
    #expect(Set(large.samples).count > 20)
    #expect(throws: JobError.self) { try ModelPicture(time: 7.5).picture(of: file) }
    #expect(throws: JobError.self) {
      try ModelPicture(time: 1, crop: Box(x: 60, y: 0, width: 8, height: 8)).picture(of: file)
    }
  }

  /// A turned and stretched video's model is shown as the video is.
  @Test func picturesAreTurnedAndStretched() throws {
    // Lossless H.264, so that both files hold the same samples.
    try folder.ffmpeg("-i", "in.mkv", "-c:v", "libx264", "-qp", "0", "plain.mov")
    try folder.turn("plain.mov", clockwise: 90, to: "turned.mov")
    try folder.ffmpeg("-i", "in.mkv", "-vf", "setsar=2", "-c:v", "libx264", "-qp", "0", "wide.mov")
    let plain = try ModelPicture(time: 2).picture(of: save("plain.mov"))
    let turnedFile = try save("turned.mov")
    let turned = try ModelPicture(time: 2).picture(of: turnedFile)
    let orientation = turnedFile.video.orientation
    #expect(orientation.quarterTurns == 1 && turned == orientation.displayed(plain))
    // A part is meant as it is seen.
    let crop = Box(x: 5, y: 20, width: 16, height: 10)
    let part = try ModelPicture(time: 2, crop: crop).picture(of: turnedFile)
    #expect(part == PictureView(width: turned.width, height: turned.height, crop: crop).picture(turned))
    let wide = try ModelPicture(time: 2).picture(of: save("wide.mov"))
    #expect((wide.width, wide.height) == (2 * plain.width, plain.height))
  }

  @Test func whatIsNoModelIsRefused() throws {
    try folder.write([8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8), to: "empty.safetensors")
    try folder.write([1, 2, 3], to: "short.safetensors")
    for name in ["empty.safetensors", "short.safetensors", "absent.safetensors", "in.mkv"] {
      #expect {
        try ModelFile(path: folder.file(name))
      } throws: { ($0 as? JobError)?.kind == .input }
    }
    // A window that says more than its tensors hold.
    _ = try save()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("m.safetensors")))
    let range = try #require(bytes.range(of: Data("\\\"netWidth\\\":256".utf8)))
    bytes.replaceSubrange(range, with: Data("\\\"netWidth\\\":999".utf8))
    try folder.write(bytes, to: "changed.safetensors")
    #expect(throws: JobError.self) { try ModelFile(path: folder.file("changed.safetensors")) }
  }

  /// Looks at a changed model as `inspect` does: whatever is wrong with it is the input's fault.
  private func look(_ file: SafeTensors, _ name: String) throws {
    let path = try folder.write(file.data(), to: "mutant.safetensors")
    do {
      let model = try ModelFile(path: path)
      #expect(!model.text.isEmpty)
      _ = try ModelPicture(time: 2).picture(of: model)
    } catch let error as JobError {
      // A frame that the changed file does not hold any more is the command line's.
      #expect([.input, .configuration].contains(error.kind), "\(name): \(error)")
    }
  }

  @Test func whatIsNoNumberIsRefused() throws {
    _ = try save()
    let sound = try SafeTensors(Data(contentsOf: URL(fileURLWithPath: folder.file("m.safetensors"))))
    for value in [Float.nan, .infinity, -.infinity] {
      for name in ["window0.core", "window0.rows.bias1", "window0.columns.weight2"] {
        var file = sound
        file.tensors[name]?.values[3] = value
        let path = try folder.write(file.data(), to: "mutant.safetensors")
        let error = #expect(throws: JobError.self) { try ModelFile(path: path) }
        #expect(error?.kind == .input && error?.description.contains("no numbers") == true)
      }
    }
    // Finite, but what the core makes of them is not.
    var file = sound
    file.tensors["window0.core"]?.values = (sound.tensors["window0.core"]?.values ?? []).map { _ in 3e38 }
    let path = try folder.write(file.data(), to: "mutant.safetensors")
    let error = #expect(throws: JobError.self) {
      try ModelPicture(time: 2).picture(of: ModelFile(path: path))
    }
    #expect(error?.kind == .input && error?.description.contains("is damaged") == true)
  }

  @Test func changedDescriptionsNeverTrap() throws {
    _ = try save()
    let sound = try SafeTensors(Data(contentsOf: URL(fileURLWithPath: folder.file("m.safetensors"))))
    let numbers = [
      "9223372036854775807", "-9223372036854775808", "-1", "0", "65536", "1e38", "1e-300", "null",
    ]
    let number = try NSRegularExpression(pattern: "(?<=[:\\[,])-?[0-9.e+-]+")
    for key in ["video", "window0"] {
      let text = try #require(sound.metadata[key])
      let places = number.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
        Range($0.range, in: text)
      }
      #expect(places.count >= 6)
      for (index, place) in places.enumerated() {
        for other in [numbers[index % numbers.count], numbers[(index + 3) % numbers.count], numbers[0]] {
          var file = sound
          file.metadata[key] = text.replacingCharacters(in: place, with: other)
          try look(file, "\(key) \(text[place]) \(other)")
        }
      }
    }
  }
}
