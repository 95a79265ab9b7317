"""What the demo says once it runs: whom to be, where to go, what to look at first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vmps.demo.districts import BIRCH, DISTRICTS, OAKWOOD, DemoDistrict, DemoUser
from vmps.demo.folder import DEFAULT_FOLDER, DemoFolder
from vmps.demo.school_days import COUNT

_WELCOME = """
The demo is running.

Sign in at {web}/sign-in with one of these:

{users}

The passwords were made on the spot, at this demo's first start.

Look first, as Alice, at PowerSchool Setup:

  Settings               Test connection: each step to the simulated PowerSchool;
                         Download plugin: what a real one needs
  School Building Setup  every attendance mode: Oakwood High School writes a code for
                         each class (Meeting), Maple Middle School the minutes attended
                         (Time), the others one code a day (Daily). Linden Academy has
                         no mode yet: choose one. Preview says what an event would
                         write, and writes nothing
  Writeback Logs         {days} school days of events; choose Status Failed: each says
                         why, and who can mend it. Leave the page open for a rush.
                         Compare a day with PowerSchool: the log explains whatever
                         differs

and at Student Tracking:

  Reasons                Maple Middle School's reason Weather has no code yet
  Attendance codes       Cedar Elementary School maps one that its PowerSchool does not
                         have; Linden Academy's are not imported yet

Then be Bob, who sees two schools of five, and Charlie, whose district is another.

  Oakwood's PowerSchool (simulated)  {oakwood}/
  Birch's PowerSchool (simulated)    {birch}/
  This product's health              {web}/readyz
  Logs of the processes              {logs}/

In another terminal:

  {rush}
      sends Oakwood's morning rush of signed events
  {command} writebacks list
      shows what became of each
  {command} writebacks show 1
      shows one of them with every attempt
  {command} --help
      lists every other command

Ctrl-C stops everything; `make demo` goes on where it was, `make clean` forgets it.
"""


def welcome(folder: DemoFolder) -> str:
    """Return the text for a demo that runs in this folder."""
    command = os.path.relpath(Path(sys.executable).with_name("vmps-demo"))
    rush = "make rush"
    if folder.path != DEFAULT_FOLDER:
        command = f"{command} --data {folder.path}"
        rush = f"{command} rush"
    return _WELCOME.format(
        web=folder.web_url,
        users="\n".join(_lines(folder.read())),
        days=COUNT,
        oakwood=folder.simulator_url(OAKWOOD),
        birch=folder.simulator_url(BIRCH),
        logs=folder.logs,
        rush=rush,
        command=command,
    )


def _lines(kept: dict[str, str]) -> list[str]:
    """Return a line for every user: address, password, role and place."""
    return [
        f"  {user.email:23} {kept[user.password_name]:23} {_place(plan, user)}"
        for plan in DISTRICTS
        for user in plan.users
    ]


def _place(plan: DemoDistrict, user: DemoUser) -> str:
    count = len(user.schools)
    where = plan.name
    if count:
        where = f"{count} school{'s' if count > 1 else ''} of {plan.name}"
    return f"{user.role.label}, {where}"
