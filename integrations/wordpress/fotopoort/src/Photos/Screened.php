<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Texts;

/**
 * What becomes of a file.
 */
final class Screened
{
    /** Of a file whose own name nobody looked at yet; and with the number that WordPress gives one of several. */
    private const NEUTRAL = 'foto.jpg';
    private const NEUTRALS = '/^foto(-\d+)?\.jpg$/';

    /**
     * @param ?State $state null: it may stay as it is
     * @param ?string $bytes what takes its place; null: nothing does
     * @param array{nl: string, en: string} $sentence why
     * @param bool $isRead whether its name was looked at
     */
    public function __construct(
        public readonly ?State $state,
        public readonly ?string $bytes = null,
        public readonly ?int $photo = null,
        public readonly array $sentence = ['nl' => '', 'en' => ''],
        public readonly bool $isRead = true,
    ) {
    }

    public function sentence(): string
    {
        return $this->sentence[Texts::language()];
    }

    /** The name under which what takes its place is placed. */
    public function name(string $name): string
    {
        return $this->isRead ? self::jpegName($name) : self::NEUTRAL;
    }

    public static function isNeutral(string $path): bool
    {
        return preg_match(self::NEUTRALS, basename($path)) === 1;
    }

    /** Its name, when what takes its place is a JPEG. */
    public static function jpegName(string $name): string
    {
        return preg_match('/\.jpe?g$/i', $name) ? $name : (preg_replace('/\.[^.\/]*$/', '', $name) ?: 'photo') . '.jpg';
    }
}
