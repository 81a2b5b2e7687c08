<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * Fotopoort gave no answer; its code is the text that says so: away, key, settings, or ledger where this site cannot note it.
 */
final class Unavailable extends \RuntimeException
{
    public function __construct(public readonly string $text = 'away')
    {
        parent::__construct($text);
    }
}
