import Cryptography
import ISO7816
import PIV

/// A key that a card states to have made, and the statement: a certificate about the key, signed by the card with its
/// attestation key, whose own certificate the maker issued.
struct AttestedKey {
    let key: CardKey
    let statement: SlotAttestation
    let chain: CardChain

    /// Decodes an attestation. What it states is not believed yet.
    init(attestation: [UInt8], intermediates: [[UInt8]]) throws(CardFailure) {
        chain = try CardChain(attestation, through: intermediates, or: .malformedAttestation)
        let names = chain.leaf.subjectValues("CN")
        let leaf = chain.leaf
        statement = try decode(or: .malformedAttestation) { () throws(MalformedCardData) in
            try SlotAttestation(
                extensionValue: leaf.extensionValue,
                commonName: names.count == 1 ? names.first : nil)
        }
        guard leaf.version == 3 else { throw .malformedAttestation }
        key = try CardKey(leaf.publicKey)
    }

    func verify(_ slot: PIVSlot) throws(CardFailure) {
        guard statement.slot == slot else { throw .attestationSlotMismatch(statement.slot) }
    }

    /// Verifies that one of the certificates signed the attestation, whether it is trusted or not, and then whether the
    /// way leads on to an anchor, which it gives. Where `policy` says so, it must.
    func verifyPath(
        _ trust: CardTrust, _ policy: AttestationVerifier.Policy, at time: Int64
    ) throws(CardFailure) -> Certificate? {
        // A certificate that is an anchor is its own path, whatever its signature. Told by the key, for the same
        // certificate can come in other bytes.
        let signers = (chain.intermediates + trust.attestationAnchors).filter { signer in
            signer.publicKey?.subjectPublicKeyInfo != key.subjectPublicKeyInfo
        }
        if let failure = pathFailure(to: signers, through: [], at: time) {
            throw CardFailure(failure, or: .invalidAttestationSignature)
        }
        // Anchors may stand below each other. The topmost is whose word it is.
        let through = chain.intermediates + trust.attestationAnchors
        let reached = trust.attestationAnchors.filter { anchor in
            pathFailure(to: [anchor], through: through, at: time) == nil
        }
        if let top = reached.first(where: { $0.subject == $0.issuer }) ?? reached.first {
            return top
        }
        guard policy == .any else {
            let failure = pathFailure(to: trust.attestationAnchors, through: through, at: time)
            throw CardFailure(failure ?? .untrusted, or: .attestationNotTrusted)
        }
        return nil
    }

    private func pathFailure(
        to anchors: [Certificate], through intermediates: [Certificate], at time: Int64
    ) -> PathFailure? {
        do throws(PathFailure) {
            try chain.leaf.verifyPath(
                to: anchors, through: intermediates, revocationLists: nil, at: time)
            return nil
        } catch {
            return error
        }
    }
}
