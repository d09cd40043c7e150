import Foundation

/// Named arrays of 32-bit floats and some text, as a safetensors file: eight bytes of header length, a header in JSON, the
/// arrays (https://github.com/huggingface/safetensors). Little-endian, as all machines this is built for are.
public struct SafeTensors: Sendable, Equatable {
  public struct Tensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
      self.shape = shape
      self.values = values
    }
  }

  public enum ReadError: Error, Equatable {
    /// The file is not what its header says, or has no header that can be understood.
    case malformed(String)
  }

  public var tensors: [String: Tensor] = [:]
  public var metadata: [String: String] = [:]

  public init() {}

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// A header value: the metadata are a table of strings, everything else describes a tensor.
  private enum Value: Codable {
    case tensor(Entry)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if let entry = try? Entry(from: decoder) {
        self = .tensor(entry)
      } else {
        self = .metadata(try [String: String](from: decoder))
      }
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .tensor(let entry): try entry.encode(to: encoder)
      case .metadata(let table): try table.encode(to: encoder)
      }
    }
  }

  /// A tensor that lies somewhere in the arrays behind a header.
  public struct Placed: Sendable {
    public var name: String
    public var shape: [Int]
    /// From the beginning of the arrays.
    public var bytes: Range<Int>

    public init(name: String, shape: [Int], bytes: Range<Int>) {
      self.name = name
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// What stands before the arrays, for files that are larger than memory.
  public static func header(_ tensors: [Placed], metadata: [String: String]) throws -> Data {
    var header: [String: Value] = ["__metadata__": .metadata(metadata)]
    for tensor in tensors {
      header[tensor.name] = .tensor(
        Entry(
          dtype: "F32", shape: tensor.shape,
          data_offsets: [tensor.bytes.lowerBound, tensor.bytes.upperBound]))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var text = try encoder.encode(header)
    // The arrays begin at a multiple of eight bytes.
    text.append(Data(repeating: 0x20, count: (8 - text.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
  }

  public func data() throws -> Data {
    var placed: [Placed] = []
    var body = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      precondition(tensor.shape.reduce(1, *) == tensor.values.count, "a tensor holds what its shape says")
      let start = body.count
      tensor.values.withUnsafeBytes { body.append(contentsOf: $0) }
      placed.append(Placed(name: name, shape: tensor.shape, bytes: start..<body.count))
    }
    return try Self.header(placed, metadata: metadata) + body
  }

  /// - Throws: `ReadError`.
  public init(_ data: Data) throws {
    let bytes = Data(data)
    guard bytes.count >= 8 else { throw ReadError.malformed("it is shorter than a header") }
    let length = bytes.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
    guard let size = Int(exactly: length), size <= bytes.count - 8 else {
      throw ReadError.malformed("its header reaches beyond its end")
    }
    let body = bytes.dropFirst(8 + size)
    guard let header = try? JSONDecoder().decode([String: Value].self, from: bytes[8..<8 + size]) else {
      throw ReadError.malformed("its header can't be understood")
    }
    for (name, value) in header {
      switch value {
      case .metadata(let table): metadata = table
      case .tensor(let entry):
        tensors[name] = try Self.tensor(name, entry, in: body)
      }
    }
  }

  private static func tensor(_ name: String, _ entry: Entry, in body: Data) throws -> Tensor {
    let count = entry.shape.reduce(Int?.some(1)) { product, extent in
      guard let product, extent >= 0 else { return nil }
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      return overflow ? nil : result
    }
    let bounds = entry.data_offsets
    guard entry.dtype == "F32", bounds.count == 2, let count, count <= body.count / 4,
      bounds[0] >= 0, bounds[0] <= bounds[1], bounds[1] <= body.count, bounds[1] - bounds[0] == 4 * count
    else { throw ReadError.malformed("tensor \(name) is not where its header says") }
    let start = body.startIndex + bounds[0]
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      _ = body[start..<start + 4 * count].copyBytes(to: buffer)
      filled = count
    }
    return Tensor(shape: entry.shape, values: values)
  }
}
