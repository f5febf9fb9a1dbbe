import Encoding
import StrictYAML
import WebAuthn

extension DeviceModel {
    private static let fields = [
        "vendor", "name", "products", "software", "form-factors", "transports", "ctap-versions",
        "user-verification", "firmware-encoding", "aaguids", "usb", "attestation", "quirks",
    ]

    /// The fields that state facts, which sources have to support. The name of the entry is ours.
    static let factFields = fields + ModelPIV.fields.map { "piv.\($0)" }

    /// Decodes the entry that the YAML file `file` holds. Strict: every key is known and there
    /// once, every value has its type, every fact a source. The name serves for errors only.
    public init(yaml bytes: [UInt8], file: String) throws(CatalogueError) {
        let (root, piv) = try CatalogueError.wrapping { () throws(YAMLError) in
            try Self.sections(bytes, file: file)
        }
        guard root["aaguids"] != nil || piv != nil else { throw .noApplication(root.location) }
        let sources = try Self.sources(root, piv: piv)
        self = try CatalogueError.wrapping { () throws(YAMLError) in
            try Self(root, piv: piv, sources: sources)
        }
    }

    private static func sections(
        _ bytes: [UInt8], file: String
    ) throws(YAMLError) -> (root: YAMLMapping, piv: YAMLMapping?) {
        let text = try YAMLText.decode(bytes, file: file, limit: Catalogue.fileByteLimit)
        let root = try YAMLText.parse(text, file: file)
        try root.allow(only: ["schema", "id"] + fields + ["piv", "sources"])
        try root.require("schema").requireSchemaOne()
        let piv = try root["piv"]?.mapping()
        try piv?.allow(only: ModelPIV.fields)
        return (root, piv)
    }

    private init(
        _ root: YAMLMapping, piv: YAMLMapping?, sources: [Source]
    ) throws(YAMLError) {
        self.init(
            id: try root.require("id").modelID(),
            vendor: try root.require("vendor").text(),
            name: try root.require("name").text(),
            products: try Self.products(root["products"]),
            isSoftware: try root.require("software").bool(),
            formFactors: try Self.words(root["form-factors"]),
            transports: try Self.words(root.require("transports")),
            ctapVersions: try Self.ctapVersions(root),
            userVerification: try Self.words(root["user-verification"]),
            firmwareEncoding: try Self.firmwareEncoding(root["firmware-encoding"]),
            aaguids: try Self.aaguids(root["aaguids"]),
            usb: try Self.usb(root["usb"]),
            attestation: try Self.attestation(root["attestation"]),
            piv: try piv.map { section throws(YAMLError) in try ModelPIV(section) },
            quirks: try Self.quirks(root["quirks"]),
            sources: sources
        )
    }

    static func words<Value: RawRepresentable & CaseIterable & Hashable>(
        _ value: YAMLValue?
    ) throws(YAMLError) -> Set<Value> where Value.RawValue == String {
        guard let value else { return [] }
        return try value.set { element throws(YAMLError) in
            try element.word(of: Value.self)
        }
    }

    /// The versions, which an entry with AAGUIDs has to give.
    private static func ctapVersions(_ root: YAMLMapping) throws(YAMLError) -> Set<CTAPVersion> {
        guard root["aaguids"] != nil else { return try words(root["ctap-versions"]) }
        return try words(root.require("ctap-versions"))
    }

    private static func products(_ value: YAMLValue?) throws(YAMLError) -> [String] {
        guard let value else { return [] }
        return try value.set { element throws(YAMLError) in try element.text() }.sorted()
    }

    private static func firmwareEncoding(
        _ value: YAMLValue?
    ) throws(YAMLError) -> FirmwareEncoding? {
        guard let value else { return nil }
        return try value.word(of: FirmwareEncoding.self)
    }

    private static func aaguids(_ value: YAMLValue?) throws(YAMLError) -> [ModelAAGUID] {
        guard let value else { return [] }
        var claims: [ModelAAGUID] = []
        for element in try value.list() {
            let entry = try element.mapping()
            try entry.allow(only: ["value", "firmware", "certification"])
            let aaguid: AAGUID = try entry.require("value").decoded(
                "an AAGUID that is not zero, in lower case: 8-4-4-4-12 digits"
            ) { AAGUID($0).flatMap { $0 == .zero ? nil : $0 } }
            guard !claims.contains(where: { $0.value == aaguid }) else {
                throw .repeatedValue(
                    element.location, field: "aaguids", value: aaguid.description)
            }
            var certification: CertificationLevel?
            if let level = entry["certification"] {
                certification = try level.word(of: CertificationLevel.self)
            }
            claims.append(
                ModelAAGUID(
                    value: aaguid, firmware: try entry["firmware"]?.firmwareRange(),
                    certification: certification))
        }
        return claims
    }

    private static func usb(_ value: YAMLValue?) throws(YAMLError) -> Set<USBIdentifier> {
        guard let value else { return [] }
        return try value.set { element throws(YAMLError) in
            try element.decoded("vendor:product in lower-case hexadecimal: 1050:0407") {
                USBIdentifier($0)
            }
        }
    }

    static func attestation(
        _ value: YAMLValue?
    ) throws(YAMLError) -> [AttestationHint] {
        guard let value else { return [] }
        var hints: [AttestationHint] = []
        for element in try value.list() {
            let entry = try element.mapping()
            try entry.allow(only: ["role", "subject", "sha256"])
            let digest: [UInt8] = try entry.require("sha256").decoded(
                "a SHA-256 digest: 64 hexadecimal digits in lower case"
            ) { text in
                guard let bytes = try? Hex.decode(text), bytes.count == 32,
                    Hex.encode(bytes) == text
                else { return nil }
                return bytes
            }
            let hint = AttestationHint(
                role: try entry.require("role").word(of: AttestationHint.Role.self),
                subject: try entry["subject"]?.text(),
                sha256: digest)
            guard !hints.contains(where: { $0.sha256 == digest }) else {
                throw .repeatedValue(
                    element.location, field: "attestation", value: Hex.encode(digest))
            }
            hints.append(hint)
        }
        return hints
    }

    private static func quirks(_ value: YAMLValue?) throws(YAMLError) -> [Quirk] {
        guard let value else { return [] }
        var quirks: [Quirk] = []
        for element in try value.list() {
            let entry = try element.mapping()
            try entry.allow(only: ["id", "summary"])
            let quirk = Quirk(
                id: try entry.require("id").modelID(),
                summary: try entry.require("summary").text())
            guard !quirks.contains(where: { $0.id == quirk.id }) else {
                throw .repeatedValue(
                    element.location, field: "quirks", value: quirk.id.description)
            }
            quirks.append(quirk)
        }
        return quirks
    }

    /// The sources, once it is clear that they match the facts of `root` and of its section `piv`.
    private static func sources(
        _ root: YAMLMapping, piv: YAMLMapping?
    ) throws(CatalogueError) -> [Source] {
        func fact(_ name: String) -> YAMLValue? {
            name.hasPrefix("piv.") ? piv?[String(name.dropFirst(4))] : root[name]
        }
        var sources: [Source] = []
        var supported: Set<String> = []
        let elements = try CatalogueError.wrapping { () throws(YAMLError) in
            try root.require("sources").list()
        }
        for element in elements {
            var places: [(field: String, location: FilePosition)] = []
            let source = try CatalogueError.wrapping { () throws(YAMLError) in
                try Self.source(element) { places.append(($0, $1)) }
            }
            if let stranger = places.first(where: { fact($0.field) == nil }) {
                throw .sourceWithoutFact(stranger.location, field: stranger.field)
            }
            supported.formUnion(source.supports)
            sources.append(source)
        }
        for field in factFields where !supported.contains(field) {
            guard let fact = fact(field) else { continue }
            throw .unsourcedFact(fact.location, field: field)
        }
        return sources
    }

    /// A source; `supported` is told each field that it supports, and where it says so.
    private static func source(
        _ element: YAMLValue, supported: (String, FilePosition) -> Void
    ) throws(YAMLError) -> Source {
        let entry = try element.mapping()
        try entry.allow(only: ["at", "title", "supports"])
        let supports = try entry.require("supports").set { field throws(YAMLError) in
            let expected = "one of: " + factFields.joined(separator: ", ")
            let name = try field.decoded(expected) { factFields.contains($0) ? $0 : nil }
            supported(name, field.location)
            return name
        }
        return Source(
            location: try entry.require("at").sourceLocation(),
            title: try entry.require("title").text(),
            supports: supports)
    }
}

extension YAMLValue {
    /// Refuses any schema but the one that this code knows.
    func requireSchemaOne() throws(YAMLError) {
        _ = try decoded("1, the schema that this version reads") { $0 == "1" ? 1 : nil }
    }

    /// The name of a model.
    func modelID() throws(YAMLError) -> ModelID {
        try decoded("3 to 64 of a-z and 0-9, with single hyphens between") { ModelID($0) }
    }

    /// A range of firmware: a mapping with `from`, `until` or both.
    func firmwareRange() throws(YAMLError) -> FirmwareRange {
        let bounds = try mapping()
        try bounds.allow(only: ["from", "until"])
        guard !bounds.keys.isEmpty else { throw .missingKey(location, key: "from") }
        let from = try bounds["from"]?.firmwareVersion()
        let until = try bounds["until"]?.firmwareVersion()
        guard let range = FirmwareRange(from: from, until: until) else {
            throw .invalidValue(
                location, field: field, value: "\(from, default: "-") until \(until, default: "-")",
                expected: "a ‘from’ that is earlier than ‘until’")
        }
        return range
    }

    private func firmwareVersion() throws(YAMLError) -> FirmwareVersion {
        try decoded("a version of three numbers: 5.7.0") { FirmwareVersion($0) }
    }

    /// Where a source is: an `https` address, or a path in this repository.
    func sourceLocation() throws(YAMLError) -> String {
        try decoded("an https:// address, or a path in this repository") { text in
            guard !text.contains(where: \.isWhitespace) else { return nil }
            if text.hasPrefix("https://") { return text.count > 8 ? text : nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isPath = parts.count > 1 && !text.contains(":")
            return isPath && parts.allSatisfy { !["", ".", ".."].contains($0) } ? text : nil
        }
    }
}
