<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * An image editor that notes its source when it opens it, and what it saves.
 */
trait Traced
{
    private ?int $source = null;
    private bool $isOpened = false;

    public function load()
    {
        if (!$this->isOpened) {
            $this->source = \Fotopoort\Plugin::get()->ledger->clearedFor(Ledger::hash((string) $this->file));
            $this->isOpened = true;
        }
        return parent::load();
    }

    protected function _save($image, $filename = null, $mime_type = null)
    {
        $saved = parent::_save($image, $filename, $mime_type);
        $sha256 = is_array($saved) ? Ledger::hash((string) $saved['path']) : null;
        if ($sha256 !== null && $this->source !== null) {
            \Fotopoort\Plugin::get()->ledger->clear($sha256, $this->source);
        }
        return $saved;
    }
}
