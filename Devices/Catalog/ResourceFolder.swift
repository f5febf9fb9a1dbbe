public import DeviceModels
import Foundation

/// A folder of files that are shipped with the program, found when it runs.
///
/// A build leaves the folder in `<bundle>` beside the executable; an installation has it in
/// `share/countersign` beside the executable's folder. `Bundle.module` is not used: it ends the
/// process where it finds nothing.
public struct ResourceFolder: Sendable {
    private let bundle: String
    private let name: String

    /// The most files that a folder may hold.
    public static let fileLimit = 4_096

    /// The longest file that is read. What decodes the files has a lower limit, and says more.
    public static let byteLimit = 1_048_576

    /// The folder `name`, which SwiftPM copies into the resource bundle `bundle`.
    public init(name: String, bundle: String) {
        self.name = name
        self.bundle = bundle
    }

    /// The path of the folder for the program at `executable`, or this program.
    public func path(
        executable: String? = nil
    ) throws(ResourceFolderError) -> String {
        let executable = URL(fileURLWithPath: executable ?? Self.thisExecutable)
            .resolvingSymlinksInPath()
        let beside = executable.deletingLastPathComponent()
        let candidates = [
            beside.appendingPathComponent(bundle).appendingPathComponent(name).path,
            beside.deletingLastPathComponent().appendingPathComponent("share/countersign")
                .appendingPathComponent(name).path,
        ]
        for candidate in candidates where Self.kind(of: candidate) == .typeDirectory {
            return candidate
        }
        throw .folderNotFound(searched: candidates)
    }

    /// The files of the folder at `path` whose names end with `suffix`, in the order of their
    /// names. Names that start with a dot are passed over; anything else is an error, so that a
    /// misspelt name is not silently left out.
    public static func files(
        at path: String, suffix: String
    ) throws(ResourceFolderError) -> [(name: String, bytes: [UInt8])] {
        guard kind(of: path) == .typeDirectory else { throw .folderNotFound(searched: [path]) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .unreadable(path: path)
        }
        guard names.count <= fileLimit else {
            throw .tooManyFiles(path: path, count: names.count, limit: fileLimit)
        }
        var files: [(name: String, bytes: [UInt8])] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let file = path + "/" + name
            guard name.hasSuffix(suffix), kind(of: file) == .typeRegular else {
                throw .strangeFile(path: file, suffix: suffix)
            }
            files.append((name, try read(file)))
        }
        return files
    }

    private static func read(_ path: String) throws(ResourceFolderError) -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: byteLimit + 1) ?? Data()
            if data.count <= byteLimit { return Array(data) }
        } catch {
            throw .unreadable(path: path)
        }
        throw .fileTooLarge(path: path, limit: byteLimit)
    }

    /// What is at `path`, with symbolic links followed.
    private static func kind(of path: String) -> FileAttributeType? {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType
    }

    private static var thisExecutable: String {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return path ?? CommandLine.arguments.first ?? ""
    }
}

/// Why shipped files could not be loaded. The text of each says what to do about it.
public enum ResourceFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder is at none of the paths.
    case folderNotFound(searched: [String])
    /// The system does not let the folder or file be read.
    case unreadable(path: String)
    /// A folder with more files than the catalogue will ever have.
    case tooManyFiles(path: String, count: Int, limit: Int)
    /// A file that is longer than any entry.
    case fileTooLarge(path: String, limit: Int)
    /// Something in the folder that is not a file with the right ending.
    case strangeFile(path: String, suffix: String)
    /// A file that was read and refused.
    case invalid(CatalogueError)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .folderNotFound: "folder-not-found"
        case .unreadable: "unreadable"
        case .tooManyFiles: "too-many-files"
        case .fileTooLarge: "file-too-large"
        case .strangeFile: "strange-file"
        case .invalid(let error): error.code
        }
    }

    /// What happened and what to do, in a line.
    public var description: String {
        switch self {
        case .folderNotFound(let searched):
            "no folder \(searched.joined(separator: " or ")); keep the program together with the "
                + "files it was built with, or install both under one prefix"
        case .unreadable(let path):
            "\(path) cannot be read; give this user permission to read it"
        case .tooManyFiles(let path, let count, let limit):
            "\(path) has \(count) files, and \(limit) are allowed; is it the right folder?"
        case .fileTooLarge(let path, let limit):
            "\(path) is longer than \(limit) bytes; is it the right file?"
        case .strangeFile(let path, let suffix):
            "\(path) is not a file with a name that ends with \(suffix); "
                + "rename it or take it out of the folder"
        case .invalid(let error):
            error.description
        }
    }
}
