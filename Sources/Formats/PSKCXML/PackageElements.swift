internal import XMLCoder

struct KeyPackageElement: Decodable, DynamicNodeDecoding {
    let device: [DeviceElement]
    let key: [KeyElement]

    enum CodingKeys: String, CodingKey {
        case device = "DeviceInfo"
        case key = "Key"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .element }
}

struct DeviceElement: Decodable {
    let manufacturer: [String]
    let serial: [String]
    let model: [String]
    let startDate: [String]
    let expiryDate: [String]
    let user: [String]

    enum CodingKeys: String, CodingKey {
        case manufacturer = "Manufacturer"
        case serial = "SerialNo"
        case model = "Model"
        case startDate = "StartDate"
        case expiryDate = "ExpiryDate"
        case user = "UserId"
    }
}

struct KeyElement: Decodable, DynamicNodeDecoding {
    let id: String?
    let algorithm: String?
    let issuer: [String]
    let parameters: [AlgorithmParametersElement]
    let data: [DataElement]
    let user: [String]
    let policy: [PolicyElement]

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case algorithm = "Algorithm"
        case issuer = "Issuer"
        case parameters = "AlgorithmParameters"
        case data = "Data"
        case user = "UserId"
        case policy = "Policy"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding {
        [CodingKeys.id.rawValue, CodingKeys.algorithm.rawValue].contains(key.stringValue)
            ? .attribute : .element
    }
}

struct AlgorithmParametersElement: Decodable {
    let suite: [String]
    let challenge: [FormatElement]
    let response: [FormatElement]

    enum CodingKeys: String, CodingKey {
        case suite = "Suite"
        case challenge = "ChallengeFormat"
        case response = "ResponseFormat"
    }
}

/// The format of a challenge or a response.
struct FormatElement: Decodable, DynamicNodeDecoding {
    let encoding: String?
    let length: String?
    let checkDigits: String?

    enum CodingKeys: String, CodingKey {
        case encoding = "Encoding"
        case length = "Length"
        case checkDigits = "CheckDigits"
    }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .attribute }
}

struct DataElement: Decodable {
    let secret: [ValueElement]
    let counter: [ValueElement]
    let timeInterval: [ValueElement]
    let timeDrift: [ValueElement]

    enum CodingKeys: String, CodingKey {
        case secret = "Secret"
        case counter = "Counter"
        case timeInterval = "TimeInterval"
        case timeDrift = "TimeDrift"
    }
}

struct ValueElement: Decodable {
    let plain: [String]
    let encrypted: [EncryptedElement]
    let mac: [String]

    enum CodingKeys: String, CodingKey {
        case plain = "PlainValue"
        case encrypted = "EncryptedValue"
        case mac = "ValueMAC"
    }
}

/// What the key may be used for (RFC 6030 §5). Unlike elsewhere, nothing unknown may be passed over in it.
struct PolicyElement: Decodable {
    let startDate: [String]
    let expiryDate: [String]
    let usage: [String]
    let pin: [PINPolicyElement]
    let hasOthers: Bool

    enum CodingKeys: String, CodingKey {
        case startDate = "StartDate"
        case expiryDate = "ExpiryDate"
        case usage = "KeyUsage"
        case pin = "PINPolicy"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        startDate = try container.decode([String].self, forKey: .startDate)
        expiryDate = try container.decode([String].self, forKey: .expiryDate)
        usage = try container.decode([String].self, forKey: .usage)
        pin = try container.decode([PINPolicyElement].self, forKey: .pin)
        let names = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
        hasOthers = names.contains { !$0.isEmpty && CodingKeys(rawValue: $0) == nil }
    }
}

struct PINPolicyElement: Decodable, DynamicNodeDecoding {
    let usageMode: String?

    enum CodingKeys: String, CodingKey { case usageMode = "PINUsageMode" }

    static func nodeDecoding(for key: any CodingKey) -> XMLDecoder.NodeDecoding { .attribute }
}

/// The name of any element or attribute.
struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}
