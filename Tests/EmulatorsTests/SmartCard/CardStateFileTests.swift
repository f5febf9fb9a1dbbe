import Emulators
import Foundation
import ISO7816
import PIV
import Testing

struct CardStateFileTests {
    /// A folder that goes away with the test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "countersign-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: false)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        var path: String { url.appending(path: "card.state").path }
        var contents: [UInt8] {
            get throws { try Array(Data(contentsOf: URL(filePath: path))) }
        }

        func write(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: path))
        }
    }

    private func lab(_ folder: Folder, seed: UInt64 = 1) throws -> CardLab {
        try CardLab(
            configuration: .init(), storage: .file(path: folder.path), seed: seed)
    }

    @Test func `a card outlives its process`() throws {
        let folder = try Folder()
        let key: CardPublicKey
        let longKey: CardPublicKey
        let modulus: CardPublicKey
        let root: [UInt8]
        let serialNumber: UInt32
        do {
            let lab = try lab(folder)
            root = lab.card.attestationRoot
            serialNumber = lab.card.serialNumber
            key = try lab.generate(.authentication, .p256, touchPolicy: .cached)
            longKey = try lab.generate(.cardAuthentication, .p384)
            modulus = try lab.generate(.keyManagement, .rsa2048)
            try lab.succeed(PIVCommand.putData(.administrativeData, [1, 2, 3]))
            let newKey = [UInt8](repeating: 9, count: 32)
            try lab.succeed(PIVCommand.setManagementKey(.aes256, newKey))
            #expect(try lab.status(PIVCommand.verify(.application, CardLab.wrong)) == "63C2")
            #expect(
                try lab.status(
                    PIVCommand.resetRetryCounter(puk: CardLab.wrong, newPIN: CardLab.newPIN))
                    == "63C2")
        }
        let lab = try lab(folder, seed: 2)
        #expect(lab.card.attestationRoot == root)
        #expect(lab.card.serialNumber == serialNumber)
        #expect(try lab.status(PIVCommand.verify()) == "63C2")
        #expect(
            try lab.metadata(PIVCommand.metadata(of: .puk)).retries
                == CardMetadata.Retries(total: 3, left: 2))
        #expect(
            try lab.succeed(PIVCommand.getData(.administrativeData)) == [0x53, 3, 1, 2, 3])
        let metadata = try lab.metadata(PIVCommand.metadata(.authentication))
        #expect(metadata.touchPolicy == .cached)
        #expect(metadata.isGenerated == true)
        try lab.verifyPIN()
        for (slot, key) in [
            (PIVSlot.authentication, key), (.cardAuthentication, longKey),
            (.keyManagement, modulus),
        ] {
            let signature = try lab.response(
                PIVCommand.sign(slot, key.algorithm, Signing.input(key.algorithm)))
            #expect(try Signing.isValid(signature, by: key))
        }
        try lab.manage([UInt8](repeating: 9, count: 32), .aes256)
        #expect(try lab.status(PIVCommand.attest(.authentication)) == "9000")
    }

    @Test func `only its owner may read the file, and no other is left behind`() throws {
        let folder = try Folder()
        do { _ = try lab(folder).generate() }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.sorted() == ["card.state", "card.state.lock"])
    }

    @Test func `two cards cannot have one file`() throws {
        let folder = try Folder()
        let lab = try lab(folder)
        #expect(throws: EmulatorError.stateFileInUse(path: folder.path)) {
            try SoftwareCard(storage: .file(path: folder.path))
        }
        #expect(try lab.status(PIVCommand.version()) == "9000")
    }

    @Test func `a damaged file is refused and left alone`() throws {
        let folder = try Folder()
        do { _ = try lab(folder).generate() }
        let contents = try folder.contents
        #expect(contents.starts(with: Array("countersign smart card, state 1\n".utf8)))
        func isRefused(_ bytes: [UInt8]) throws -> Bool {
            try folder.write(bytes)
            do throws(EmulatorError) {
                _ = try SoftwareCard(storage: .file(path: folder.path))
                return false
            } catch {
                #expect(error.code == "damaged-state-file")
            }
            return try folder.contents == bytes
        }
        for count in stride(from: 0, to: contents.count, by: 13) {
            #expect(try isRefused(Array(contents.prefix(count))))
        }
        for byte in stride(from: 0, to: contents.count, by: 9) {
            var flipped = contents
            flipped[byte] ^= 1 << (byte % 8)
            #expect(try isRefused(flipped))
        }
        #expect(try isRefused(contents + [0]))
        try folder.write(contents)
        _ = try lab(folder)
    }

    @Test func `a command whose state cannot be saved fails, and opens nothing`() throws {
        let folder = try Folder()
        let lab = try lab(folder)
        try lab.verifyPIN()
        #expect(try lab.status(PIVCommand.verify(.application, CardLab.wrong)) == "63C2")
        try FileManager.default.removeItem(at: folder.url)
        #expect(try lab.status(PIVCommand.verify(.application, CardLab.pin)) == "6581")
        #expect(try lab.status(PIVCommand.select()) == "6581")
    }
}
