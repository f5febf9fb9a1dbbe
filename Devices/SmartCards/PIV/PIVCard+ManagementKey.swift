import Authenticators
import Cryptography
import ISO7816
import PIV

extension PIVCard {
    /// Presents the management key, in both directions: the card has to prove that it knows it too
    /// (NIST SP 800-73-4 Part 2 appendix A.1).
    ///
    /// - Throws: ``AuthenticatorFailure/managementKeyRejected`` where card and caller have different keys.
    func authenticate(
        with key: ManagementKey, _ algorithm: PIVAlgorithm
    ) throws(AuthenticatorFailure) {
        guard key.secret.count == algorithm.managementKeyLength,
            let blockLength = algorithm.blockLength
        else { throw .managementKeyRejected }
        channel.willPresentSecret()
        let asked = try channel.exchange(try PIVCommand.managementWitness(algorithm))
        guard asked.status.isSuccess else { throw Self.failure(asked.status) }
        guard let witness = try template(asked).witness, witness.count == blockLength else {
            throw .malformedReply
        }
        let challenge = SecureRandom.bytes(blockLength)
        let cipher = BlockCipher(key: key, algorithm: algorithm)
        let opened = try cipher.decrypt(witness)
        let proven = try channel.exchange(
            try PIVCommand.managementProof(algorithm, witness: opened, challenge: challenge))
        guard proven.status.isSuccess else { throw Self.failure(proven.status) }
        guard let response = try template(proven).response else { throw .malformedReply }
        guard ConstantTime.areEqual(response, try cipher.encrypt(challenge)) else {
            throw .managementKeyRejected
        }
    }

    /// Presents the management key that `source` names, and gives a card that has the well-known one another where
    /// that is wanted. The PIN must be verified.
    ///
    /// - Returns: whether the card still has the well-known key.
    func manage(by source: ManagementKeySource) throws(AuthenticatorFailure) -> Bool {
        let metadata = try managementKeyMetadata()
        let algorithm = metadata?.algorithm ?? .tripleDES
        if case .given(let key) = source {
            try authenticate(with: key, algorithm)
            return metadata?.isDefault ?? key.isWellKnown
        }
        if metadata?.isDefault != true, let kept = try keptKey(),
            try accepts(kept, algorithm)
        {
            return false
        }
        guard try mayHaveWellKnownKey(metadata), try acceptsWellKnownKey(algorithm) else {
            throw .managementKeyRejected
        }
        guard case .automatic = source else { throw .managementKeyIsDefault }
        try replaceWellKnownKey(algorithm)
        return false
    }

    /// Whether the card has the well-known key, as far as that can be told without harm: by its own account, or by
    /// trying with cards that know Yubico's commands, which count no failures. `nil` for others.
    func isManagementKeyWellKnown() throws(AuthenticatorFailure) -> Bool? {
        let metadata = try managementKeyMetadata()
        if let isDefault = metadata?.isDefault { return isDefault }
        guard try mayHaveWellKnownKey(metadata) else { return nil }
        return try acceptsWellKnownKey(metadata?.algorithm ?? .tripleDES)
    }

    /// Whether the card has the well-known key by its own account, or can be tried with it: cards that do not know
    /// Yubico's commands may count failures.
    private func mayHaveWellKnownKey(_ metadata: CardMetadata?) throws(AuthenticatorFailure) -> Bool
    {
        if let isDefault = metadata?.isDefault { return isDefault }
        return try firmware() != nil
    }

    /// Whether the card notes that it keeps the management key for the PIN's holder.
    func isManagementKeyKept() throws(AuthenticatorFailure) -> Bool {
        try administrativeData().isKeyKept
    }

    private func accepts(
        _ key: ManagementKey, _ algorithm: PIVAlgorithm
    ) throws(AuthenticatorFailure) -> Bool {
        do throws(AuthenticatorFailure) {
            try authenticate(with: key, algorithm)
            return true
        } catch .managementKeyRejected {
            return false
        }
    }

    private func acceptsWellKnownKey(
        _ algorithm: PIVAlgorithm
    ) throws(AuthenticatorFailure) -> Bool {
        guard let length = algorithm.managementKeyLength else { return false }
        return try accepts(.wellKnown(length: length), algorithm)
    }

    private func keptKey() throws(AuthenticatorFailure) -> ManagementKey? {
        guard let contents = try contents(of: .printedText) else { return nil }
        return try decoding { () throws(MalformedCardData) in
            try KeptManagementKey.decode(contents)
        }
    }

    private func administrativeData() throws(AuthenticatorFailure) -> AdministrativeData {
        guard let contents = try contents(of: .administrativeData) else {
            return AdministrativeData()
        }
        return try decoding { () throws(MalformedCardData) in
            try AdministrativeData(decoding: contents)
        }
    }

    /// Gives the card a random management key and has it kept there. The key comes last: wherever this is interrupted,
    /// the card has the well-known key or keeps the one that it has.
    private func replaceWellKnownKey(_ algorithm: PIVAlgorithm) throws(AuthenticatorFailure) {
        guard let length = algorithm.managementKeyLength else { throw .unsupportedAlgorithm }
        // Text that an issuer had printed on the card is not to be overwritten.
        if try contents(of: .printedText) != nil, try keptKey() == nil {
            throw .managementKeyIsDefault
        }
        let key = ManagementKey(secret: SecretBytes(SecureRandom.bytes(length)))
        try write(SecretBytes.keep(key), "PUT DATA")
        try put(administrativeData().keepingKey().encoded(), into: .administrativeData)
        try write(SecretBytes.setManagementKey(key, algorithm), "SET MANAGEMENT KEY")
    }

    private func write(_ command: SecretBytes, _ name: String) throws(AuthenticatorFailure) {
        let status = try channel.exchange(secret: command)
        guard status.isSuccess else { throw status.managementFailure(name) }
    }

    private func template(
        _ response: ResponseAPDU
    ) throws(AuthenticatorFailure) -> AuthenticationTemplate {
        try decoding { () throws(MalformedCardData) in
            try AuthenticationTemplate(decoding: response.data)
        }
    }

    private static func failure(_ status: StatusWord) -> AuthenticatorFailure {
        switch status {
        case .securityStatusNotSatisfied, .authenticationMethodBlocked, .wrongData,
            .incorrectParameters, .referencedDataNotFound, StatusWord(rawValue: 0x6300):
            .managementKeyRejected
        default:
            status.retriesLeft == nil
                ? status.failure(of: "GENERAL AUTHENTICATE") : .managementKeyRejected
        }
    }
}

extension ManagementKey {
    fileprivate var isWellKnown: Bool {
        secret.withBytes { own in
            ManagementKey.wellKnown(length: own.count).secret.withBytes {
                ConstantTime.areEqual(own, $0)
            }
        }
    }
}

/// The block cipher of a management key.
private struct BlockCipher {
    let key: ManagementKey
    let algorithm: PIVAlgorithm

    func encrypt(_ block: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        try apply { key throws(CryptographyError) in
            algorithm == .tripleDES
                ? try TripleDESECB.encryptBlocks(block, key: key)
                : try AESECB.encryptBlocks(block, key: key)
        }
    }

    func decrypt(_ block: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        try apply { key throws(CryptographyError) in
            algorithm == .tripleDES
                ? try TripleDESECB.decryptBlocks(block, key: key)
                : try AESECB.decryptBlocks(block, key: key)
        }
    }

    private func apply(
        _ body: ([UInt8]) throws(CryptographyError) -> [UInt8]
    ) throws(AuthenticatorFailure) -> [UInt8] {
        do throws(CryptographyError) {
            return try key.secret.withBytes(body)
        } catch {
            throw .unexpectedStatus(error.code)
        }
    }
}
