import Foundation
import Frames
import Inspection
import Media

/// The folder of an experiment's results. Each file in it is complete or does not exist.
struct ExperimentFolder {
  let path: String

  /// Makes the folder, or checks whether the existing one may be used.
  ///
  /// - Throws: `JobError` of kind `.output`.
  init(path: String, mayHoldFiles: Bool) throws {
    self.path = path
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw JobError.output("\(path) is a file: results need a folder") }
      let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
      if !mayHoldFiles && !names.isEmpty {
        throw JobError.output(
          "the folder \(path) is not empty: give --resume to go on there, --force to replace, or another --output"
        )
      }
    } else {
      try AtomicFile.makeFolder(path)
    }
    try AtomicFile.checkFolder(of: file("results.json"))
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ data: Data, to name: String) throws { try AtomicFile.write(data, to: file(name)) }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  /// Writes tables and curves of the finished methods.
  func write(_ results: ExperimentResults) throws {
    let table = ExperimentTable(results: results)
    let charts = ExperimentCharts(results: results)
    try write(table.markdown(), to: "results.md")
    try write(table.csv(), to: "curves.csv")
    try write(charts.curves().svg(), to: "curves.svg")
    if let sweep = charts.sweep() { try write(sweep.svg(), to: "sweep.svg") }
    // Last, so that everything it calls complete exists.
    try write(try results.json(), to: "results.json")
  }

  /// The results of an earlier run; nil where there are none.
  ///
  /// - Throws: `JobError` of kind `.configuration` for a file that holds something else.
  func earlierResults() throws -> ExperimentResults? {
    guard let data = FileManager.default.contents(atPath: file("results.json")) else { return nil }
    do {
      return try ExperimentResults(json: data)
    } catch {
      throw JobError.configuration(
        "\(file("results.json")) is not what an experiment wrote: give --force to begin anew")
    }
  }

  /// Writes planes of samples in the order (frames, height, width) as `NAME.png`, or several as `NAME/00001.png`.
  func writePictures(_ planes: [[Float]], name: String, width: Int, height: Int) throws {
    let area = width * height
    let frames = planes[0].count / area
    let roles: [PlaneRole] = planes.count == 1 ? [.luma] : [.red, .green, .blue]
    let format = FrameFormat(width: width, height: height, bitDepth: 8, roles: roles)
    var target = file("\(name).png")
    if frames > 1 {
      let folder = file(name)
      try AtomicFile.makeFolder(folder, advice: "check what is there")
      target = "\(folder)/%05d.png"
    }
    try JobError.during(.writing) {
      let writer = try VideoWriter(path: target, format: format, frameRate: Rational(25, 1), overwrite: true)
      for frame in 0..<frames {
        let samples = planes.map { EightBits.samples($0[frame * area..<(frame + 1) * area]) }
        try writer.write(Frame(format: format, planes: samples, index: frame))
      }
      try writer.finish()
    }
  }

  /// Whether the pictures of a method exist.
  func hasPictures(name: String, frames: Int) -> Bool {
    (1...frames).allSatisfy { number in
      let digits = String(number)
      let numbered = "\(name)/" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      return FileManager.default.fileExists(atPath: file("\(frames == 1 ? name : numbered).png"))
    }
  }
}
