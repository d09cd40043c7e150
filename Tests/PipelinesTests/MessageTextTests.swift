import Foundation
import Testing

@testable import Pipelines

@Suite struct MessageTextTests {
  @Test func textOfFilesControlsNoTerminal() throws {
    let text = "a \u{1b}]0;title\u{7} \u{9b}31m \u{202e}txt\r\nsecond\tline"
    #expect(
      MessageText.escaped(text) == "a \\u001b]0;title\\u0007 \\u009b31m \\u202etxt\\u000d\nsecond\tline")
    #expect(MessageText.escaped("Grüße, 日本 – 🎬") == "Grüße, 日本 – 🎬")
    // JSON says the same with and without.
    let json = try JSONSerialization.data(withJSONObject: ["key": text])
    let printed = Data(MessageText.escaped(String(decoding: json, as: UTF8.self)).utf8)
    #expect(try JSONSerialization.jsonObject(with: printed) as? [String: String] == ["key": text])
  }
}
