import Foundation

extension StringProtocol {
  /// The text without the white space around it.
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// `1 frame`, `12 frames`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

/// The same with the numbers from 0 on: `1 frame, 0`, `12 frames, 0 to 11`.
func numbered(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  counted(count, one, many) + (count == 1 ? ", 0" : ", 0 to \(count - 1)")
}
