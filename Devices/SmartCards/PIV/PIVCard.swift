import Authenticators
import ISO7816
import PIV

/// The PIV card application of a card, by its commands (NIST SP 800-73-4). Each goes to the card at once, and assumes that
/// the application is selected, nothing more.
struct PIVCard {
    let channel: CardChannel
    let path: String

    /// Something that a card may have, or may not even know.
    enum Finding<Value> {
        case found(Value)
        case absent
        case unsupported

        var value: Value? {
            if case .found(let value) = self { value } else { nil }
        }
    }

    /// SELECT. Where PIV is selected already, what was verified stays so (NIST SP 800-73-4 Part 2 §3.1.1), be it by
    /// another program.
    @discardableResult
    func select() throws(AuthenticatorFailure) -> ApplicationProperties {
        var response = try channel.exchange(try PIVCommand.select())
        if response.status == .notFound {
            response = try channel.exchange(try PIVCommand.selectTruncated())
        }
        switch response.status {
        case .success: break
        case .notFound, .functionNotSupported, .instructionNotSupported, .classNotSupported,
            .incorrectParameters, .wrongParameters:
            throw .notAnAuthenticator(path: path)
        default: throw response.status.failure(of: "SELECT")
        }
        let properties = try decoding { () throws(MalformedCardData) in
            try ApplicationProperties(decoding: response.data)
        }
        guard properties.isPIV else { throw .notAnAuthenticator(path: path) }
        return properties
    }

    /// GET DATA. One that was deleted is absent, and so is one that is behind the PIN while that is not verified.
    func contents(of id: DataObjectID) throws(AuthenticatorFailure) -> [UInt8]? {
        let response = try channel.exchange(try PIVCommand.getData(id))
        switch response.status {
        case .success: break
        case .notFound, .referencedDataNotFound, .functionNotSupported,
            .securityStatusNotSatisfied, .incorrectParameters, .wrongData:
            return nil
        default: throw response.status.failure(of: "GET DATA")
        }
        let object = try decoding { () throws(MalformedCardData) in
            try DataObject(id: id, response: response.data)
        }
        return object.contents.isEmpty ? nil : object.contents
    }

    /// PUT DATA, which needs the management key. No contents delete the object.
    func put(_ contents: [UInt8], into id: DataObjectID) throws(AuthenticatorFailure) {
        let response = try channel.exchange(try PIVCommand.putData(id, contents))
        guard response.status.isSuccess else { throw response.status.managementFailure("PUT DATA") }
    }

    func chuid() throws(AuthenticatorFailure) -> CHUID? {
        guard let contents = try contents(of: .cardholderUniqueIdentifier) else { return nil }
        return try decoding { () throws(MalformedCardData) in try CHUID(decoding: contents) }
    }

    /// The discovery object's contents, and what they mean.
    func discovery() throws(AuthenticatorFailure) -> (contents: [UInt8], DiscoveryObject)? {
        guard let contents = try contents(of: .discovery) else { return nil }
        let object = try decoding { () throws(MalformedCardData) in
            try DiscoveryObject(decoding: contents)
        }
        return (contents, object)
    }

    func firmware() throws(AuthenticatorFailure) -> CardFirmware? {
        let data = try vendor("GET VERSION") { () throws(MalformedCardData) in
            try PIVCommand.version()
        }
        return try data.value.map { data throws(AuthenticatorFailure) in
            try decoding { () throws(MalformedCardData) in try CardFirmware(decoding: data) }
        }
    }

    func serialNumber() throws(AuthenticatorFailure) -> UInt32? {
        let data = try vendor("GET SERIAL") { () throws(MalformedCardData) in
            try PIVCommand.serialNumber()
        }
        return try data.value.map { data throws(AuthenticatorFailure) in
            try decoding { () throws(MalformedCardData) in
                try PIVCommand.serialNumber(decoding: data)
            }
        }
    }

    /// What the card knows of the key in a slot.
    func metadata(of slot: PIVSlot) throws(AuthenticatorFailure) -> Finding<CardMetadata> {
        try metadata { () throws(MalformedCardData) in try PIVCommand.metadata(slot) }
    }

    /// What the card knows of a PIN or the PUK.
    func metadata(of reference: PINReference) throws(AuthenticatorFailure) -> CardMetadata? {
        try metadata { () throws(MalformedCardData) in
            try PIVCommand.metadata(of: reference)
        }.value
    }

    /// What the card knows of its management key.
    func managementKeyMetadata() throws(AuthenticatorFailure) -> CardMetadata? {
        try metadata { () throws(MalformedCardData) in
            try PIVCommand.managementKeyMetadata()
        }.value
    }

    /// ATTEST: the DER of a certificate for the key in a slot, which was generated there.
    func attestation(of slot: PIVSlot) throws(AuthenticatorFailure) -> Finding<[UInt8]> {
        try vendor("attestation", pace: .leisurely) { () throws(MalformedCardData) in
            try PIVCommand.attest(slot)
        }
    }

    private func metadata(
        _ make: () throws(MalformedCardData) -> CommandAPDU
    ) throws(AuthenticatorFailure) -> Finding<CardMetadata> {
        switch try vendor("metadata", make) {
        case .unsupported: return .unsupported
        case .absent: return .absent
        case .found(let data):
            return .found(
                try decoding { () throws(MalformedCardData) in try CardMetadata(decoding: data) })
        }
    }

    /// Sends a command that not every card knows.
    private func vendor(
        _ name: String, pace: CardChannel.Pace = .prompt,
        _ make: () throws(MalformedCardData) -> CommandAPDU
    ) throws(AuthenticatorFailure) -> Finding<[UInt8]> {
        let response = try channel.exchange(pace: pace, try make())
        switch response.status {
        case .success: return .found(response.data)
        case .referencedDataNotFound, .notFound: return .absent
        case .instructionNotSupported, .classNotSupported, .functionNotSupported,
            .incorrectParameters, .wrongParameters, .commandNotAllowed, .conditionsNotSatisfied,
            .wrongLength, .wrongData:
            return .unsupported
        default: throw response.status.failure(of: name)
        }
    }
}

extension StatusWord {
    /// What a status means to the person, where nothing more can be tried. Not for success.
    ///
    /// - Parameter name: what was asked of the card.
    func failure(of name: String) -> AuthenticatorFailure {
        switch self {
        case .notEnoughMemory: .storageFull
        case .instructionNotSupported, .classNotSupported, .functionNotSupported,
            .chainingNotSupported:
            .unsupportedFeature(name: name)
        default: .unexpectedStatus(description)
        }
    }

    /// The same for a command that needs the management key.
    func managementFailure(_ name: String) -> AuthenticatorFailure {
        self == .securityStatusNotSatisfied ? .managementKeyRejected : failure(of: name)
    }
}
