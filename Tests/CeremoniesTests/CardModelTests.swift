import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import DeviceModels
import Encoding
import PIV
import Testing
import VerificationCore
import WebAuthn

/// What the catalogue and the advisories make of a card.
struct CardModelTests {
    private let maker: CertificateAuthority
    private let root: String

    init() throws {
        maker = try ScriptedCard.authority("Card maker")
        root = Hex.encode(SHA256.hash(maker.certificate.derRepresentation))
    }

    private func office(_ catalogue: Catalogue) throws -> Office {
        try Office(catalogue: catalogue) { policy in
            policy.cards.attestationAnchors = [maker.certificate]
        }
    }

    private static func firmware(_ major: UInt8) -> CardFirmware {
        CardFirmware(major: major, minor: 0, patch: 0)
    }

    @Test func `a card whose attested firmware an advisory refuses is not enrolled`() throws {
        let office = try office(Models.cards(root: root, family: "ecdsa"))
        #expect(throws: CeremonyError.refusedByAdvisory(id: "ACME-2031-01")) {
            try office.enrol(ScriptedCard(madeBy: maker, firmware: Self.firmware(1)))
        }
        #expect(try office.store.counts().credentials == 0)
    }

    @Test func `firmware and keys that the advisory does not speak of are enrolled`() throws {
        let newer = try office(Models.cards(root: root, family: "ecdsa"))
        let completed = try newer.enrol(
            ScriptedCard(madeBy: maker, firmware: Self.firmware(2)))
        #expect(completed.models.map(\.id.description) == ["acme-card"])
        #expect(completed.findings.isEmpty)
        let other = try office(Models.cards(root: root, family: "rsa"))
        try other.enrol(ScriptedCard(madeBy: maker, firmware: Self.firmware(1)))
    }

    private func signIn(_ catalogue: Catalogue) async throws -> AcceptedSignIn? {
        let office = try office(catalogue)
        let card = try ScriptedCard(madeBy: maker, firmware: Self.firmware(2))
        try office.enrol(card)
        let transaction = try await office.begin(method: .piv)
        let answer = CardAnswer(
            key: .identifier(card.identifier), algorithm: nil,
            signature: try card.sign(transaction.challenge), message: nil)
        guard case .accepted(let signIn) = await office.finish(transaction, with: answer) else {
            return nil
        }
        return signIn
    }

    @Test(arguments: [true, false])
    func `an attested model that is hardware is hardware-bound, a program is not`(
        isSoftware: Bool
    ) async throws {
        let signIn = try #require(
            try await signIn(Models.cards(root: root, family: "rsa", software: isSoftware)))
        #expect(signIn.isHardwareBound == !isSoftware)
    }

    @Test func `a root that the catalogue does not list makes nothing hardware`() async throws {
        let stranger = String(repeating: "00", count: 32)
        let catalogue = try Models.cards(root: stranger, family: "rsa")
        #expect(try await signIn(catalogue)?.isHardwareBound == false)
        #expect(try await signIn(.empty)?.isHardwareBound == false)
    }

    @Test func `an answer to reset names a model, and makes nothing hardware`() async throws {
        let stranger = String(repeating: "00", count: 32)
        let office = try office(Models.cards(root: stranger, family: "rsa"))
        let card = try ScriptedCard(madeBy: maker, firmware: Self.firmware(2))
        let begun = try office.beginCard()
        let completed = try office.cardRegistration.finish(
            transaction: begun.identifier, response: .success(card.register(begun.challenge)),
            claims: CardClaims(answerToReset: [0x3B, 0x00], isManagementKeyDefault: false),
            label: "", client: "front")
        #expect(completed.models.map(\.id.description) == ["acme-card"])
        let transaction = try await office.begin(method: .piv)
        let verdict = await office.finish(
            transaction,
            with: CardAnswer(
                key: .identifier(card.identifier), algorithm: .es256,
                signature: try card.sign(transaction.challenge), message: nil))
        guard case .accepted(let signIn) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(!signIn.isHardwareBound)
    }
}
