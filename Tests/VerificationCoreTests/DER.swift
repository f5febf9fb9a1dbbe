/// Writes DER (X.690), independently of the code under test.
enum DER {
    static func item(_ tag: UInt8, _ contents: [UInt8]...) -> [UInt8] {
        let content = contents.flatMap(\.self)
        let length: [UInt8] =
            switch content.count {
            case ..<0x80: [UInt8(content.count)]
            case ..<0x100: [0x81, UInt8(content.count)]
            default: [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
            }
        return [tag] + length + content
    }

    static func sequence(_ contents: [UInt8]...) -> [UInt8] { item(0x30, contents.flatMap(\.self)) }
    static func octets(_ contents: [UInt8]) -> [UInt8] { item(0x04, contents) }
    static func bits(_ contents: [UInt8]) -> [UInt8] { item(0x03, [0], contents) }
    static func text(_ value: String) -> [UInt8] { item(0x0C, Array(value.utf8)) }
    static func time(_ value: String) -> [UInt8] { item(0x18, Array(value.utf8)) }

    static let yes = item(0x01, [0xFF])

    /// The contents of an object identifier below 2.x, ready made: only these are needed.
    enum Identifier {
        static let country: [UInt8] = [0x55, 0x04, 0x06]
        static let organization: [UInt8] = [0x55, 0x04, 0x0A]
        static let organizationalUnit: [UInt8] = [0x55, 0x04, 0x0B]
        static let commonName: [UInt8] = [0x55, 0x04, 0x03]
        static let basicConstraints: [UInt8] = [0x55, 0x1D, 0x13]
        /// 1.3.6.1.4.1.45724.1.1.4, id-fido-gen-ce-aaguid.
        static let aaguid: [UInt8] = [
            0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xE5, 0x1C, 0x01, 0x01, 0x04,
        ]
        /// 1.2.840.10045.4.3.2.
        static let ecdsaWithSHA256: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        /// 1.2.840.10045.2.1.
        static let ecPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        /// 1.2.840.10045.3.1.7.
        static let prime256v1: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        /// 1.3.132.0.34.
        static let secp384r1: [UInt8] = [0x2B, 0x81, 0x04, 0x00, 0x22]
    }
}
