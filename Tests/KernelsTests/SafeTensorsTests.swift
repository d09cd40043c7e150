import Foundation
import Testing

@testable import Kernels

@Suite("safetensors") struct SafeTensorsTests {
  private var example: SafeTensors {
    var file = SafeTensors()
    file.tensors["a"] = .init(shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-30])
    file.tensors["empty"] = .init(shape: [0], values: [])
    file.tensors["scalar"] = .init(shape: [], values: [7])
    file.metadata = ["key": "a \"quoted\" text\n", "n": "1"]
    return file
  }

  @Test("comes back as it was written") func roundTrip() throws {
    #expect(try SafeTensors(example.data()) == example)
  }

  @Test("starts with the header's length, and the arrays at a multiple of eight") func layout() throws {
    let data = [UInt8](try example.data())
    let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    #expect(length % 8 == 0 && data.count == 8 + length + 4 * 7)
    let header = try JSONSerialization.jsonObject(with: Data(data[8..<8 + length])) as? [String: Any]
    let entry = header?["a"] as? [String: Any]
    #expect(entry?["dtype"] as? String == "F32")
    #expect(entry?["shape"] as? [Int] == [2, 3])
    #expect(entry?["data_offsets"] as? [Int] == [0, 24])
  }

  @Test("that is cut short or says what is not so is refused") func damage() throws {
    let data = try example.data()
    for count in [0, 7, 8, 40, data.count - 1] {
      #expect(throws: SafeTensors.ReadError.self) { try SafeTensors(data.prefix(count)) }
    }
    func file(_ header: String, body: Int) -> Data {
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
        + Data(count: body)
    }
    for shape in ["[9223372036854775807,4]", "[-1]", "[3]"] {
      let header = #"{"x":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,8]}}"#
      #expect(throws: SafeTensors.ReadError.self) { try SafeTensors(file(header, body: 8)) }
    }
    let (least, most) = ("-9223372036854775808", "9223372036854775807")
    for offsets in [
      "8,0", "\(most),8", "8,\(least)", "\(least),8", "\(most),\(least)", "\(least),\(most)", "4,12",
    ] {
      let header = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[\#(offsets)]}}"#
      #expect(throws: SafeTensors.ReadError.self, "\(offsets)") { try SafeTensors(file(header, body: 8)) }
    }
    let other = #"{"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}"#
    #expect(throws: SafeTensors.ReadError.self) { try SafeTensors(file(other, body: 8)) }
    let huge = withUnsafeBytes(of: UInt64.max) { Data($0) } + Data(count: 16)
    #expect(throws: SafeTensors.ReadError.self) { try SafeTensors(huge) }
  }

  @Test("An optimiser goes on from its state as if nothing had been") func adamState() {
    func make() -> Adam {
      let parameters = Parameters(count: 5)
      for i in 0..<5 { parameters.values[0, i] = Float(i) }
      return Adam(parameters)
    }
    func step(_ adam: Adam) {
      for i in 0..<5 { adam.parameters.gradients[0, i] = adam.parameters.values[0, i] + Float(adam.steps) }
      adam.step(rate: 0.1)
    }
    let (straight, first, second) = (make(), make(), make())
    for _ in 0..<7 { step(straight) }
    for _ in 0..<3 { step(first) }
    #expect(second.restore(first.state))
    for _ in 0..<4 { step(second) }
    #expect(second.state == straight.state)
    #expect(!second.restore(AdamState(values: [1], m: [1], v: [1], steps: 1)))
  }
}
