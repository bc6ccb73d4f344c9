"""Fetches source distributions with pip's own index client, without running the packages' build code.

Usage: sdist.py FOLDER NAME==VERSION...
"""

import os
import sys

from pip._internal.commands import create_command

folder, requirements = sys.argv[1], sys.argv[2:]
command = create_command("download")
with command.main_context():
    options, wanted = command.parse_args(["--no-deps", "--no-binary", ":all:", *requirements])
    session = command.get_default_session(options)
    finder = command._build_package_finder(options, session)
    for requirement in wanted:
        name, version = requirement.split("==")
        links = [found.link for found in finder.find_all_candidates(name) if str(found.version) == version]
        if not links:
            sys.exit(f"{requirement}: no source distribution offered")
        answer = session.get(links[0].url_without_fragment, headers={"Accept-Encoding": "identity"})
        answer.raise_for_status()
        with open(os.path.join(folder, f"{name}-{version}.tar.gz"), "wb") as out:
            out.write(answer.content)
