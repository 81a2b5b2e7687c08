<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * Fotopoort will not judge what it was sent, with its own sentence.
 */
final class Refused extends \RuntimeException
{
    public function __construct(public readonly string $reason, string $sentence)
    {
        parent::__construct($sentence);
    }
}
