import CTAP
import Cryptography
import WebAuthn

extension SoftwareAuthenticator {
    /// authenticatorCredentialManagement (CTAP 2.1 §6.8).
    mutating func credentialManagement(
        _ request: CredentialManagementRequest, continuing enumeration: Enumeration?
    ) throws(CTAPStatus) -> CTAPResponse {
        switch request.operation {
        case .enumerateRelyingPartiesNext:
            guard case .relyingParties(let rest) = enumeration else { throw .notAllowed }
            return try nextRelyingParty(rest, total: nil)
        case .enumerateCredentialsNext:
            guard case .credentials(let rest) = enumeration else { throw .notAllowed }
            return try nextCredential(rest, total: nil)
        case .getMetadata:
            try authorize(request, relyingPartyID: nil)
            var response = CredentialManagementResponse()
            response.existingCredentials = state.credentials.count
            response.remainingCredentials =
                Limits.discoverableCredentials - state.credentials.count
            return .success(response.cbor)
        case .enumerateRelyingPartiesBegin:
            try authorize(request, relyingPartyID: nil)
            let parties = relyingParties
            guard !parties.isEmpty else { throw .noCredentials }
            return try nextRelyingParty(parties, total: parties.count)
        case .enumerateCredentialsBegin(let rpIDHash):
            let credentials = discoverableCredentials(rpIDHash: rpIDHash)
            try authorize(request, relyingPartyID: credentials.first?.relyingParty.id)
            guard !credentials.isEmpty else { throw .noCredentials }
            return try nextCredential(credentials, total: credentials.count)
        case .delete(let descriptor):
            let index = try authorizedIndex(of: descriptor, request)
            state.credentials.remove(at: index)
            return .success
        case .updateUser(let descriptor, let user):
            let index = try authorizedIndex(of: descriptor, request)
            guard state.credentials[index].user.id == user.id else { throw .invalidParameter }
            state.credentials[index].user = user
            return .success
        }
    }

    /// Checks the token. One that is tied to a relying party manages that one's credentials only.
    private mutating func authorize(
        _ request: CredentialManagementRequest, relyingPartyID: String?
    ) throws(CTAPStatus) {
        let number = try checkToken(
            request.authorization, message: request.authenticatedMessage,
            permission: .credentialManagement)
        if let bound = boundRelyingPartyID(number), bound != relyingPartyID {
            throw .pinAuthInvalid
        }
    }

    private mutating func authorizedIndex(
        of descriptor: CredentialDescriptor, _ request: CredentialManagementRequest
    ) throws(CTAPStatus) -> Int {
        let index = state.credentials.firstIndex { $0.credential.id == descriptor.id }
        try authorize(
            request, relyingPartyID: index.map { state.credentials[$0].relyingParty.id })
        guard let index else { throw .noCredentials }
        return index
    }

    /// One credential for each relying party, in the order of their first.
    private var relyingParties: [DiscoverableCredential] {
        var seen: Set<String> = []
        return state.credentials.filter { seen.insert($0.relyingParty.id).inserted }
    }

    private mutating func nextRelyingParty(
        _ parties: [DiscoverableCredential], total: Int?
    ) throws(CTAPStatus) -> CTAPResponse {
        guard let first = parties.first else { throw .notAllowed }
        session.enumeration = .relyingParties(Array(parties.dropFirst()))
        var response = CredentialManagementResponse()
        response.relyingParty = first.relyingParty
        response.rpIDHash = first.rpIDHash
        response.totalRelyingParties = total
        return .success(response.cbor)
    }

    private mutating func nextCredential(
        _ credentials: [DiscoverableCredential], total: Int?
    ) throws(CTAPStatus) -> CTAPResponse {
        guard let first = credentials.first else { throw .notAllowed }
        session.enumeration = .credentials(Array(credentials.dropFirst()))
        let key = try internally { () throws(CryptographyError) in
            try P256PrivateKey(rawRepresentation: first.credential.privateKey)
        }
        var response = CredentialManagementResponse()
        response.user = first.user
        response.credential = first.credential.descriptor
        response.publicKey = key.credentialPublicKey?.cbor
        response.totalCredentials = total
        response.credentialProtection = first.credential.protection.rawValue
        response.largeBlobKey = first.largeBlobKey
        return .success(response.cbor)
    }
}
