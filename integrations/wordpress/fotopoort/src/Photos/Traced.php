<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Plugin;
use Fotopoort\Texts;

/**
 * An image editor that notes its source when it opens it, and what it saves. Pixels of a source that is not in the
 * ledger, or no longer, do not get into uploads/: they would stand there after a verdict that took the photo away.
 */
trait Traced
{
    /** SHA-256 of the file whose pixels are in memory. */
    private ?string $opened = null;

    public function load()
    {
        $this->opened ??= Ledger::hash((string) $this->file);
        return parent::load();
    }

    protected function _save($image, $filename = null, $mime_type = null)
    {
        $ledger = Plugin::get()->ledger;
        $unseen = new \WP_Error('fotopoort_unseen', Texts::get('unseen'));
        $mustBeSeen = self::isInUploads((string) ($filename ?: $this->file));
        if ($mustBeSeen && $ledger->clearedFor($this->opened) === null) {
            return $unseen;
        }
        $saved = parent::_save($image, $filename, $mime_type);
        $sha256 = is_array($saved) ? Ledger::hash((string) $saved['path']) : null;
        if ($sha256 === null) {
            return $saved;
        }
        // Asked again: the photo may have been called back while its pixels were written.
        $source = $ledger->clearedFor($this->opened);
        if ($source !== null) {
            $ledger->clear($sha256, $source, $mustBeSeen ? (string) $saved['path'] : '');
        } elseif ($mustBeSeen) {
            wp_delete_file($saved['path']);
            return $unseen;
        }
        return $saved;
    }

    private static function isInUploads(string $path): bool
    {
        $uploads = (string) wp_upload_dir(null, false)['basedir'];
        $within = static fn(string $inner, string $outer): bool => str_starts_with("$inner/", rtrim($outer, '/') . '/');
        $folder = dirname($path);
        return $within(wp_normalize_path($folder), wp_normalize_path($uploads))
            || $within((string) realpath($folder), realpath($uploads) ?: $uploads);
    }
}
