internal import XMLCoder

// The elements of RFC 6030 §11 as XMLCoder finds them. Every element that the schema has once is a list here, so that a
// repetition shows; every value is text. What the schema has and nobody here needs is not read.

/// An element whose name says everything.
struct Presence: Decodable {
    init(from decoder: any Decoder) throws {}
}

/// An element with an attribute `Algorithm`.
struct AlgorithmElement: Decodable, DynamicNodeDecoding {
    let algorithm: String?

    enum CodingKeys: String, CodingKey { case algorithm = "Algorithm" }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .attribute }
}

struct ContainerElement: Decodable, DynamicNodeDecoding {
    let version: String?
    let encryptionKey: [EncryptionKeyElement]
    let macMethod: [MACMethodElement]
    let keyPackage: [Tolerant<KeyPackageElement>]
    let signature: [Presence]

    enum CodingKeys: String, CodingKey {
        case version = "Version"
        case encryptionKey = "EncryptionKey"
        case macMethod = "MACMethod"
        case keyPackage = "KeyPackage"
        case signature = "Signature"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        key.stringValue == CodingKeys.version.rawValue ? .attribute : .element
    }
}

/// An element that spoils nothing but itself when it cannot be read.
struct Tolerant<Element: Decodable & DynamicNodeDecoding>: Decodable, DynamicNodeDecoding {
    let element: Element?

    init(from decoder: any Decoder) throws {
        element = try? Element(from: decoder)
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        Element.nodeDecoding(for: key)
    }
}

// MARK: Protection

struct EncryptionKeyElement: Decodable {
    let keyName: [String]
    let derivedKey: [DerivedKeyElement]

    enum CodingKeys: String, CodingKey {
        case keyName = "KeyName"
        case derivedKey = "DerivedKey"
    }
}

struct DerivedKeyElement: Decodable {
    let method: [KeyDerivationMethodElement]

    enum CodingKeys: String, CodingKey { case method = "KeyDerivationMethod" }
}

struct KeyDerivationMethodElement: Decodable, DynamicNodeDecoding {
    let algorithm: String?
    let parameters: [PBKDF2Element]

    enum CodingKeys: String, CodingKey {
        case algorithm = "Algorithm"
        case parameters = "PBKDF2-params"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        key.stringValue == CodingKeys.algorithm.rawValue ? .attribute : .element
    }
}

struct PBKDF2Element: Decodable {
    let salt: [SaltElement]
    let iterationCount: [String]
    let keyLength: [String]
    let function: [AlgorithmElement]

    enum CodingKeys: String, CodingKey {
        case salt = "Salt"
        case iterationCount = "IterationCount"
        case keyLength = "KeyLength"
        case function = "PRF"
    }
}

struct SaltElement: Decodable {
    let specified: [String]

    enum CodingKeys: String, CodingKey { case specified = "Specified" }
}

struct MACMethodElement: Decodable, DynamicNodeDecoding {
    let algorithm: String?
    let key: [EncryptedElement]
    let keyReference: [Presence]

    enum CodingKeys: String, CodingKey {
        case algorithm = "Algorithm"
        case key = "MACKey"
        case keyReference = "MACKeyReference"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        key.stringValue == CodingKeys.algorithm.rawValue ? .attribute : .element
    }
}

struct EncryptedElement: Decodable {
    let method: [AlgorithmElement]
    let data: [CipherDataElement]

    enum CodingKeys: String, CodingKey {
        case method = "EncryptionMethod"
        case data = "CipherData"
    }
}

struct CipherDataElement: Decodable {
    let value: [String]

    enum CodingKeys: String, CodingKey { case value = "CipherValue" }
}
