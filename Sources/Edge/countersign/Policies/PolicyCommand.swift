import ArgumentParser
import Encoding
import LineProtocol
import Reports

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Write, check and try policies: who may sign in, to what, from where, with what.",
        discussion: """
            Policies are YAML files; Documentation/policies.md describes them. Before they come in force they can be \
            checked, asked about a sign-in, and run over the sign-ins of the log:

              countersign policy check policies/
              countersign policy what-if --user alice --app mail --ip 192.0.2.7 --policy policies/
              countersign policy replay --since 30d --policy policies/ --enforce
              countersign policy apply policies/

            Where the server's configuration names a folder of policies, the server reads that one, and 'apply' and \
            'state' are refused.
            """,
        subcommands: [
            Check.self, Apply.self, List.self, Show.self, State.self, WhatIf.self, Replay.self,
            Measure.self,
        ])

    /// The files that a command is about.
    struct Files: ParsableArguments {
        @Argument(
            help: ArgumentHelp(
                "The files, or folders of files that end in .yaml or .yml.", valueName: "path"))
        var paths: [String]
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the server check policies, and change nothing.",
            discussion: "Problems and warnings are told as compilers do: file:line: message.")

        @OptionGroup var files: Files

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let source = try PolicySource(files.paths)
                let connection = try await server.connect()
                try await connection.send(source)
                let report = try await connection.check(source)
                await connection.close()
                guard report.isGood else { throw report.failure }
                Terminal.say("\(report["policies"]) policies are good.")
            }
        }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put policies in the place of all that are in force.",
            discussion: """
                Policies that would lock out every global administrator are refused, unless --force says why they are \
                to be in force all the same; the reason goes into the audit log.
                """)

        @OptionGroup var files: Files

        @Option(help: ArgumentHelp("Why no administrator need get in.", valueName: "reason"))
        var force: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let source = try PolicySource(files.paths)
                let connection = try await server.connect()
                try await connection.send(source)
                let report = try await connection.check(source)
                guard report.isWellFormed else { throw report.failure }
                let options = force.map { [LineProtocol.Option("force", $0)] } ?? []
                let reply = try await connection.demand(
                    "POLICY APPLY", [], options: options,
                    advice: report.isGood
                        ? nil
                        : "Exclude an administrator, name a break-glass account, or give a reason with --force."
                )
                await connection.close()
                Terminal.say(
                    "\(try reply.required("policies")) policies are in force: \(try reply.required("added")) new, \(try reply.required("changed")) changed, \(try reply.required("removed")) removed."
                )
            }
        }
    }

    struct State: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Switch a policy on, to report-only, or off.",
            discussion: """
                The policy's line in the file that was applied is changed with it; 'policy show' prints that file.
                """)

        @Argument(help: "The policy.")
        var policy: String

        @Argument(help: "on, report-only or off.")
        var state: String

        @Option(help: ArgumentHelp("Why no administrator need get in.", valueName: "reason"))
        var force: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options =
                    [LineProtocol.Option("state", state)]
                    + (force.map { [LineProtocol.Option("force", $0)] } ?? [])
                let reply = try await connection.demand("POLICY STATE", [policy], options: options)
                await connection.close()
                Terminal.say(
                    "Policy \(try reply.required("policy")) is \(try reply.required("state")).")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the files in force as they were given.",
            discussion:
                "More than one file are printed as documents, each after a line with its name.")

        @Argument(help: "The file; all if not given.")
        var file: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options = file.map { [LineProtocol.Option("file", $0)] } ?? []
                let reply = try await connection.demand("POLICY SHOW", [], options: options)
                await connection.close()
                let items = try reply.items()
                var text: [UInt8] = []
                for item in items {
                    if let name = item.value("file"), file == nil {
                        text += Array("--- # \(VisibleText.escaped(name))\n".utf8)
                    } else if let part = item.value("yaml") {
                        text += (try? Base64URL.decode(part)) ?? []
                    }
                }
                Terminal.say(VisibleYAML.text(String(decoding: text, as: UTF8.self)))
            }
        }
    }
}

/// The lines of a file, harmless on a terminal.
enum VisibleYAML {
    static func text(_ yaml: String) -> String {
        yaml.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false)
                    .map { VisibleText.escaped(String($0)) }.joined(separator: "\t")
            }
            .joined(separator: "\n")
    }
}

extension [LineProtocol.Option] {
    /// The value of a key of a list's item.
    func value(_ key: String) -> String? { first { $0.key == key }?.value }

    /// The value of a key, harmless on a terminal; empty where there is none.
    func shown(_ key: String) -> String { value(key).map(VisibleText.escaped) ?? "" }
}
