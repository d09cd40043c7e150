import Representations
import Spelling

/// Why a text is no list of penalties: one clear sentence.
public struct RegularizerTextError: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String
}

extension RegularizerSettings {
  /// Reads penalties as people write them: `none`, or `kind=WEIGHT` by commas, WEIGHT a number or `auto`.
  ///
  /// `inrr.row=W`, `inrr.column=W` and `inrr.time=W` (of `inrr`, `air` and `de`) are weights of one axis, on top of
  /// `inrr=W` or of zero. Options: `inrr.r` (columns of G), `inrr.width`, `inrr.rate`, `inrr.form` (paper or local),
  /// `air.rate`.
  ///
  /// - Parameter coordinates: frame by frame, penalties on time say nothing and are refused.
  /// - Throws: `RegularizerTextError`.
  public static func list(
    parsing text: String, coordinates: CoordinateMode = .volume
  ) throws -> [RegularizerSettings] {
    let trimmed = text.trimmedSpaces
    if trimmed == "none" { return [] }
    var drafts: [Draft] = []
    var seen: Set<String> = []
    for item in trimmed.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        \.trimmedSpaces)
      if sides[0] == "none" {
        throw RegularizerTextError(
          description: "'none' stands alone, but '\(trimmed)' has more: leave out 'none' or the rest")
      }
      let key = try Key(parsing: sides[0], in: trimmed)
      guard sides.count == 2, !sides[1].isEmpty else {
        throw RegularizerTextError(
          description: "'\(item.trimmedSpaces)' has no value: write \(sides[0])=\(key.example)")
      }
      guard seen.insert(sides[0]).inserted else {
        throw RegularizerTextError(description: "'\(trimmed)' gives \(sides[0]) twice")
      }
      let index = drafts.firstIndex { $0.kind == key.kind }
      var draft = index.map { drafts[$0] } ?? Draft(kind: key.kind)
      try draft.set(key, sides[1])
      if let index { drafts[index] = draft } else { drafts.append(draft) }
    }
    if coordinates == .frame, let idle = drafts.first(where: \.isOnTimeAlone) {
      throw RegularizerTextError(
        description:
          "'\(idle.kind == .sstv ? "sstv" : "\(idle.kind.rawValue).time")' compares frames, and with "
          + "coordinates frame each is fitted alone: leave one of them out")
    }
    return try drafts.map { try $0.settings() }
  }

  /// Penalties as `list(parsing:)` reads them.
  public static func text(_ list: [RegularizerSettings]) -> String {
    list.isEmpty ? "none" : list.map(\.text).joined(separator: ",")
  }

  /// All that can stand before an equals sign.
  static var keys: [String] { Key.all.map(\.name) }

  private var text: String {
    var parts: [String] = []
    switch weight {
    case .automatic: parts.append("\(kind.rawValue)=auto")
    case .fixed(let row, let column, let time):
      if !kind.hasAxes || (row == column && column == time) {
        parts.append("\(kind.rawValue)=\(row.shortText)")
      } else {
        for (axis, value) in zip(Axis.allCases, [row, column, time]) {
          parts.append("\(kind.rawValue).\(axis.name)=\(value.shortText)")
        }
      }
    }
    if let form { parts.append("\(kind.rawValue).form=\(form.rawValue)") }
    if let centres { parts.append("\(kind.rawValue).r=\(centres)") }
    if kind == .inrr && width != 32 { parts.append("\(kind.rawValue).width=\(width)") }
    if let rate { parts.append("\(kind.rawValue).rate=\(rate.shortText)") }
    return parts.joined(separator: ",")
  }
}

/// Coded as people write it.
extension RegularizerSettings: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let list = try Self.list(parsing: container.decode(String.self))
    guard list.count == 1 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not one penalty")
    }
    self = list[0]
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension RegularizerKind {
  /// Whether each axis has a weight of its own.
  fileprivate var hasAxes: Bool { self == .inrr || self == .air || self == .de }
}

/// What stands before an equals sign.
private struct Key: Equatable {
  enum Part: Equatable { case weight, axis(Axis), form, centres, width, rate }

  var kind: RegularizerKind
  var part: Part

  static let all: [Key] = RegularizerKind.allCases.flatMap { kind -> [Key] in
    var parts: [Part] = [.weight]
    if kind.hasAxes { parts += Axis.allCases.map { .axis($0) } }
    if kind == .inrr { parts += [.form, .centres, .width] }
    if kind == .inrr || kind == .air { parts.append(.rate) }
    return parts.map { Key(kind: kind, part: $0) }
  }

  var name: String {
    switch part {
    case .weight: kind.rawValue
    case .axis(let axis): "\(kind.rawValue).\(axis.name)"
    case .form: "\(kind.rawValue).form"
    case .centres: "\(kind.rawValue).r"
    case .width: "\(kind.rawValue).width"
    case .rate: "\(kind.rawValue).rate"
    }
  }

  var example: String {
    switch part {
    case .weight, .axis: "0.1"
    case .form: "local"
    case .centres: "64"
    case .width: "32"
    case .rate: "1e-4"
    }
  }

  init(kind: RegularizerKind, part: Part) {
    self.kind = kind
    self.part = part
  }

  init(parsing name: String, in text: String) throws {
    if let found = Self.all.first(where: { $0.name == name }) {
      self = found
      return
    }
    if name.isEmpty {
      throw RegularizerTextError(
        description: text.isEmpty
          ? "the list of penalties is empty: write none, or for example inrr=0.1,tv=1e-3"
          : "'\(text)' has a comma too many or a value without a name")
    }
    let hint = Spelling.hint(for: name, among: RegularizerSettings.keys)
    let kinds = RegularizerKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw RegularizerTextError(
      description: "there is no penalty '\(name)'\(hint): choose among \(kinds), or none")
  }
}

/// A penalty while its text is being read.
private struct Draft {
  var kind: RegularizerKind
  var isAutomatic = false
  var weight: Float?
  var axes: [Axis: Float] = [:]
  var form: RegularizerSettings.Form?
  var centres: Int?
  var width: Int?
  var rate: Float?

  init(kind: RegularizerKind) { self.kind = kind }

  /// Whether something was asked for by name that compares frames.
  var isOnTimeAlone: Bool { kind == .sstv || axes[.time] ?? 0 > 0 }

  mutating func set(_ key: Key, _ text: String) throws {
    switch key.part {
    case .weight where text == "auto": isAutomatic = true
    case .weight: weight = try number(text, of: key, "a weight that is not negative, or auto")
    case .axis(let axis): axes[axis] = try number(text, of: key, "a weight that is not negative")
    case .form:
      guard let form = RegularizerSettings.Form(rawValue: text) else {
        throw wrong(text, key, "paper or local")
      }
      self.form = form
    case .centres: centres = try count(text, from: 2, of: key)
    case .width: width = try count(text, from: 1, of: key)
    case .rate:
      let value = try number(text, of: key, "a learning rate above 0")
      if value == 0 { throw wrong(text, key, "a learning rate above 0") }
      rate = value
    }
  }

  func settings() throws -> RegularizerSettings {
    if isAutomatic && !axes.isEmpty {
      throw RegularizerTextError(
        description: "\(kind.rawValue)=auto chooses the weights of all axes: leave out those of single ones")
    }
    guard isAutomatic || weight != nil || !axes.isEmpty else {
      throw RegularizerTextError(
        description:
          "'\(kind.rawValue)' has options but no weight: add \(kind.rawValue)=0.1 or \(kind.rawValue)=auto")
    }
    var settings: RegularizerSettings
    if isAutomatic {
      settings = RegularizerSettings(kind, weight: .automatic)
    } else {
      let rest = weight ?? 0
      settings = RegularizerSettings(
        kind,
        weight: .fixed(
          row: axes[.row] ?? rest, column: axes[.column] ?? rest, time: axes[.time] ?? rest))
    }
    settings.form = form
    settings.centres = centres
    if let width { settings.width = width }
    settings.rate = rate
    return settings
  }

  private func number(_ text: String, of key: Key, _ what: String) throws -> Float {
    guard let value = Float(text), value.isFinite, value >= 0 else { throw wrong(text, key, what) }
    return value
  }

  private func count(_ text: String, from least: Int, of key: Key) throws -> Int {
    guard let value = Int(text), (least...65536).contains(value) else {
      throw wrong(text, key, "a whole number from \(least) to 65536")
    }
    return value
  }

  private func wrong(_ text: String, _ key: Key, _ what: String) -> RegularizerTextError {
    RegularizerTextError(
      description: "'\(key.name)=\(text)': give \(what), such as \(key.name)=\(key.example)")
  }
}

extension StringProtocol {
  fileprivate var trimmedSpaces: String {
    var rest = Substring(self)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

extension Float {
  /// The shortest text that reads back as the same number, without a needless `.0`.
  fileprivate var shortText: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
