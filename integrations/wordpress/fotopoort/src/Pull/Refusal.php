<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

/**
 * A message of the school, or of somebody else, that is not taken.
 */
final class Refusal extends \RuntimeException
{
    public function __construct(public readonly int $status, public readonly string $reason)
    {
        parent::__construct($reason);
    }
}
