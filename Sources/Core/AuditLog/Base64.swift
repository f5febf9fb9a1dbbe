import Encoding

/// Base64 with padding (RFC 4648 §4), as notes have it. Strict, so that bytes have one text form.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes)
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return text.replacing("-", with: "+").replacing("_", with: "/") + padding
    }

    /// The bytes, or `nil` where the text is none that ``encode(_:)`` gives.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = String(text).replacing("+", with: "-").replacing("/", with: "_")
        let unpadded = String(characters.prefix { $0 != "=" })
        guard let bytes = try? Base64URL.decode(unpadded), encode(bytes) == String(text) else {
            return nil
        }
        return bytes
    }
}
