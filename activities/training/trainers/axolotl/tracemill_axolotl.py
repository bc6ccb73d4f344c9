"""Axolotl's way in for the callback that Tracemill brings. To be listed under `plugins`."""

import tracemill_watch
from axolotl.integrations.base import BasePlugin


class TracemillPlugin(BasePlugin):
    def add_callbacks_pre_trainer(self, cfg, model):
        return [tracemill_watch.watch()]
