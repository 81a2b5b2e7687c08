<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Texts;

/**
 * What becomes of a file.
 */
final class Screened
{
    /**
     * @param ?State $state null: it may stay as it is
     * @param ?string $bytes what takes its place; null: nothing does
     * @param array{nl: string, en: string} $sentence why
     */
    public function __construct(
        public readonly ?State $state,
        public readonly ?string $bytes = null,
        public readonly ?int $photo = null,
        public readonly array $sentence = ['nl' => '', 'en' => ''],
    ) {
    }

    public function sentence(): string
    {
        return $this->sentence[Texts::language()];
    }

    /** Its name, when what takes its place is a JPEG. */
    public static function jpegName(string $name): string
    {
        return preg_match('/\.jpe?g$/i', $name) ? $name : (preg_replace('/\.[^.\/]*$/', '', $name) ?: 'photo') . '.jpg';
    }
}
