public import ISO7816

/// A data object as GET DATA and PUT DATA carry it (NIST SP 800-73-4 Part 2 §3.1.2, §3.3.2).
public struct DataObject: Hashable, Sendable {
    /// Which it is.
    public let id: DataObjectID
    /// What it holds, without the template 53, 7E or 7F61 around it. Nothing where it was deleted.
    public let contents: [UInt8]

    /// A data object from its parts.
    public init(id: DataObjectID, contents: [UInt8]) {
        self.id = id
        self.contents = contents
    }

    /// Decodes the data of the response to a GET DATA for `id`.
    public init(id: DataObjectID, response: [UInt8]) throws(MalformedCardData) {
        let object = try TLV.decode(response)
        guard object.tag == id.container else { throw .tag }
        self.init(id: id, contents: object.value)
    }

    /// The data of the response to a GET DATA.
    public var response: [UInt8] { TLV(id.container, contents).encoded() }

    /// Decodes the data of a PUT DATA command.
    public init(putData bytes: [UInt8]) throws(MalformedCardData) {
        let objects = try TLV.decodeAll(bytes)
        switch objects.map(\.tag) {
        case [0x5C, 0x53]:
            self.init(id: try DataObjectID(tagBytes: objects[0].value), contents: objects[1].value)
            guard id.container == 0x53 else { throw .value("tag list") }
        case [DataObjectID.discovery.rawValue], [DataObjectID.biometricTemplates.rawValue]:
            self.init(id: DataObjectID(rawValue: objects[0].tag), contents: objects[0].value)
        default: throw .tag
        }
    }

    /// The data of a PUT DATA command.
    public var putData: [UInt8] {
        id.container == 0x53 ? id.tagList + response : response
    }
}

extension DataObjectID {
    /// Decodes the data of a GET DATA command: a tag list 5C with one tag.
    public init(tagList bytes: [UInt8]) throws(MalformedCardData) {
        let list = try TLV.decode(bytes)
        guard list.tag == 0x5C else { throw .tag }
        try self.init(tagBytes: list.value)
    }

    /// The data of a GET DATA command.
    public var tagList: [UInt8] { TLV(0x5C, bytes).encoded() }

    fileprivate init(tagBytes: [UInt8]) throws(MalformedCardData) {
        // An empty object behind the tag makes it one that a decoder can judge.
        let object: TLV
        do throws(MalformedCardData) {
            object = try TLV.decode(tagBytes + [0])
        } catch {
            throw .value("tag list")
        }
        self.init(rawValue: object.tag)
    }
}
