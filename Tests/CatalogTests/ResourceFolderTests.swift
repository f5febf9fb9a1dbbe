import Catalog
import DeviceModels
import FirmwareNotes
import Foundation
import StrictYAML
import Testing

/// A folder of the test's own, which goes when the test does.
private final class Scratch {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("countersign-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func makeFolder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }
}

struct ResourceFolderTests {
    private let scratch: Scratch
    private let folder = ResourceFolder(name: "Models", bundle: "countersign_Catalog.resources")

    init() throws {
        scratch = try Scratch()
    }

    @Test func `finds the bundle beside the executable`() throws {
        let bundle = try scratch.makeFolder("bin/countersign_Catalog.resources/Models")
        _ = try scratch.makeFolder("share/countersign/Models")
        #expect(try folder.path(executable: scratch.path + "/bin/countersign") == bundle)
    }

    @Test func `finds an installation under one prefix, through a link too`() throws {
        _ = try scratch.makeFolder("bin")
        _ = try scratch.makeFolder("elsewhere")
        let share = try scratch.makeFolder("share/countersign/Models")
        try scratch.write([], to: "bin/countersign")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/elsewhere/cs",
            withDestinationPath: scratch.path + "/bin/countersign")
        #expect(try folder.path(executable: scratch.path + "/bin/countersign") == share)
        #expect(try folder.path(executable: scratch.path + "/elsewhere/cs") == share)
    }

    @Test func `says where it looked`() {
        let error = ResourceFolderError.folderNotFound(searched: [
            scratch.path + "/bin/countersign_Catalog.resources/Models",
            scratch.path + "/share/countersign/Models",
        ])
        #expect(throws: error) { try folder.path(executable: scratch.path + "/bin/countersign") }
        #expect(error.description.contains("install both under one prefix"))
    }

    @Test func `reads files by name and passes hidden ones over`() throws {
        try scratch.write([2], to: "b.yaml")
        try scratch.write([1], to: "a.yaml")
        try scratch.write([3], to: ".keep")
        let files = try ResourceFolder.files(at: scratch.path, suffix: ".yaml")
        #expect(files.map(\.name) == ["a.yaml", "b.yaml"])
        #expect(files.map(\.bytes) == [[1], [2]])
    }

    @Test func `refuses what does not belong in the folder`() throws {
        try scratch.write([1], to: "a.yml")
        #expect(
            throws: ResourceFolderError.strangeFile(
                path: scratch.path + "/a.yml", suffix: ".yaml")
        ) { try ResourceFolder.files(at: scratch.path, suffix: ".yaml") }
    }

    @Test func `refuses a folder that is named like a file, and a path that is no folder`() throws {
        _ = try scratch.makeFolder("a.yaml")
        #expect(
            throws: ResourceFolderError.strangeFile(
                path: scratch.path + "/a.yaml", suffix: ".yaml")
        ) { try ResourceFolder.files(at: scratch.path, suffix: ".yaml") }
        let missing = scratch.path + "/missing"
        #expect(throws: ResourceFolderError.folderNotFound(searched: [missing])) {
            try ResourceFolder.files(at: missing, suffix: ".yaml")
        }
    }

    @Test func `does not read a file without end`() throws {
        let size = ResourceFolder.byteLimit + 1
        try scratch.write([UInt8](repeating: 0x23, count: size), to: "a.yaml")
        #expect(
            throws: ResourceFolderError.fileTooLarge(
                path: scratch.path + "/a.yaml", limit: ResourceFolder.byteLimit)
        ) { try ResourceFolder.files(at: scratch.path, suffix: ".yaml") }
    }

    @Test func `hands on what is wrong with a file`() throws {
        try scratch.write(Array("id: x\nid: y\n".utf8), to: "a.yaml")
        #expect(
            throws: ResourceFolderError.invalid(
                .yaml(.duplicateKey(FilePosition(file: "a.yaml", line: 1), key: "id")))
        ) { try CatalogFolder.load(from: scratch.path) }
    }

    @Test func `hands on what is wrong with a note`() throws {
        try scratch.write(Array("# No front matter\n".utf8), to: "A-1.md")
        #expect(throws: ResourceFolderError.invalid(.missingFrontMatter(file: "A-1.md"))) {
            try FirmwareNotesFolder.load(from: scratch.path)
        }
    }

    @Test func `takes an empty folder for an empty catalogue`() throws {
        #expect(try CatalogFolder.load(from: scratch.path).isEmpty)
    }
}
