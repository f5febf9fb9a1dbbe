import Cryptography
import Testing
import TestSupport

struct PathTests {
    /// 2024 to 2033.
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_019_686_399)
    private static let within: Int64 = 1_767_225_600
    /// A year in the middle.
    private static let brief = CertificateAuthority.Validity(
        notBefore: 1_735_689_600, notAfter: 1_767_225_599)

    /// A root, an authority below it, and a card's certificate.
    private struct House {
        let root: CertificateAuthority
        let branch: CertificateAuthority
        let card: Certificate

        init(
            branch branchValidity: CertificateAuthority.Validity = validity,
            card cardValidity: CertificateAuthority.Validity = validity
        ) throws {
            root = try CertificateAuthority(
                subject: ["CN": "Root"], key: P256PrivateKey(), validity: validity)
            branch = try root.issueAuthority(
                to: ["CN": "Branch"], key: .p384(P384PrivateKey()), validity: branchValidity)
            card = try branch.issue(
                to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: .init(),
                validity: cardValidity)
        }

        var anchors: [Certificate] { [root.certificate] }
        var intermediates: [Certificate] { [branch.certificate] }

        /// The lists of both authorities, in force.
        func lists(revoking cards: [[UInt8]] = [], branches: [[UInt8]] = []) throws
            -> [RevocationList]
        {
            [
                try root.revocationList(revoking: branches, validity: validity),
                try branch.revocationList(revoking: cards, validity: validity),
            ]
        }
    }

    @Test func `a path leads through authorities in any order`() throws {
        let house = try House()
        let lower = try house.branch.issueAuthority(
            to: ["CN": "Lower"], key: .p256(P256PrivateKey()), validity: Self.validity)
        let card = try lower.issue(
            to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: .init(),
            validity: Self.validity)
        let stranger = try House()
        let ways = [lower.certificate, house.branch.certificate, stranger.branch.certificate]
        for intermediates in [ways, ways.reversed(), ways + ways + [card]] {
            try card.verifyPath(
                to: house.anchors, through: intermediates, revocationLists: nil, at: Self.within)
        }
        for missing in [[], [lower.certificate], [house.branch.certificate]] {
            #expect(throws: PathFailure.untrusted) {
                try card.verifyPath(
                    to: house.anchors, through: missing, revocationLists: nil, at: Self.within)
            }
        }
    }

    @Test func `an anchor may stand below a root, and be the card itself`() throws {
        let house = try House()
        for anchor in [house.branch.certificate, house.card] {
            try house.card.verifyPath(
                to: [anchor], through: [], revocationLists: nil, at: Self.within)
        }
    }

    @Test func `a path leads to its own anchor`() throws {
        let house = try House()
        let namesake = try House()
        for anchors in [[], namesake.anchors, [namesake.branch.certificate], [namesake.card]] {
            #expect(throws: PathFailure.untrusted) {
                try house.card.verifyPath(
                    to: anchors, through: house.intermediates, revocationLists: nil,
                    at: Self.within)
            }
        }
        // What comes with the card is no anchor.
        #expect(throws: PathFailure.untrusted) {
            try house.card.verifyPath(
                to: namesake.anchors, through: house.intermediates + house.anchors,
                revocationLists: nil, at: Self.within)
        }
        try house.card.verifyPath(
            to: namesake.anchors + house.anchors, through: house.intermediates,
            revocationLists: nil, at: Self.within)
    }

    @Test func `every certificate of a path is in time`() throws {
        let lists: [RevocationList]? = nil
        for house in [try House(card: Self.brief), try House(branch: Self.brief)] {
            let verify = { (time: Int64) throws(PathFailure) in
                _ = try house.card.verifyPath(
                    to: house.anchors, through: house.intermediates, revocationLists: lists,
                    at: time)
            }
            #expect(throws: PathFailure.notYetValid) { try verify(1_735_689_599) }
            try verify(1_735_689_600)
            try verify(1_767_225_598)
            #expect(throws: PathFailure.expired) { try verify(1_767_225_600) }
        }
    }

    @Test func `a path whose lists are in force and empty holds`() throws {
        let house = try House()
        let lists = try house.lists()
        for given in [lists, lists.reversed(), lists + lists] {
            try house.card.verifyPath(
                to: house.anchors, through: house.intermediates, revocationLists: given,
                at: Self.within)
        }
    }

    @Test func `a card or an authority on its issuer's list is revoked`() throws {
        let house = try House()
        let card = house.card.serialNumber
        let branch = house.branch.certificate.serialNumber
        for lists in [
            try house.lists(revoking: [[1], card, [2]]), try house.lists(branches: [branch]),
            try house.lists(revoking: [card], branches: [branch]),
        ] {
            #expect(throws: PathFailure.revoked) {
                try house.card.verifyPath(
                    to: house.anchors, through: house.intermediates, revocationLists: lists,
                    at: Self.within)
            }
        }
        // The numbers are the issuer's: another's mean nothing.
        try house.card.verifyPath(
            to: house.anchors, through: house.intermediates,
            revocationLists: house.lists(revoking: [branch], branches: [card]), at: Self.within)
        // Nor is anything asked where no lists are wanted.
        try house.card.verifyPath(
            to: house.anchors, through: house.intermediates, revocationLists: nil, at: Self.within)
    }

    @Test func `without every list in force nothing is known`() throws {
        let house = try House()
        let lists = try house.lists()
        let stranger = try House()
        // Of namesakes, signed with other keys.
        let foreign = try stranger.lists()
        for given in [[], [lists[0]], [lists[1]], foreign, [lists[0], foreign[1]]] {
            #expect(throws: PathFailure.revocationUnknown) {
                try house.card.verifyPath(
                    to: house.anchors, through: house.intermediates, revocationLists: given,
                    at: Self.within)
            }
        }
    }

    @Test func `a list is in force from its issue until the next is due`() throws {
        let house = try House()
        let brief = try [
            house.root.revocationList(revoking: [], validity: Self.validity),
            house.branch.revocationList(revoking: [], validity: Self.brief),
        ]
        let verify = { (time: Int64) throws(PathFailure) in
            _ = try house.card.verifyPath(
                to: house.anchors, through: house.intermediates, revocationLists: brief, at: time)
        }
        #expect(throws: PathFailure.revocationUnknown) { try verify(1_735_689_599) }
        try verify(1_735_689_600)
        try verify(1_767_225_598)
        #expect(throws: PathFailure.revocationUnknown) { try verify(1_767_225_600) }
    }

    @Test func `an anchor needs no list, and none speaks against it`() throws {
        let house = try House()
        let own = try house.branch.revocationList(revoking: [], validity: Self.validity)
        let roots = try house.root.revocationList(
            revoking: [house.branch.certificate.serialNumber], validity: Self.validity)
        for lists in [[own], [own, roots]] {
            try house.card.verifyPath(
                to: [house.branch.certificate], through: house.anchors, revocationLists: lists,
                at: Self.within)
        }
        #expect(throws: PathFailure.revocationUnknown) {
            try house.card.verifyPath(
                to: [house.branch.certificate], through: house.anchors, revocationLists: [roots],
                at: Self.within)
        }
        try house.card.verifyPath(
            to: [house.card], through: [], revocationLists: [], at: Self.within)
    }

    @Test func `of several anchors' failures the most telling is given`() throws {
        let house = try House()
        let namesake = try House()
        let lists = try house.lists(revoking: [house.card.serialNumber])
        for anchors in [
            house.anchors + namesake.anchors, namesake.anchors + house.anchors,
        ] {
            #expect(throws: PathFailure.revoked) {
                try house.card.verifyPath(
                    to: anchors, through: house.intermediates, revocationLists: lists,
                    at: Self.within)
            }
            #expect(throws: PathFailure.expired) {
                try house.card.verifyPath(
                    to: anchors, through: house.intermediates, revocationLists: lists,
                    at: 4_102_444_800)
            }
        }
    }

    @Test func `authorities that issue each other lead nowhere, and end`() throws {
        let keys = try [P256PrivateKey(), P256PrivateKey()]
        let first = try CertificateAuthority(
            subject: ["CN": "First"], key: keys[0], validity: Self.validity)
        let second = try CertificateAuthority(
            subject: ["CN": "Second"], key: keys[1], validity: Self.validity)
        let loop = try [
            second.issueAuthority(
                to: ["CN": "First"], key: .p256(keys[0]), validity: Self.validity),
            first.issueAuthority(
                to: ["CN": "Second"], key: .p256(keys[1]), validity: Self.validity),
        ].map(\.certificate)
        let card = try first.issue(
            to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: .init(),
            validity: Self.validity)
        let other = try House()
        for intermediates in [loop, loop + loop, loop + [first.certificate, second.certificate]] {
            #expect(throws: PathFailure.untrusted) {
                try card.verifyPath(
                    to: other.anchors, through: intermediates, revocationLists: [],
                    at: Self.within)
            }
        }
        // The loop does not hide the way out of it.
        try card.verifyPath(
            to: [second.certificate], through: loop, revocationLists: nil, at: Self.within)
    }

    @Test func `a path is no longer than ten authorities`() throws {
        var authority = try CertificateAuthority(
            subject: ["CN": "0"], key: P256PrivateKey(), validity: Self.validity)
        let anchor = authority.certificate
        var intermediates: [Certificate] = []
        for number in 1...12 {
            authority = try authority.issueAuthority(
                to: ["CN": "\(number)"], key: .p256(P256PrivateKey()), validity: Self.validity)
            intermediates.append(authority.certificate)
            let card = try authority.issue(
                to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: .init(),
                validity: Self.validity)
            let verify = { () throws(PathFailure) in
                _ = try card.verifyPath(
                    to: [anchor], through: intermediates, revocationLists: nil, at: Self.within)
            }
            if number <= 10 {
                try verify()
            } else {
                #expect(throws: PathFailure.untrusted) { try verify() }
            }
        }
    }

    @Test func `a card issues nothing`() throws {
        let house = try House()
        let key = try P256PrivateKey()
        let card = try house.branch.issue(
            to: ["CN": "Card"], key: key.publicKey, profile: .init(), validity: Self.validity)
        let rogue = CertificateAuthority(certificate: card, key: key)
        let forged = try rogue.issue(
            to: ["CN": "Forged"], key: P256PrivateKey().publicKey, profile: .init(),
            validity: Self.validity)
        #expect(throws: PathFailure.invalid("invalid CA certificate")) {
            try forged.verifyPath(
                to: house.anchors, through: house.intermediates + [card], revocationLists: nil,
                at: Self.within)
        }
    }

    @Test func `a critical extension that is not known is refused`() throws {
        let house = try House()
        var profile = CertificateAuthority.Profile()
        profile.extensions = [CertificateAuthority.Extension("1.2.3.4", [5, 0], isCritical: true)]
        let card = try house.branch.issue(
            to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: profile,
            validity: Self.validity)
        #expect(throws: PathFailure.invalid("unhandled critical extension")) {
            try card.verifyPath(
                to: house.anchors, through: house.intermediates, revocationLists: nil,
                at: Self.within)
        }
    }

    @Test func `a path through every kind of key holds`() throws {
        let rsa = try RSAPrivateKey()
        let root = try CertificateAuthority(
            subject: ["CN": "Root"], key: .rsa(rsa), validity: Self.validity)
        let branch = try root.issueAuthority(
            to: ["CN": "Branch"], key: .p384(P384PrivateKey()), validity: Self.validity)
        let lower = try branch.issueAuthority(
            to: ["CN": "Lower"], key: .p256(P256PrivateKey()), validity: Self.validity)
        let card = try lower.issue(
            to: ["CN": "Card"], key: rsa.publicKey, profile: .init(), validity: Self.validity)
        let lists = try [root, branch, lower].map {
            try $0.revocationList(revoking: [], validity: Self.validity)
        }
        try card.verifyPath(
            to: [root.certificate], through: [branch.certificate, lower.certificate],
            revocationLists: lists, at: Self.within)
    }

    @Test func `no bent card leads anywhere`() throws {
        let house = try House()
        for bent in house.card.derRepresentation.singleBitFlips {
            guard let card = try? Certificate(derRepresentation: bent) else { continue }
            #expect(throws: PathFailure.self) {
                try card.verifyPath(
                    to: house.anchors, through: house.intermediates, revocationLists: nil,
                    at: Self.within)
            }
        }
    }
}
