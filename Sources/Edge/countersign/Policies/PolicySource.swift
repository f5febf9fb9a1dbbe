import Ceremonies
import ConditionalAccess
import Foundation
import Glibc

/// Files of policies on this machine.
struct PolicySource {
    /// A file as the file system shows it.
    struct Entry: Equatable {
        let path: String
        /// Its name within the policies: what comes behind its folder.
        let name: String
        let size: Int64
        let changedAt: (seconds: Int, nanoseconds: Int)
        let inode: UInt64

        static func == (left: Entry, right: Entry) -> Bool {
            left.path == right.path && left.size == right.size && left.inode == right.inode
                && left.changedAt == right.changedAt
        }
    }

    /// What is in the files.
    let upload: PolicyUpload
    private let paths: [String: String]

    /// The files of paths: a file is itself, and a folder is those directly in it whose names end in `.yaml` or `.yml`, in
    /// the order of the names. Names that begin with a dot do not count.
    static func entries(of paths: [String]) throws(CommandFailure) -> [Entry] {
        var entries: [Entry] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandFailure(.configuration, "\(path) is not there")
            }
            guard isFolder.boolValue else {
                entries.append(try entry(path))
                continue
            }
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
                throw CommandFailure(.configuration, "the folder \(path) cannot be read")
            }
            let files = names.filter { name in
                !name.hasPrefix(".") && [".yaml", ".yml"].contains(where: name.hasSuffix)
            }
            guard !files.isEmpty else {
                throw CommandFailure(
                    .configuration, "the folder \(path) has no files of policies",
                    advice:
                        "Their names end in .yaml or .yml. To have no policies, keep one in which there is nothing but 'schema: 1'."
                )
            }
            for name in files.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                entries.append(try entry((path.hasSuffix("/") ? path : path + "/") + name))
            }
        }
        return entries
    }

    private static func entry(_ path: String) throws(CommandFailure) -> Entry {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(.configuration, "\(path) is no file that can be read")
        }
        return Entry(
            path: path, name: URL(fileURLWithPath: path).lastPathComponent,
            size: Int64(status.st_size),
            changedAt: (status.st_mtim.tv_sec, status.st_mtim.tv_nsec),
            inode: UInt64(status.st_ino))
    }

    /// Reads the files of paths.
    init(_ paths: [String]) throws(CommandFailure) {
        try self.init(Self.entries(of: paths))
    }

    /// Reads files.
    init(_ entries: [Entry]) throws(CommandFailure) {
        var (upload, paths) = (PolicyUpload(), [String: String]())
        for entry in entries {
            if let other = paths.updateValue(entry.path, forKey: entry.name) {
                throw CommandFailure(
                    .configuration, "\(other) and \(entry.path) have the same name",
                    advice: "Policies know files by their names: rename one.")
            }
            let bytes = try Self.read(entry.path)
            do throws(PolicyUploadFailure) {
                try upload.append(bytes, toFile: entry.name)
            } catch {
                throw CommandFailure(.configuration, "\(entry.path): \(error.advice)")
            }
        }
        self.upload = upload
        self.paths = paths
    }

    /// The bytes of a file, and no more of it than shows that it is too long.
    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        var content: [UInt8] = []
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            while content.count <= PolicyFile.byteLimit,
                let part = try handle.read(upToCount: PolicyFile.byteLimit + 1 - content.count),
                !part.isEmpty
            {
                content += part
            }
        } catch {
            throw CommandFailure(.configuration, "\(path) cannot be read")
        }
        guard content.count <= PolicyFile.byteLimit else {
            throw CommandFailure(
                .configuration,
                "\(path):1: it has more than \(PolicyFile.byteLimit) bytes, as many as are allowed",
                advice: "Spread its policies over several files.")
        }
        return content
    }

    /// Where a file of the policies is on this machine.
    func path(of name: String) -> String { paths[name] ?? name }
}
