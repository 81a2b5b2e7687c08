<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * A row of the ledger: a photo that was asked about. Its file name is in the attachment alone.
 */
final class Photo
{
    /**
     * @param string $source SHA-256 of what came in
     * @param ?string $rendition SHA-256 of what may be placed
     * @param ?string $review page where a person can answer
     * @param ?string $held name of the sealed original's file, see Hold
     * @param bool $found whether it was met in the library, and not on its way in
     */
    public function __construct(
        public readonly int $id,
        public readonly string $source,
        public readonly ?string $rendition,
        public readonly State $state,
        public readonly string $nl,
        public readonly string $en,
        public readonly ?string $review,
        public readonly ?string $held,
        public readonly bool $found,
    ) {
    }

    /** @param array<string, mixed> $row */
    public static function fromRow(array $row): self
    {
        return new self(
            (int) $row['id'],
            (string) $row['source'],
            $row['rendition'] === null ? null : (string) $row['rendition'],
            State::from((string) $row['state']),
            (string) $row['nl'],
            (string) $row['en'],
            $row['review'] === null ? null : (string) $row['review'],
            $row['held'] === null ? null : (string) $row['held'],
            (bool) $row['found'],
        );
    }

    public function sentence(): string
    {
        return \Fotopoort\Texts::language() === 'nl' ? $this->nl : $this->en;
    }
}
