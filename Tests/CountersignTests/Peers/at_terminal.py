"""Runs a command at a terminal of its own and types an answer to each of its prompts, which end in ": ".

usage: at_terminal.py ANSWER... -- COMMAND...

Prints what the terminal shows. What is typed is not shown unless the command shows it. The exit code is the command's.
"""
import os
import pty
import sys

split = sys.argv.index("--")
answers, command = sys.argv[1:split], sys.argv[split + 1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
while True:
    try:
        shown = os.read(terminal, 4096)
    except OSError:
        break
    if not shown:
        break
    sys.stdout.buffer.write(shown)
    sys.stdout.buffer.flush()
    if shown.endswith(b": ") and answers:
        os.write(terminal, answers.pop(0).encode() + b"\n")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
