extension TokenCSV {
    /// The fields of a line that are not empty, by their columns.
    struct Row {
        private let values: [Column: String]

        init(_ line: String, _ header: Header) throws(MalformedOATH) {
            let fields = try TokenCSV.fields(of: line)
            guard fields.count == header.columns.count else { throw .fields }
            values = Dictionary(
                uniqueKeysWithValues: zip(header.columns, fields).filter { !$0.1.isEmpty })
        }

        subscript(column: Column) -> String? { values[column] }

        /// The token of the line.
        func draft() throws(MalformedOATH) -> TokenDraft {
            guard let serial = self[.serialNumber] else {
                throw .missing(Column.serialNumber.rawValue)
            }
            let parameters = try parameters()
            var draft = try TokenDraft(secret: secret(), parameters: parameters)
            draft.serial = serial
            draft.user = self[.upn]
            draft.issuer = self[.issuer]
            draft.manufacturer = self[.manufacturer]
            draft.model = self[.model]
            draft.counter = try counter(of: parameters)
            return draft
        }

        private func secret() throws(MalformedOATH) -> [UInt8] {
            if let text = self[.secretKey] { return try Base32.decode(text) }
            if let text = self[.secretHex] { return try SecretText.decodeHexadecimal(text) }
            throw .missing(Column.secretKey.rawValue)
        }

        private func parameters() throws(MalformedOATH) -> TokenParameters {
            guard let kind = TokenKind(rawValue: self[.kind]?.lowercased() ?? "totp") else {
                throw .value(Column.kind.rawValue)
            }
            var members = TokenMembers(kind)
            if let name = self[.algorithm] {
                guard let hash = OATHHash(name: name) else { throw .hash }
                members.hash = hash
            }
            members.digits = try number(.digits, or: .digits)
            members.period = try number(.timeInterval, or: .period)
            members.suite = self[.suite]
            return try members.parameters()
        }

        private func number(
            _ column: Column, or failure: MalformedOATH
        ) throws(MalformedOATH) -> Int? {
            guard let text = self[column] else { return nil }
            guard let number = text.decimalNumber.flatMap({ Int(exactly: $0) }) else {
                throw failure
            }
            return number
        }

        private func counter(of parameters: TokenParameters) throws(MalformedOATH) -> UInt64 {
            guard let text = self[.counter] else { return 0 }
            switch parameters.mechanism {
            case .hotp: break
            case .ocra(let suite) where suite.hasCounter: break
            case .ocra, .totp, .challengeResponse: throw .counter
            }
            guard let counter = text.decimalNumber else { throw .counter }
            return counter
        }
    }
}
