import Cryptography
import Testing
import TestSupport

/// Paths of certificates and lists that others made.
struct IssuedPathTests {
    private static func verify(
        _ card: String, anchor: String = IssuedCards.root,
        through: [String] = [IssuedCards.intermediate], lists: [String]?
    ) throws {
        let lists = try lists?.map { try IssuedCards.list($0) }
        try IssuedCards.certificate(card).verifyPath(
            to: [IssuedCards.certificate(anchor)],
            through: through.map { try IssuedCards.certificate($0) }, revocationLists: lists,
            at: IssuedCards.within)
    }

    @Test func `a card that another issued is trusted`() throws {
        try Self.verify(IssuedCards.card, lists: nil)
        try Self.verify(
            IssuedCards.card, lists: [IssuedCards.rootList, IssuedCards.intermediateList])
        try Self.verify(IssuedCards.card, lists: [IssuedCards.rootList, IssuedCards.pssList])
        try Self.verify(IssuedCards.lost, lists: nil)
    }

    @Test(arguments: [IssuedCards.intermediateList, IssuedCards.pssList])
    func `a card that another revoked is revoked`(list: String) {
        #expect(throws: PathFailure.revoked) {
            try Self.verify(IssuedCards.lost, lists: [IssuedCards.rootList, list])
        }
    }

    @Test func `another anchor is the wrong one`() {
        #expect(throws: PathFailure.untrusted) {
            try Self.verify(IssuedCards.card, anchor: IssuedCards.weakRoot, lists: nil)
        }
    }

    @Test func `a weak signature or key is refused`() throws {
        try Self.verify(
            IssuedCards.strongLeaf, anchor: IssuedCards.weakRoot, through: [], lists: nil)
        for weak in [IssuedCards.sha1Leaf, IssuedCards.shortLeaf] {
            #expect(throws: PathFailure.tooWeak) {
                try Self.verify(weak, anchor: IssuedCards.weakRoot, through: [], lists: nil)
            }
            // An attestation asks for no minimum.
            #expect(
                try IssuedCards.certificate(weak).chains(
                    to: [IssuedCards.certificate(IssuedCards.weakRoot)], through: [],
                    at: IssuedCards.within))
        }
    }

    @Test func `a list with a weak signature says nothing`() {
        #expect(throws: PathFailure.revocationUnknown) {
            try Self.verify(
                IssuedCards.strongLeaf, anchor: IssuedCards.weakRoot, through: [],
                lists: [IssuedCards.sha1List])
        }
    }
}
