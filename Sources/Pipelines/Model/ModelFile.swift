import Frames
import Foundation
import Kernels
import Representations

/// A file of fitted representations that `--save-model` wrote.
public struct ModelFile {
  let path: String
  let video: SavedModel.Video
  let windows: [SavedModel.Window]
  let models: [ContinuousTucker]

  /// - Throws: `JobError` of kind `.input`.
  public init(path: String) throws {
    func malformed(_ reason: String) -> JobError {
      JobError.input("\(path) is no file of --save-model: \(reason)")
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw JobError.input("the model \(path) can't be read: is there such a file?")
    }
    let file: SafeTensors
    do {
      file = try SafeTensors(data)
    } catch SafeTensors.ReadError.malformed(let reason) {
      throw malformed(reason)
    }
    let decoder = JSONDecoder()
    guard file.metadata["format"] == SavedModel.format, let text = file.metadata["video"],
      let video = try? decoder.decode(SavedModel.Video.self, from: Data(text.utf8)),
      let count = file.metadata["windows"].flatMap({ Int($0) }), (0...file.tensors.count).contains(count),
      (1...65536).contains(video.width), (1...65536).contains(video.height), (1...16).contains(video.bitDepth)
    else { throw malformed("it was written by something else") }
    guard (0..<1).contains(video.redWeight), (0..<1).contains(video.blueWeight),
      video.redWeight + video.blueWeight < 1
    else { throw malformed("the weights of its colours are none") }
    self.path = path
    self.video = video
    var (windows, models): ([SavedModel.Window], [ContinuousTucker]) = ([], [])
    for index in 0..<count {
      guard let text = file.metadata["window\(index)"],
        let window = try? decoder.decode(SavedModel.Window.self, from: Data(text.utf8)), window.first >= 0,
        window.first <= window.last, window.last - window.first < 65536, window.ranks.count == 3,
        window.frequencies.count == 3, window.centres.count == video.roles.count,
        Self.fits(window.box, video),
        let model = ContinuousTucker(
          configuration: TuckerConfiguration(
            ranks: .init(row: window.ranks[0], column: window.ranks[1], time: window.ranks[2]),
            frequencies: .init(
              row: window.frequencies[0], column: window.frequencies[1], time: window.frequencies[2]),
            width: window.netWidth),
          frames: window.last - window.first + 1, height: window.box.height, width: window.box.width,
          planes: video.roles.count,
          tensor: { file.tensors[SavedModel.prefix(index) + $0]?.values })
      else { throw malformed("window \(index) is not what it should be") }
      if let reason = Self.notNumbers(window, model) {
        throw JobError.input(
          "\(path) is damaged: \(reason) of window \(index) has values that are no numbers")
      }
      windows.append(window)
      models.append(model)
    }
    self.windows = windows
    self.models = models
  }

  /// The part of a window with values that are not finite, which no fit leaves; nil where there is none.
  private static func notNumbers(_ window: SavedModel.Window, _ model: ContinuousTucker) -> String? {
    if !(window.centres + window.frequencies).allSatisfy(\.isFinite) { return "the description" }
    return model.tensors.first { !$0.values.allSatisfy(\.isFinite) }.map { "tensor \($0.name)" }
  }

  private static func fits(_ box: Box, _ video: SavedModel.Video) -> Bool {
    box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x < video.width && box.y < video.height
      && box.width <= video.width - box.x && box.height <= video.height - box.y
  }

  /// A description for people.
  public var text: String {
    let planes = video.roles.map(\.rawValue).joined(separator: ", ")
    var lines = [
      "\(video.input): \(video.width)x\(video.height), \(video.bitDepth) bits, \(planes)",
      "\(windows.count) window\(windows.count == 1 ? "" : "s")",
    ]
    func decibels(_ value: Double?) -> String { value.map { String(format: "%.2f dB", $0) } ?? "-" }
    for (index, (window, model)) in zip(windows, models).enumerated() {
      let box = window.box
      let ranks = zip(["rows", "columns", "frames"], window.ranks).map { "\($0) \($1)" }.joined(
        separator: ", ")
      let penalties = window.penalties.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      lines += [
        "",
        "window \(index): frames \(window.first)-\(window.last), \(box.width)x\(box.height) at \(box.x),\(box.y)",
        "  ranks         \(ranks)",
        "  parameters    \(model.parameterCount), of which the core has \(window.ranks.reduce(video.roles.count, *))",
        "  penalties     \(penalties.isEmpty ? "none" : penalties)",
        "  fit           \(window.iterations) iterations (\(window.stopReason.rawValue)), seed \(window.seed)",
        "  hold-out PSNR \(decibels(window.fitHoldoutPSNR)) by the fit alone, \(decibels(window.holdoutPSNR)) after fusion",
        "  tensors       "
          + model.tensors.map { "\($0.name) \($0.shape.map(String.init).joined(separator: "x"))" }.joined(
            separator: ", "),
      ]
    }
    return lines.joined(separator: "\n")
  }
}
