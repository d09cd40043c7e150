import Foundation
import Yams

/// A file of settings: its outermost value, and the mistakes in it.
struct YAMLDocument {
  let root: YAMLValue
  let diagnostics: YAMLDiagnostics

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is no YAML.
  init(path: String) throws {
    let keys = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = keys?[.size] as? NSNumber, size.intValue > YAMLLimits.bytes {
      throw Self.tooLarge(path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      let isThere = FileManager.default.fileExists(atPath: path)
      let advice = isThere ? "check that it is a file and its permissions" : "there is no such file"
      throw JobError.input("\(path) can't be read: \(advice)")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw JobError.configuration("\(path) is no text in UTF-8")
    }
    try self.init(text: text, file: path)
  }

  /// - Parameter file: its name in messages.
  init(text: String, file: String) throws {
    diagnostics = YAMLDiagnostics(file: file)
    do {
      root = YAMLValue(node: try Self.node(text, file: file), name: "the file", diagnostics: diagnostics)
    } catch let error as YamlError {
      throw Self.failure(error, file: file)
    } catch let failure as YAMLExpansion.Failure {
      diagnostics.add(failure.message, at: failure.mark)
      throw diagnostics.error
    }
  }

  /// The text's outermost value, within bounds.
  ///
  /// - Throws: `JobError`, `YamlError` or `YAMLExpansion.Failure`.
  static func node(_ text: String, file: String) throws -> Node {
    // The size of a pipe is known only now.
    if text.utf8.count > YAMLLimits.bytes { throw tooLarge(file) }
    try YAMLAliases.check(text)
    guard let node = try Yams.compose(yaml: text) else { throw JobError.configuration("\(file) is empty") }
    return try YAMLExpansion.expanded(node)
  }

  private static func tooLarge(_ file: String) -> JobError {
    JobError.configuration(
      "\(file) is larger than \(ByteCount.text(YAMLLimits.bytes)), the most that a file of settings may have: "
        + "use patterns instead of lists, or split it")
  }

  private static func failure(_ error: YamlError, file: String) -> JobError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return JobError.configuration("\(file):\(mark.line):\(mark.column): this is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      return JobError.configuration(
        "\(file):\(context.mark.line):\(context.mark.column): given twice in one place: \(keys)")
    case .reader(let problem, _, _, _):
      return JobError.configuration("\(file) is no YAML: \(problem)")
    default:
      return JobError.configuration("\(file) is no YAML: \(error)")
    }
  }
}

/// Bounds of a file of settings: far more than anyone writes, and little enough to be read at once.
enum YAMLLimits {
  /// Bytes of a file.
  static let bytes = 8 << 20
  /// Bytes of a single value, before and after its variables are replaced.
  static let valueBytes = 1 << 16
  /// Values and keys, with the values that aliases stand for.
  static let values = 200_000
  /// Lists and mappings within each other.
  static let depth = 100
  /// Values, and bytes in them, that all jobs have together once matrices and variables are replaced.
  static let replacedValues = 5_000_000
  static let replacedBytes = 64 << 20
  /// Combinations of one matrix.
  static let combinations = 10_000
  /// Inputs of all jobs together.
  static let tasks = 100_000
  /// Mistakes that are printed.
  static let complaints = 100
  /// Mistakes after which the rest of the file is not checked.
  static let enoughComplaints = 1000
}
