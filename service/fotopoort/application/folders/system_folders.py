"""Folders that a NAS, a computer or a program keeps for itself: bins, thumbnails, snapshots, indexes, databases.

What lies in them was thrown away, is a small or earlier copy of a photo that lies elsewhere, or is none. The names are
those that the makers document or that their devices are seen to write. A folder that people could have named so
themselves is not among them (`Recycle` may be about a project; `thumbnails` may hold the only copies). Those that begin
with a dot are passed over as hidden ones, whatever they are.
"""

from __future__ import annotations

import re
from typing import Final

_EXACT: Final = (
    # Synology DSM
    *"@eaDir #recycle #snapshot @tmp @sharebin @sharesnap @database @appdata @appconf @appstore @apphome".split(),
    *"@apptemp @docker @cloudsync @cloudstation @SynoDrive @synologydrive @img_bkp_cache @S2S @iSCSI".split(),
    *"@quarantine @userpreference @spool @autoupdate @download @surveillance @photostation @synoconfd".split(),
    *"@syslog @SynoFinder-log".split(),
    # QNAP, Btrfs, NetApp
    *"@Recycle @Recently-Snapshot @__thumb @__qini @snapshot @snapshots ~snapshot".split(),
    # Windows
    *"$RECYCLE.BIN RECYCLER $WINDOWS.~BT Thumbs".split(),
    "System Volume Information",
    # macOS, on shares and in ZIP files
    "__MACOSX",
    "Network Trash Folder",
    "Temporary Items",
    "TheVolumeSettingsFolder",
    # Linux and Android
    *"lost+found LOST.DIR".split(),
    # Nextcloud and ownCloud, seen from below
    *"files_trashbin files_versions files_encryption".split(),
)
_LABELS: Final = {name.casefold(): name for name in _EXACT}
_PATTERNS: Final = {
    "appdata_*": re.compile(r"appdata_(oc)?[a-z0-9]{8,}"),  # Nextcloud's previews, by the id of the installation
    "found.*": re.compile(r"found\.\d{3}"),  # what chkdsk puts together again
    "*.lrdata": re.compile(r".+\.lrdata"),  # Lightroom's previews
    "*.lrlibrary": re.compile(r".+\.lrlibrary"),
    "*.photoslibrary": re.compile(r".+\.(photoslibrary|photolibrary|migratedphotolibrary|aplibrary)"),
    "*.cocatalog": re.compile(r".+\.(cocatalog|cosessiondb)"),  # Capture One
}


def system_folder(name: str) -> str | None:
    """What kind of system folder has this name, whatever its case, as it can be shown; None: it is none, or hidden."""
    folded = name.casefold()
    if label := _LABELS.get(folded):
        return label
    return next((label for label, pattern in _PATTERNS.items() if pattern.fullmatch(folded)), None)
