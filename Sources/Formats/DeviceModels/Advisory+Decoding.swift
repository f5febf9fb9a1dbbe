import StrictYAML

extension Advisory {
    private static let fields = [
        "schema", "id", "title", "severity", "published", "action", "consequence", "affected",
        "references",
    ]

    /// Decodes the note that the Markdown file `file` holds: front matter in YAML between a first
    /// line `---` and the next such line, then the body. The front matter is as strict as the
    /// catalogue; the body is kept as it is. The name serves for errors only.
    public init(markdown bytes: [UInt8], file: String) throws(CatalogueError) {
        let text = try CatalogueError.wrapping { () throws(YAMLError) in
            try YAMLText.decode(bytes, file: file, limit: Catalogue.fileByteLimit)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            throw .missingFrontMatter(file: file)
        }
        let frontMatter = lines[1..<end].map { $0 + "\n" }.joined()
        let body = lines[(end + 1)...].joined(separator: "\n")
        self = try CatalogueError.wrapping { () throws(YAMLError) in
            let root = try YAMLText.parse(frontMatter, file: file, firstLine: 2)
            return try Self(root, body: body)
        }
    }

    private init(_ root: YAMLMapping, body: String) throws(YAMLError) {
        try root.allow(only: Self.fields)
        try root.require("schema").requireSchemaOne()
        self.init(
            id: try root.require("id").decoded(
                "3 to 64 of A-Z and 0-9, with single hyphens between: YSA-2024-03"
            ) { AdvisoryID($0) },
            title: try root.require("title").text(),
            severity: try root.require("severity").word(of: Severity.self),
            published: try root.require("published").decoded("a day, as 2024-09-03") {
                PublicationDate($0)
            },
            action: try root.require("action").word(of: RecommendedAction.self),
            consequence: try root.require("consequence").text(),
            affected: try Self.affected(root.require("affected")),
            references: try Self.references(root.require("references")),
            body: body
        )
    }

    private static func affected(_ value: YAMLValue) throws(YAMLError) -> [AffectedModel] {
        var affected: [AffectedModel] = []
        for element in try value.list() {
            let entry = try element.mapping()
            try entry.allow(only: ["model", "firmware", "applications", "algorithms"])
            let model = try entry.require("model").modelID()
            guard !affected.contains(where: { $0.model == model }) else {
                throw .repeatedValue(
                    element.location, field: "affected", value: model.description)
            }
            affected.append(
                AffectedModel(
                    model: model, firmware: try entry["firmware"]?.firmwareRange() ?? .all,
                    applications: try words(entry["applications"]),
                    algorithms: try words(entry["algorithms"])))
        }
        return affected
    }

    /// The words of a list; nil where the list is absent, which is no limit.
    private static func words<Value: RawRepresentable & CaseIterable & Hashable>(
        _ value: YAMLValue?
    ) throws(YAMLError) -> Set<Value>? where Value.RawValue == String {
        guard let value else { return nil }
        return try value.set { element throws(YAMLError) in
            try element.word(of: Value.self)
        }
    }

    private static func references(_ value: YAMLValue) throws(YAMLError) -> [Reference] {
        var references: [Reference] = []
        for element in try value.list() {
            let entry = try element.mapping()
            try entry.allow(only: ["at", "title"])
            references.append(
                Reference(
                    location: try entry.require("at").sourceLocation(),
                    title: try entry.require("title").text()))
        }
        return references
    }
}
