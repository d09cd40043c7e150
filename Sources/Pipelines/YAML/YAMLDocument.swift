import Foundation
import Yams

/// A file of settings: its outermost value, and what is found to be wrong with it.
struct YAMLDocument {
  let root: YAMLValue
  let diagnostics: YAMLDiagnostics

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is no YAML.
  init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw JobError(
        .input,
        "\(path) can't be read: \(FileManager.default.fileExists(atPath: path) ? "check that it is a file and its permissions" : "there is no such file")"
      )
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw JobError(.configuration, "\(path) is no text in UTF-8")
    }
    try self.init(text: text, file: path)
  }

  /// - Parameter file: what messages call it.
  init(text: String, file: String) throws {
    diagnostics = YAMLDiagnostics(file: file)
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw JobError(.configuration, "\(file) is empty")
      }
      root = YAMLValue(node: node, name: "the file", diagnostics: diagnostics)
    } catch let error as YamlError {
      throw Self.failure(error, file: file)
    }
  }

  private static func failure(_ error: YamlError, file: String) -> JobError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return JobError(.configuration, "\(file):\(mark.line):\(mark.column): this is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      return JobError(
        .configuration,
        "\(file):\(context.mark.line):\(context.mark.column): given twice in one place: \(keys)")
    case .reader(let problem, _, _, _):
      return JobError(.configuration, "\(file) is no YAML: \(problem)")
    default:
      return JobError(.configuration, "\(file) is no YAML: \(error)")
    }
  }
}
