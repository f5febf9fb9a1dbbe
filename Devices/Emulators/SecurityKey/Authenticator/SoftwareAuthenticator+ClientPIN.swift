import CTAP
import Cryptography
import Encoding

extension SoftwareAuthenticator {
    /// authenticatorClientPIN (CTAP 2.1 §6.5.5).
    mutating func clientPIN(_ request: ClientPINRequest) throws(CTAPStatus) -> Step {
        switch request {
        case .getPINRetries:
            return .reply(
                .success(
                    ClientPINResponse(
                        pinRetries: state.pinRetries,
                        needsPowerCycle: session.wrongPINs >= Limits.pinAttemptsPerPowerCycle
                    ).cbor))
        case .getUVRetries:
            return .reply(.success(ClientPINResponse(uvRetries: state.uvRetries).cbor))
        case .getKeyAgreement(let number):
            guard PINUVAuthProtocol(number) != nil else { throw .invalidParameter }
            return .reply(.success(ClientPINResponse(keyAgreement: ownKeyAgreement).cbor))
        case .setPIN(let agreement, let authorization, let newPIN):
            return .reply(try setPIN(Channel(agreement, session), authorization, newPIN))
        case .changePIN(let agreement, let authorization, let newPIN, let pinHash):
            return .reply(
                try changePIN(Channel(agreement, session), authorization, newPIN, pinHash))
        case .getPINToken(let agreement, let pinHash):
            return .reply(
                try getToken(
                    Channel(agreement, session), pinHash,
                    ClientPINRequest.Grant(
                        permissions: [.makeCredential, .getAssertion], relyingPartyID: nil)))
        case .getTokenUsingPIN(let agreement, let pinHash, let grant):
            let channel = try Channel(agreement, session)
            try check(grant)
            return .reply(try getToken(channel, pinHash, grant))
        case .getTokenUsingUV(let agreement, let grant):
            let channel = try Channel(agreement, session)
            try check(grant)
            return try getTokenUsingUV(channel, grant)
        }
    }

    /// The agreement between client and key that a subcommand uses.
    private struct Channel: Sendable {
        let number: PINUVAuthProtocol
        let secret: PINUVAuthProtocol.SharedSecret

        init(
            _ agreement: ClientPINRequest.Agreement, _ session: Session
        ) throws(CTAPStatus) {
            guard let number = PINUVAuthProtocol(agreement.protocolNumber) else {
                throw .invalidParameter
            }
            self.number = number
            do throws(CryptographyError) {
                secret = try number.sharedSecret(
                    ownKey: session.keyAgreement, peer: agreement.key)
            } catch {
                throw .invalidParameter
            }
        }

        func decrypt(_ ciphertext: [UInt8]) -> [UInt8]? {
            do throws(CryptographyError) {
                return try number.decrypt(ciphertext, secret)
            } catch {
                return nil
            }
        }

        func verify(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
            number.verify(message, signature: signature, key: secret.hmacKey)
        }
    }

    private var ownKeyAgreement: KeyAgreementKey? {
        session.keyAgreement.publicKey.p256Point.map {
            KeyAgreementKey(x: Array($0[1..<33]), y: Array($0[33...]))
        }
    }

    private mutating func setPIN(
        _ channel: Channel, _ authorization: [UInt8], _ newPIN: [UInt8]
    ) throws(CTAPStatus) -> CTAPResponse {
        guard state.pin == nil, channel.verify(newPIN, authorization) else {
            throw .pinAuthInvalid
        }
        try store(newPIN, channel)
        return .success
    }

    private mutating func changePIN(
        _ channel: Channel, _ authorization: [UInt8], _ newPIN: [UInt8], _ pinHash: [UInt8]
    ) throws(CTAPStatus) -> CTAPResponse {
        try checkPINIsUsable()
        guard channel.verify(newPIN + pinHash, authorization) else { throw .pinAuthInvalid }
        try checkPIN(channel, pinHash)
        try store(newPIN, channel)
        resetTokens()
        return .success
    }

    private func checkPINIsUsable() throws(CTAPStatus) {
        guard state.pin != nil else { throw .pinNotSet }
        guard state.pinRetries > 0 else { throw .pinBlocked }
        guard session.wrongPINs < Limits.pinAttemptsPerPowerCycle else { throw .pinAuthBlocked }
    }

    /// Compares the PIN; a wrong one costs a retry. The retry is counted before the comparison and given back after
    /// it, as the specification asks of keys that may lose power in between.
    private mutating func checkPIN(
        _ channel: Channel, _ pinHash: [UInt8]
    ) throws(CTAPStatus) {
        state.pinRetries -= 1
        guard
            let pin = state.pin, let hash = channel.decrypt(pinHash),
            ConstantTime.areEqual(hash, pin.hash)
        else {
            session.wrongPINs += 1
            session.keyAgreement = try internally { () throws(CryptographyError) in
                try random.privateKey()
            }
            if state.pinRetries == 0 { throw .pinBlocked }
            if session.wrongPINs >= Limits.pinAttemptsPerPowerCycle { throw .pinAuthBlocked }
            throw .pinInvalid
        }
        session.wrongPINs = 0
        state.pinRetries = Limits.pinRetries
        state.uvRetries = Limits.uvRetries
    }

    /// Decrypts a new PIN, checks it against the policy and stores it.
    private mutating func store(
        _ encrypted: [UInt8], _ channel: Channel
    ) throws(CTAPStatus) {
        guard let padded = channel.decrypt(encrypted), padded.count == 64 else {
            throw .invalidParameter
        }
        let bytes = Array(padded.prefix { $0 != 0 })
        guard bytes.count <= Limits.maximumPINLength,
            let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.count >= state.minimumPINLength
        else { throw .pinPolicyViolation }
        let pin = PIN(
            hash: Array(SHA256.hash(bytes).prefix(16)), length: text.unicodeScalars.count)
        if state.forcePINChange, let old = state.pin,
            ConstantTime.areEqual(old.hash, pin.hash)
        {
            throw .pinPolicyViolation
        }
        state.pin = pin
        state.pinRetries = Limits.pinRetries
        state.forcePINChange = false
    }

    private func check(_ grant: ClientPINRequest.Grant) throws(CTAPStatus) {
        guard !grant.permissions.isEmpty else { throw .invalidParameter }
        let known: TokenPermissions = [
            .makeCredential, .getAssertion, .credentialManagement, .bioEnrollment,
            .largeBlobWrite, .authenticatorConfiguration,
        ]
        guard known.isSuperset(of: grant.permissions) else { throw .unauthorizedPermission }
        if !grant.permissions.isDisjoint(with: [.makeCredential, .getAssertion]),
            grant.relyingPartyID == nil
        {
            throw .missingParameter
        }
    }

    private mutating func getToken(
        _ channel: Channel, _ pinHash: [UInt8], _ grant: ClientPINRequest.Grant
    ) throws(CTAPStatus) -> CTAPResponse {
        try checkPINIsUsable()
        try checkPIN(channel, pinHash)
        guard !state.forcePINChange else { throw .pinPolicyViolation }
        return try issueToken(channel, grant, isUserPresent: false)
    }

    private func getTokenUsingUV(
        _ channel: Channel, _ grant: ClientPINRequest.Grant
    ) throws(CTAPStatus) -> Step {
        // The configuration of the key is for those who know the PIN: the option uvAcfg is not offered.
        guard !grant.permissions.contains(.authenticatorConfiguration) else {
            throw .unauthorizedPermission
        }
        guard !state.fingerprints.isEmpty else { throw .notAllowed }
        guard state.uvRetries > 0 else { throw .userVerificationBlocked }
        // One attempt: the client is told of a wrong finger and asks again.
        return askForFingerprint(attempts: 1) { (authenticator, outcome) throws(CTAPStatus) in
            switch outcome {
            case .verified:
                return .reply(
                    try authenticator.issueToken(channel, grant, isUserPresent: true))
            case .invalid: throw .userVerificationInvalid
            case .blocked: throw .userVerificationBlocked
            case .declined: throw .operationDenied
            case .timedOut: throw .userActionTimeout
            }
        }
    }

    private mutating func issueToken(
        _ channel: Channel, _ grant: ClientPINRequest.Grant, isUserPresent: Bool
    ) throws(CTAPStatus) -> CTAPResponse {
        resetTokens()
        session.tokens[channel.number]?.begin(
            permissions: grant.permissions, relyingPartyID: grant.relyingPartyID,
            isUserPresent: isUserPresent, at: now, random: random)
        guard let token = session.tokens[channel.number]?.bytes else { throw .other }
        let encrypted = try internally { () throws(CryptographyError) in
            try channel.number.encrypt(token, channel.secret, random: random)
        }
        return .success(ClientPINResponse(encryptedToken: encrypted).cbor)
    }
}
